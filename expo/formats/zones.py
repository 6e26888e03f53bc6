"""Time zone definitions for calendars (RFC 5545, 3.6.5): clock changes as yearly rules."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vRecur

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_STEP = timedelta(days=1)
# The number of years for which a rule must hold.
_YEARS = 3


@dataclass(frozen=True)
class Change:
    """A clock change: `at` is the local time before it, naive."""

    at: datetime
    offset_before: timedelta
    offset_after: timedelta
    name: str
    is_daylight: bool


def describe_zone(zone: ZoneInfo, year: int) -> Timezone:
    """Return the VTIMEZONE of a zone from a year on, with yearly changes as RRULE and others as RDATE."""
    described = Timezone()
    described.add("tzid", zone.key)
    changes = [each for n in range(_YEARS) for each in list_changes(zone, year + n)]
    if not changes:
        described.add_component(_fixed_offset(zone, year))
        return described
    for is_daylight in (False, True):
        of_kind = [each for each in changes if each.is_daylight is is_daylight]
        if of_kind:
            described.add_component(_component(of_kind))
    return described


def list_changes(zone: ZoneInfo, year: int) -> list[Change]:
    """Return the clock changes of a zone in a year, to the second."""
    found = []
    moment = datetime(year, 1, 1, tzinfo=UTC)
    while moment.year == year:
        later = moment + _STEP
        if _offset(zone, moment) != _offset(zone, later):
            found.append(_change(zone, moment, later))
        moment = later
    return found


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> Change:
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle == low:
            break
        low, high = (middle, high) if _offset(zone, middle) == _offset(zone, low) else (low, middle)
    before, after = _offset(zone, low), _offset(zone, high)
    local = high.astimezone(zone)
    return Change((high + before).replace(tzinfo=None), before, after, local.tzname() or "", after > before)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _component(changes: list[Change]) -> TimezoneStandard | TimezoneDaylight:
    first = changes[0]
    component = TimezoneDaylight() if first.is_daylight else TimezoneStandard()
    component.add("dtstart", first.at)
    component.add("tzoffsetfrom", first.offset_before)
    component.add("tzoffsetto", first.offset_after)
    component.add("tzname", first.name)
    rule = _rule(changes)
    if rule is not None:
        component.add("rrule", vRecur(rule))
    else:
        for change in changes[1:]:
            component.add("rdate", vDatetime(change.at))
    return component


def _rule(changes: list[Change]) -> dict[str, object] | None:
    """Return the yearly rule that all changes follow, such as the last Sunday in March; None if they follow none."""
    if len(changes) != _YEARS or len({(each.at.month, each.at.time(), each.at.weekday()) for each in changes}) != 1:
        return None
    numbers = {(each.at.day - 1) // 7 + 1 for each in changes}
    is_last = all((each.at + timedelta(days=7)).month != each.at.month for each in changes)
    if not is_last and len(numbers) != 1:
        return None
    number = -1 if is_last else numbers.pop()
    first = changes[0].at
    return {"freq": "yearly", "bymonth": first.month, "byday": f"{number}{_DAYS[first.weekday()]}"}


def _fixed_offset(zone: ZoneInfo, year: int) -> TimezoneStandard:
    moment = datetime(year, 1, 1, tzinfo=zone)
    component = TimezoneStandard()
    component.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local time, as the format wants it
    component.add("tzoffsetfrom", moment.utcoffset())
    component.add("tzoffsetto", moment.utcoffset())
    component.add("tzname", moment.tzname() or zone.key)
    return component
