"""Places of sessions in the draft timetable, and which change an undo or redo reverts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from expo.errors import Invalid
from expo.pure.door_days import TURN_OVER

# A session that begins earlier in the morning belongs to the programme of the day before.
DAY_BEGINS = TURN_OVER
MIN_DURATION = timedelta(minutes=5)
MAX_DURATION = timedelta(hours=48)
# The largest accepted value of the walking time and of the pause between sessions.
MAX_CHECK_MINUTES = 120


@dataclass(frozen=True)
class Slot:
    """A place in the timetable: a room, which may still be open, and the times."""

    room_id: int | None
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Step:
    """One change that a person made: its revision, and the revision that it undoes (None for an ordinary change)."""

    revision: int
    undoes: int | None = None


@dataclass(frozen=True)
class History:
    """The revisions that a person can revert next: by undo, and by redo."""

    to_undo: int | None = None
    to_redo: int | None = None


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day of the programme to which a moment belongs."""
    local = moment.astimezone(zone)
    return local.date() - timedelta(days=1) if local.time() < DAY_BEGINS else local.date()


def day_begins_at(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day of the programme."""
    return datetime.combine(day, DAY_BEGINS, zone)


def moment_on_day(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a time on a day of the programme: early in the morning it is the next date."""
    return datetime.combine(day + timedelta(days=1) if clock < DAY_BEGINS else day, clock, zone)


def check_duration(slot: Slot) -> None:
    """Check that a session has a possible duration. Raises Invalid `duration_out_of_range`."""
    if not MIN_DURATION <= slot.ends_at - slot.starts_at <= MAX_DURATION:
        raise Invalid("duration_out_of_range", field="minutes", minimum=5, maximum=48)


def check_minutes(walking: int, buffer: int) -> None:
    """Check the minutes that the conflict checks use. Raises Invalid `minutes_out_of_range`."""
    for field, value in (("walking_minutes", walking), ("buffer_minutes", buffer)):
        if not 0 <= value <= MAX_CHECK_MINUTES:
            raise Invalid("minutes_out_of_range", field=field, maximum=MAX_CHECK_MINUTES)


def slot_to_json(slot: Slot | None) -> dict[str, Any] | None:
    """Return a slot as the log of changes stores it."""
    if slot is None:
        return None
    return {"room_id": slot.room_id, "starts_at": slot.starts_at.isoformat(), "ends_at": slot.ends_at.isoformat()}


def slot_from_json(stored: Mapping[str, Any] | None) -> Slot | None:
    """Return the slot that the log of changes stores."""
    if stored is None:
        return None
    return Slot(
        stored["room_id"], datetime.fromisoformat(stored["starts_at"]), datetime.fromisoformat(stored["ends_at"])
    )


def replay_history(steps: Iterable[Step]) -> History:
    """Return what a person can undo and redo after these changes of theirs, oldest first.

    An ordinary change ends the possibility to redo, as in any editor.
    """
    done: list[int] = []
    undone: list[int] = []
    for step in steps:
        if step.undoes is None:
            done.append(step.revision)
            undone.clear()
        elif undone and undone[-1] == step.undoes:
            undone.pop()
            done.append(step.revision)
        elif done and done[-1] == step.undoes:
            done.pop()
            undone.append(step.revision)
    return History(done[-1] if done else None, undone[-1] if undone else None)
