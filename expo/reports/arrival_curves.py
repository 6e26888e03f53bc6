"""When people arrive: learned from days that are over, of this expo or the one before, or as at trade fairs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from expo.checkin.queries.arrivals import QUARTER_SECONDS, count_arrivals, list_first_arrivals
from expo.checkin.rules.alarms import Curve
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.cache import get_recent
from expo.pure.forecast import QUARTERS_PER_DAY, default_profile, learn_profile

# A day with fewer arrivals says little about when people come.
MIN_ARRIVALS = 50
# Of a day that is over only a device's queue changes anything.
CURVE_SECONDS = 300.0


@dataclass(frozen=True)
class ArrivalsCurve:
    """The share of the arrivals in each quarter hour of a day.

    `source`: what it was learned from; `arrivals`: how many of them; `edition`: the title of the previous expo.
    """

    source: Curve
    profile: tuple[float, ...]
    arrivals: int = 0
    edition: dict[str, str] | None = None


def choose_curve(edition: EditionFacts, day: date, wanted: Curve) -> ArrivalsCurve:
    """Return the curve for a day of an expo; the built-in one if days that are over have too few arrivals."""
    recent, key = get_recent(), ("arrival_curve", edition.id, day, wanted)
    curve: ArrivalsCurve | None = recent.get(key)
    if curve is None:
        curve = _find_curve(edition, day, wanted)
        recent.set(key, curve, CURVE_SECONDS)
    return curve


def _find_curve(edition: EditionFacts, day: date, wanted: Curve) -> ArrivalsCurve:
    if wanted in (Curve.AUTOMATIC, Curve.PREVIOUS_DAYS):
        found = _learn(edition, [each for each in edition.days if each < day], Curve.PREVIOUS_DAYS)
        if found is not None:
            return found
    if wanted in (Curve.AUTOMATIC, Curve.PREVIOUS_EDITION):
        found = _learn_from_editions(edition, edition.days.index(day) if day in edition.days else 0)
        if found is not None:
            return found
    return ArrivalsCurve(Curve.BUILT_IN, default_profile())


def _learn_from_editions(edition: EditionFacts, place: int) -> ArrivalsCurve | None:
    """Return the curve of the same day of the latest expo before that has arrivals: first days differ from others."""
    before = [each for each in list_editions() if each.ends_on < edition.starts_on]
    for each in sorted(before, key=lambda one: one.starts_on, reverse=True):
        found = _learn(each, [each.days[min(place, len(each.days) - 1)]], Curve.PREVIOUS_EDITION)
        if found is not None:
            return found
    return None


def _learn(edition: EditionFacts, days: Iterable[date], source: Curve) -> ArrivalsCurve | None:
    calendar = edition.door_calendar
    arrivals: Counter[int] = Counter()
    for day in days:
        firsts = list_first_arrivals(edition.id, calendar.begins_at(day), calendar.ends_at(day))
        arrivals += sum_quarters(count_arrivals(firsts.values()), midnight_of(edition, day))
    if arrivals.total() < MIN_ARRIVALS:
        return None
    profile = learn_profile([arrivals[place] for place in range(QUARTERS_PER_DAY)])
    return ArrivalsCurve(source, profile, arrivals.total(), edition.title)


def midnight_of(edition: EditionFacts, day: date) -> datetime:
    """Return when a day begins in the expo's time zone."""
    return datetime.combine(day, time(), edition.zone)


def sum_quarters(counted: Counter[tuple[int, datetime]], midnight: datetime) -> Counter[int]:
    """Return the arrivals by the number of the quarter hour from midnight; those after the next one count as last."""
    by_quarter: Counter[int] = Counter()
    for (_checkpoint_id, quarter), people in counted.items():
        place = int((quarter - midnight).total_seconds()) // QUARTER_SECONDS
        by_quarter[min(max(place, 0), QUARTERS_PER_DAY - 1)] += people
    return by_quarter
