"""Input of a printed programme: days, their sessions, and its labels in one language."""

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
    """One day with its formatted date. `rooms` gives their order; any others follow by name."""

    label: str
    sessions: tuple[ScheduleSession, ...]
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScheduleLabels:
    """The labels of the document in its language. `page` has {page} and {pages}, `as_of` has {moment}."""

    programme: str = "Schedule"
    by_time: str = "By time"
    by_room: str = "By room"
    page: str = "Page {page} of {pages}"
    as_of: str = "As of {moment}"
    nothing: str = "Nothing is planned for this day yet."


def name_halls(sessions: Sequence[ScheduleSession]) -> str:
    """Return the halls of a page's sessions if there are at most two, otherwise an empty text."""
    halls = list(dict.fromkeys(session.hall for session in sessions if session.hall))
    return " · ".join(halls) if 0 < len(halls) <= 2 else ""  # noqa: PLR2004 - a header has no space for more


def list_rooms(day: ScheduleDay) -> tuple[str, ...]:
    """Return the rooms in use on a day, in the day's order, followed by any others by name."""
    used = {session.room for session in day.sessions if session.room}
    known = [room for room in day.rooms if room in used]
    return (*known, *sorted(used - set(known)))
