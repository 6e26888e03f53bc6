"""Which day a moment belongs to at a door, and which days a badge is for after the expo has moved. Pure.

A day at a door does not end at midnight: until the turn-over hour a moment belongs to the day before, where that day
is one of the expo's. Scans, figures and the end of a day all ask here; `static/js/door/expo_day.js` is the same rule
for the page at the door, held to it by common test cases.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TURN_OVER = time(4)
# One byte of a badge token, and so the longest that a ticket can be valid.
MAX_DAYS = 255
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayRange:
    """Consecutive days, both ends included."""

    first: date
    last: date

    @classmethod
    def of(cls, first: date, days: int) -> "DayRange":
        """Return the range of so many days from `first`."""
        return cls(first, first + timedelta(days=days - 1))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class DoorCalendar:
    """The days of an expo as its doors count them."""

    expo: DayRange
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        """Return the day that a moment belongs to."""
        here = moment.astimezone(self.zone)
        before = here.date() - _ONE_DAY
        return before if here.time() < TURN_OVER and self.expo.holds(before) else here.date()

    def begins_at(self, day: date) -> datetime:
        """Return the moment, in UTC, at which a day begins: at the turn-over hour after a day of the expo."""
        begins = TURN_OVER if self.expo.holds(day - _ONE_DAY) else time()
        return datetime.combine(day, begins, self.zone).astimezone(UTC)

    def ends_at(self, day: date) -> datetime:
        """Return the moment, in UTC, at which a day is over: the next begins."""
        return self.begins_at(day + _ONE_DAY)


def move_days(valid: DayRange, before: DayRange, after: DayRange) -> DayRange:
    """Return the days that a ticket is for once the expo's days have changed from `before` to `after`.

    - A ticket for all days stays one for all days.
    - When the expo moves as a whole (as many days, or none in common), a ticket for particular days moves with it:
      the second day stays the second day.
    - When days are only added or taken away, a ticket keeps its dates, without those taken away.
    - A ticket none of whose days is left is for the nearest day that there is: nobody holds a ticket for nothing.
    """
    if before == after:
        return valid
    if valid.first <= before.first and valid.last >= before.last:
        first = after.first - (before.first - valid.first)
        return DayRange.of(first, min((after.last + (valid.last - before.last) - first).days + 1, MAX_DAYS))
    moves_whole = before.days == after.days or before.last < after.first or after.last < before.first
    by = after.first - before.first if moves_whole else timedelta()
    return DayRange(*(min(max(day + by, after.first), after.last) for day in (valid.first, valid.last)))
