"""Presence in zones, computed from the passages into them and out of them. Pure.

The time of each scan counts, not the time at which it reached us: the same passages give the same result in any order
of arrival. At the same moment an entry precedes an exit, a regular passage a forced one, and the lower scan id a higher
one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from expo.pure.door_days import DoorCalendar


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that moved its holder in or out. `is_forced` is a second entry that was allowed, and counts as one."""

    at: datetime
    is_entry: bool
    scan_id: str
    is_forced: bool = False
    zone_id: int = 0
    checkpoint_id: int | None = None
    # How many people the badge admits: a group passes with one scan.
    people: int = 1

    @property
    def order(self) -> tuple[datetime, bool, bool, str]:
        """The sort key of passages."""
        return self.at, not self.is_entry, self.is_forced, self.scan_id


@dataclass(frozen=True, slots=True)
class Standing:
    """The result of passages, none of them later than `as_of`, which is None before the first."""

    is_inside: bool = False
    entries: int = 0
    first_scan_id: str | None = None
    # The day of the last entry, and the number of entries on it.
    day: date | None = None
    entries_today: int = 0
    # The current or last entry, and where it was.
    entered_at: datetime | None = None
    checkpoint_id: int | None = None
    left_at: datetime | None = None
    as_of: datetime | None = None
    # How many people the current or last entry admitted.
    people: int = 1

    @property
    def people_inside(self) -> int:
        """How many people are inside with this badge."""
        return self.people if self.is_inside else 0


OUTSIDE = Standing()


def fold_passages(
    passages: Iterable[Passage], zone_ids: Sequence[int], calendar: DoorCalendar, until: datetime | None
) -> dict[int, Standing]:
    """Fold the passages of one attendee into their standing in each zone as of `until`.

    The zones exclude each other: entering one leaves the others. With `until` None, people stay inside after the end of
    their day.
    """
    standings = dict.fromkeys(zone_ids, OUTSIDE)
    for passage in sorted(passages, key=lambda each: each.order):
        apply_passage(standings, passage, calendar)
    if until is None:
        return standings
    return {zone_id: end_day(each, calendar, until) for zone_id, each in standings.items()}


def apply_passage(standings: dict[int, Standing], passage: Passage, calendar: DoorCalendar) -> None:
    """Update the standings in zones that exclude each other by a passage later than all before."""
    for zone_id, each in standings.items():
        standing = end_day(each, calendar, passage.at)
        if zone_id == passage.zone_id:
            standing = _apply_passage(standing, passage, calendar.day_of(passage.at))
        elif passage.is_entry and standing.is_inside:
            standing = replace(standing, is_inside=False, left_at=passage.at, as_of=passage.at)
        standings[zone_id] = standing


def end_day(standing: Standing, calendar: DoorCalendar, now: datetime) -> Standing:
    """Return the standing with presence ended if the day of the entry is over by `now`, even without an exit scan."""
    if not standing.is_inside or standing.entered_at is None:
        return standing
    over_at = calendar.ends_at(calendar.day_of(standing.entered_at))
    return replace(standing, is_inside=False, left_at=over_at) if over_at <= now else standing


def _apply_passage(standing: Standing, passage: Passage, day: date) -> Standing:
    at = passage.at
    if passage.is_entry and standing.is_inside and not passage.is_forced:
        return replace(standing, as_of=at)
    if passage.is_entry:
        return Standing(
            is_inside=True,
            entries=standing.entries + 1,
            first_scan_id=standing.first_scan_id or passage.scan_id,
            day=day,
            entries_today=standing.entries_today + 1 if standing.day == day else 1,
            entered_at=at,
            checkpoint_id=passage.checkpoint_id,
            as_of=at,
            people=passage.people,
        )
    if standing.is_inside:
        return replace(standing, is_inside=False, left_at=at, as_of=at)
    return replace(standing, as_of=at)
