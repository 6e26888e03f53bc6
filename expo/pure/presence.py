"""Whether somebody is inside, from the passages through one door. Pure.

What counts is when each scan was made, not when it reached us: the same passages in any order of arrival come to the
same. At the same moment an entry comes before an exit, one that was forced after the other, and then the lower scan id.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from expo.pure.door_days import DoorCalendar


@dataclass(frozen=True, slots=True)
class Passage:
    """One scan that says where its holder went. `is_forced` is a second entry that a steward insisted on."""

    at: datetime
    is_entry: bool
    scan_id: str
    is_forced: bool = False

    @property
    def order(self) -> tuple[datetime, bool, bool, str]:
        """What passages are sorted by."""
        return self.at, not self.is_entry, self.is_forced, self.scan_id


@dataclass(frozen=True, slots=True)
class Standing:
    """What passages come to. No passage is later than `as_of`, which is None before the first."""

    is_inside: bool = False
    entries: int = 0
    first_scan_id: str | None = None
    # The entry that stands, or stood last.
    entered_at: datetime | None = None
    left_at: datetime | None = None
    as_of: datetime | None = None


def stand(passages: Iterable[Passage], calendar: DoorCalendar, until: datetime | None) -> Standing:
    """Return what passages come to by `until`; None leaves people inside whose day is over."""
    standing = Standing()
    for passage in sorted(passages, key=lambda each: each.order):
        standing = _pass(end_day(standing, calendar, passage.at), passage)
    return end_day(standing, calendar, until) if until else standing


def end_day(standing: Standing, calendar: DoorCalendar, now: datetime) -> Standing:
    """Return the standing once the day of the entry is over by `now`: who was not scanned out has gone home."""
    if not standing.is_inside or standing.entered_at is None:
        return standing
    over_at = calendar.ends_at(calendar.day_of(standing.entered_at))
    return replace(standing, is_inside=False, left_at=over_at) if over_at <= now else standing


def _pass(standing: Standing, passage: Passage) -> Standing:
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
