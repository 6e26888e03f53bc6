"""Times at which several people can meet: on a common day, with nothing else on, and with time to walk there.

Everybody in a group can represent the others, so one free person of each group is enough; a group of one must be free.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

# Times are stored in steps of this length; lengths and pauses are multiples of it.
STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time for a meeting, and the day it belongs to."""

    starts_at: datetime
    ends_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Engagement:
    """A time at which somebody is busy, and the hall they are in; empty if it does not matter."""

    starts_at: datetime
    ends_at: datetime
    hall: str = ""


@dataclass(frozen=True, slots=True)
class Diary:
    """When somebody is there, and when they are busy. With `days` None they are there on every day."""

    days: frozenset[date] | None = None
    engagements: tuple[Engagement, ...] = ()


class Obstacle(StrEnum):
    """Why no slot is free."""

    NO_SLOTS = "no_slots"
    NO_COMMON_DAY = "no_common_day"
    NOBODY_FREE = "nobody_free"
    NO_COMMON_TIME = "no_common_time"
    NO_TABLE = "no_table"


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """The slots in which everybody is free; without any, why, and the group that has no free time at all."""

    slots: tuple[Slot, ...] = ()
    obstacle: Obstacle | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True)
class SlotGrid:
    """The slots of the days: from opening to closing (minutes of the day), each of a length, with a pause after it."""

    zone: ZoneInfo
    hours: dict[date, tuple[int, int]] = field(default_factory=dict)
    minutes: int = 25
    pause: int = 5

    def slots(self) -> list[Slot]:
        """Return all slots in order."""
        found = []
        for day, (opens, closes) in sorted(self.hours.items()):
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            for minute in range(opens, closes - self.minutes + 1, self.minutes + self.pause):
                starts_at = midnight + timedelta(minutes=minute)
                found.append(Slot(starts_at, starts_at + timedelta(minutes=self.minutes), day))
        return found


def find_free_slots(
    slots: Sequence[Slot],
    groups: Sequence[Sequence[Diary]],
    *,
    hall: str = "",
    pause: timedelta = timedelta(0),
    walk: timedelta = timedelta(0),
) -> FreeSlots:
    """Return the slots in which at least one of each group is free.

    Before and after an engagement there is a pause, and if it is in another hall, time to walk.
    """
    if not slots:
        return FreeSlots(obstacle=Obstacle.NO_SLOTS)
    days = {slot.day for slot in slots}
    for group in groups:
        days &= {day for day in days if any(each.days is None or day in each.days for each in group)}
    if not days:
        return FreeSlots(obstacle=Obstacle.NO_COMMON_DAY)
    possible = [slot for slot in slots if slot.day in days]
    # Moments as seconds: comparing those of different time zones would take most of the time.
    spans = [(_seconds(slot.starts_at), _seconds(slot.ends_at)) for slot in possible]
    free = set(range(len(possible)))
    for number, group in enumerate(groups):
        of_group: set[int] = set()
        for diary in group:
            there = {index for index, slot in enumerate(possible) if diary.days is None or slot.day in diary.days}
            of_group |= there - _busy_of(spans, diary, hall, pause, walk)
            if len(of_group) == len(possible):
                break
        if not of_group:
            return FreeSlots(obstacle=Obstacle.NOBODY_FREE, group=number)
        free &= of_group
    if not free:
        return FreeSlots(obstacle=Obstacle.NO_COMMON_TIME)
    return FreeSlots(tuple(possible[index] for index in sorted(free)))


def steps_between(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the beginning of each step that the time from `starts_at` to `ends_at` touches."""
    step = int(STEP.total_seconds())
    first = int(starts_at.timestamp()) // step * step
    base = starts_at - timedelta(seconds=starts_at.timestamp() - first)
    count = -(-int(ends_at.timestamp() - first) // step)
    return [base + n * STEP for n in range(count)]


def _busy_of(spans: Sequence[tuple[int, int]], diary: Diary, hall: str, pause: timedelta, walk: timedelta) -> set[int]:
    """Return the positions of the slots that overlap one person's engagements."""
    starts = [begins for begins, _ in spans]
    longest = max((ends - begins for begins, ends in spans), default=0)
    pause_seconds, walk_seconds = int(pause.total_seconds()), int(walk.total_seconds())
    busy: set[int] = set()
    for each in diary.engagements:
        gap = max(pause_seconds, walk_seconds) if hall and each.hall and each.hall != hall else pause_seconds
        begins, ends = _seconds(each.starts_at) - gap, _seconds(each.ends_at) + gap
        # Only slots that begin shortly before or within the engagement can overlap it.
        near = range(bisect_left(starts, begins - longest), bisect_left(starts, ends))
        busy.update(index for index in near if spans[index][1] > begins)
    return busy


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
