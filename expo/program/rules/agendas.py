"""Rules for showing the sessions of a day and finding those that overlap. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar


class Timed(Protocol):
    """Something with a start and an end; both are None until it is scheduled."""

    @property
    def starts_at(self) -> datetime | None:
        """The start."""

    @property
    def ends_at(self) -> datetime | None:
        """The end."""


def pick_day(days: Sequence[date], today: date) -> date | None:
    """Return the day to show first: today, otherwise the next one, otherwise the first."""
    if not days:
        return None
    return next((day for day in days if day >= today), days[0])


def find_clashes(sessions: Sequence[Timed]) -> dict[int, list[int]]:
    """Map the position of each session that overlaps others to the positions of those others, in order.

    Sessions without a clash are left out.
    """
    timed = sorted(
        (session.starts_at, session.ends_at, position)
        for position, session in enumerate(sessions)
        if session.starts_at is not None and session.ends_at is not None
    )
    clashes: dict[int, list[int]] = {}
    for index, (_, ends_at, position) in enumerate(timed):
        for later_start, _, later_position in timed[index + 1 :]:
            if later_start >= ends_at:
                break
            clashes.setdefault(position, []).append(later_position)
            clashes.setdefault(later_position, []).append(position)
    return {position: sorted(others) for position, others in clashes.items()}


class Located(Timed, Protocol):
    """A session with a room, for walking times."""

    @property
    def hall_name(self) -> dict[str, str] | None:
        """The hall of its room."""


# How long it takes to walk from one hall to another.
WALK_BETWEEN_HALLS = timedelta(minutes=10)


def find_tight_walks(sessions: Sequence[Located]) -> dict[int, int]:
    """Map the position of each session to that of an earlier one in another hall that leaves too little time to walk.

    Overlapping sessions are left out: `find_clashes` reports them.
    """
    timed = sorted(
        (session.ends_at, session.starts_at, position)
        for position, session in enumerate(sessions)
        if session.starts_at is not None and session.ends_at is not None
    )
    walks: dict[int, int] = {}
    for ends_at, _, position in timed:
        for _, later_start, later in timed:
            here, there = sessions[position].hall_name, sessions[later].hall_name
            if later == position or not here or not there or here == there:
                continue
            if ends_at <= later_start < ends_at + WALK_BETWEEN_HALLS:
                walks[later] = position
    return walks


T = TypeVar("T", bound=Timed)


def list_free(sessions: Sequence[T], schedule: Sequence[Timed]) -> list[T]:
    """Return the sessions that have a time and do not overlap any session of a schedule."""
    taken = [(each.starts_at, each.ends_at) for each in schedule if each.starts_at and each.ends_at]
    return [
        each
        for each in sessions
        if each.starts_at
        and each.ends_at
        and not any(begin < each.ends_at and each.starts_at < end for begin, end in taken)
    ]


class Alternative(Located, Protocol):
    """A session that may replace another."""

    @property
    def id(self) -> int:
        """Its id."""

    @property
    def title(self) -> dict[str, str]:
        """Its title; a session that is held again has the same."""

    @property
    def track(self) -> object | None:
        """Its track."""

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be held."""


A = TypeVar("A", bound=Alternative)
MAX_ALTERNATIVES = 3


def find_alternatives(session: A, own: Sequence[A], program: Sequence[A], now: datetime) -> list[A]:
    """Return sessions that could replace one, at a time that the rest of one's schedule leaves free.

    The same session held again comes first, then others of its track.
    """
    others = [each for each in own if each.id != session.id]
    known = {each.id for each in own}
    free = [
        each
        for each in list_free(program, others)
        if each.id not in known and not each.is_cancelled and each.starts_at and each.starts_at > now
    ]
    again = [each for each in free if each.title == session.title]
    same_track = [each for each in free if session.track and each.track == session.track and each not in again]
    return [*again, *same_track][:MAX_ALTERNATIVES]
