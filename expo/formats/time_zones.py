"""Time zones as iCalendar describes them: rules that go on for years, not a list of dates."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# How many years a rule must hold to be written as one.
_YEARS = 8


def describe_zone(zone: ZoneInfo, year: int) -> Timezone:
    """Return a VTIMEZONE valid from the beginning of a year: with an RRULE for each change that comes every year."""
    described = Timezone()
    described.add("tzid", zone.key)
    changes = _changes(zone, year)
    later = [_changes(zone, year + more) for more in range(1, _YEARS)]
    if not changes:
        described.add_component(_observance(datetime(year, 1, 1, tzinfo=UTC), zone, None))
        return described
    before = changes[0] - timedelta(days=180)
    described.add_component(_observance(before, zone, None))
    for number, moment in enumerate(changes):
        rules = [_rules(moment, zone)]
        rules += [_rules(each[number], zone) for each in later if len(each) == len(changes)]
        common = set.intersection(*rules) if len(rules) == _YEARS else set()
        described.add_component(_observance(moment, zone, max(common) if common else None))
    return described


def _changes(zone: ZoneInfo, year: int) -> list[datetime]:
    """Return the moments of a year, in UTC to the minute, from which clocks show another offset."""
    found = []
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        following = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                moment = day + timedelta(minutes=middle)
                same = moment.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(day + timedelta(minutes=high))
        day = following
    return found


def _before(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment - timedelta(minutes=1)).astimezone(zone)


def _onset(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the local time at which the change comes, by the clock before it."""
    return (moment + (_before(moment, zone).utcoffset() or timedelta())).replace(tzinfo=None)


def _rules(moment: datetime, zone: ZoneInfo) -> set[tuple[int, int, str]]:
    """Return what may be the rule of a change: month, which such weekday of it (-1 is the last), weekday."""
    onset = _onset(moment, zone)
    weekday = _DAYS[onset.weekday()]
    found = {(onset.month, (onset.day - 1) // 7 + 1, weekday)}
    if (onset + timedelta(days=7)).month != onset.month:
        found.add((onset.month, -1, weekday))
    return {rule for rule in found if rule[1] != 5}  # noqa: PLR2004 - no month has a fifth Sunday every year


def _observance(
    moment: datetime, zone: ZoneInfo, rule: tuple[int, int, str] | None
) -> TimezoneStandard | TimezoneDaylight:
    local = moment.astimezone(zone)
    part = TimezoneDaylight() if local.dst() else TimezoneStandard()
    part.add("dtstart", _onset(moment, zone))
    part.add("tzoffsetfrom", _before(moment, zone).utcoffset())
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname() or zone.key)
    if rule:
        month, number, weekday = rule
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": month, "BYDAY": f"{number}{weekday}"}))
    return part
