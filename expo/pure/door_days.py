"""The day that a moment belongs to at a door, and the days of a badge after the expo has been rescheduled. Pure.

A day at a door does not end at midnight: until the turnover hour a moment belongs to the previous day, if that is a day
of the expo. Scans, figures and the end of a day all use this module; `static/js/door/expo_day.js` implements the same
rule for the scanner page, checked against the same test cases.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TURN_OVER = time(4)
# One byte in a badge token, so a ticket cannot be valid longer.
MAX_DAYS = 255
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayRange:
    """Consecutive days, both ends included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, days: int) -> "DayRange":
        """Return the range of `days` days starting on `first`."""
        return cls(first, first + timedelta(days=days - 1))

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """Whether the range includes `day`."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class DoorCalendar:
    """The days of an expo at its doors."""

    expo: DayRange
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        """Return the day to which a moment belongs."""
        here = moment.astimezone(self.zone)
        before = here.date() - _ONE_DAY
        return before if here.time() < TURN_OVER and self.expo.holds(before) else here.date()

    def begins_at(self, day: date) -> datetime:
        """Return the start of a day in UTC: midnight, or the turnover hour after a day of the expo."""
        begins = TURN_OVER if self.expo.holds(day - _ONE_DAY) else time()
        return datetime.combine(day, begins, self.zone).astimezone(UTC)

    def ends_at(self, day: date) -> datetime:
        """Return the end of a day in UTC: the start of the next."""
        return self.begins_at(day + _ONE_DAY)


def move_days(valid: DayRange, before: DayRange, after: DayRange) -> DayRange:
    """Return the days of a ticket after the expo's days have changed from `before` to `after`.

    - A ticket for all days remains valid on all days.
    - If the expo moves as a whole (same number of days, or none in common), a ticket for particular days moves too:
      the second day stays the second day.
    - If days are only added or removed, a ticket retains its dates, without the removed ones.
    - A ticket without any remaining day becomes valid on the nearest day, so that no ticket is worthless.
    """
    if before == after:
        return valid
    if valid.first <= before.first and valid.last >= before.last:
        first = after.first - (before.first - valid.first)
        return DayRange.of(first, min((after.last + (valid.last - before.last) - first).days + 1, MAX_DAYS))
    moves_whole = before.days == after.days or before.last < after.first or after.last < before.first
    by = after.first - before.first if moves_whole else timedelta()
    return DayRange(*(min(max(day + by, after.first), after.last) for day in (valid.first, valid.last)))
