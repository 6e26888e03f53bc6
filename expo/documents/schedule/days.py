"""What a printed programme is made from: days, their sessions, and the words of its language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ScheduleSession:
    """One session, its times already in the edition's zone."""

    start: datetime
    end: datetime
    room: str | None
    hall: str | None
    title: str
    speakers: tuple[str, ...]
    track: str | None
    language: str | None
    kind: str | None


@dataclass(frozen=True)
class ScheduleDay:
    """One day under its written date. `rooms` gives their order; rooms left out follow by name."""

    label: str
    sessions: tuple[ScheduleSession, ...]
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScheduleLabels:
    """The words of the paper in its language. `page` has {page} and {pages}, `as_of` has {moment}."""

    programme: str = "Schedule"
    by_time: str = "By time"
    by_room: str = "By room"
    page: str = "Page {page} of {pages}"
    as_of: str = "As of {moment}"
    nothing: str = "Nothing is planned for this day yet."


def name_halls(sessions: Sequence[ScheduleSession]) -> str:
    """Return the hall of a page whose sessions are all in one or two halls, else nothing."""
    halls = list(dict.fromkeys(session.hall for session in sessions if session.hall))
    return " · ".join(halls) if 0 < len(halls) <= 2 else ""  # noqa: PLR2004 - a header has no place for more


def list_rooms(day: ScheduleDay) -> tuple[str, ...]:
    """Return the rooms that a day uses, in the day's order, the others after them by name."""
    used = {session.room for session in day.sessions if session.room}
    known = [room for room in day.rooms if room in used]
    return (*known, *sorted(used - set(known)))
