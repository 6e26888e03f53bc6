"""Presence at one checkpoint, computed from the passages through it. Pure.

The time of each scan counts, not the time at which it reached us: the same passages give the same result in any order
of arrival. At the same moment an entry precedes an exit, a regular passage a forced one, and the lower scan id a higher
one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from expo.pure.door_days import DoorCalendar


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that moved its holder in or out. `is_forced` is a second entry that a steward allowed."""

    at: datetime
    is_entry: bool
    scan_id: str
    is_forced: bool = False

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
    # The current or last entry.
    entered_at: datetime | None = None
    left_at: datetime | None = None
    as_of: datetime | None = None


def stand(passages: Iterable[Passage], calendar: DoorCalendar, until: datetime | None) -> Standing:
    """Fold passages into a standing as of `until`; with None, people stay inside after the end of their day."""
    standing = Standing()
    for passage in sorted(passages, key=lambda each: each.order):
        standing = _apply_passage(end_day(standing, calendar, passage.at), passage)
    return end_day(standing, calendar, until) if until else standing


def end_day(standing: Standing, calendar: DoorCalendar, now: datetime) -> Standing:
    """Return the standing with presence ended if the day of the entry is over by `now`, even without an exit scan."""
    if not standing.is_inside or standing.entered_at is None:
        return standing
    over_at = calendar.ends_at(calendar.day_of(standing.entered_at))
    return replace(standing, is_inside=False, left_at=over_at) if over_at <= now else standing


def _apply_passage(standing: Standing, passage: Passage) -> Standing:
    at = passage.at
    if passage.is_entry and standing.is_inside:
        return replace(standing, entries=standing.entries + passage.is_forced, as_of=at)
    if passage.is_entry:
        first = standing.first_scan_id or passage.scan_id
        return Standing(
            is_inside=True,
            entries=standing.entries + 1,
            first_scan_id=first,
            entered_at=at,
            as_of=at,
        )
    if standing.is_inside:
        return replace(standing, is_inside=False, left_at=at, as_of=at)
    return replace(standing, as_of=at)
