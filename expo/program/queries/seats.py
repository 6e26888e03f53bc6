"""Reads of seats: how many are left, who has them, and what an attendee has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.program.queries.sessions import SessionRow, is_public, list_sessions_by_id
from expo.program.rules import OPEN_STATES, SeatState, SessionState, seats_left
from expo.registration.models import Attendee

# Seats first, then the waiting list, then those who did not come.
_HOLDER_ORDER = (SeatState.USED, SeatState.HELD, SeatState.OFFERED, SeatState.WAITING, SeatState.NO_SHOW)


@dataclass(frozen=True)
class SeatCounts:
    """The seats of a session by state."""

    limit: int | None
    held: int = 0
    offered: int = 0
    used: int = 0
    waiting: int = 0
    no_show: int = 0

    @property
    def taken(self) -> int:
        """How many seats are not free."""
        return self.held + self.offered + self.used

    @property
    def left(self) -> int:
        """How many seats are free; 0 if the session has no seats to take."""
        return seats_left(self.limit or 0, self.taken)


@dataclass(frozen=True)
class OwnSeat:
    """An attendee's seat in a session. `position` counts the waiting list from 1."""

    session_id: int
    state: SeatState
    position: int | None
    offered_until: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether they have a seat or are in line for one."""
        return self.state in OPEN_STATES


@dataclass(frozen=True)
class SeatHolder:
    """A person on the list of a session's seats."""

    attendee_id: int
    code: str
    name: str
    company: str
    email: str
    state: SeatState
    offered_until: datetime | None
    changed_at: datetime


def count_seats(edition_id: int, session_ids: list[int] | None = None) -> dict[int, SeatCounts]:
    """Return the seats of each public session that has a seat limit, by session id."""
    wanted = [*is_public(edition_id), Session.seat_limit.is_not(None)]
    if session_ids is not None:
        wanted.append(Session.id.in_(session_ids))
    rows = db.session.execute(
        select(Session.id, Session.seat_limit, SeatHold.state, func.count(SeatHold.attendee_id))
        .outerjoin(SeatHold, SeatHold.session_id == Session.id)
        .where(*wanted)
        .group_by(Session.id, Session.seat_limit, SeatHold.state)
    )
    limits: dict[int, int | None] = {}
    counts: dict[int, dict[str, int]] = {}
    shown = {SeatState.HELD, SeatState.OFFERED, SeatState.USED, SeatState.WAITING, SeatState.NO_SHOW}
    for session_id, limit, state, count in rows:
        limits[session_id] = limit
        found = counts.setdefault(session_id, {})
        if state in shown:
            found[state] = count
    return {session_id: SeatCounts(limit, **counts[session_id]) for session_id, limit in limits.items()}


def find_own_seat(attendee_id: int, session_id: int) -> OwnSeat | None:
    """Return an attendee's seat in a session, with their position if they wait; None if they never asked for one."""
    hold = db.session.get(SeatHold, (attendee_id, session_id), populate_existing=True)
    if hold is None:
        return None
    return OwnSeat(session_id, SeatState(hold.state), _position(hold), hold.offered_until)


def list_own_seats(attendee_id: int, edition_id: int) -> list[tuple[SessionRow, OwnSeat]]:
    """Return the public sessions in which an attendee has a seat or waits for one: offers first, then by time."""
    holds = db.session.scalars(
        select(SeatHold).where(
            SeatHold.attendee_id == attendee_id, SeatHold.state.in_([state.value for state in OPEN_STATES])
        )
    ).all()
    own = {each.session_id: OwnSeat(each.session_id, SeatState(each.state), None, each.offered_until) for each in holds}
    for each in holds:
        if each.state == SeatState.WAITING:
            own[each.session_id] = OwnSeat(each.session_id, SeatState.WAITING, _position(each), None)
    rows = list_sessions_by_id(edition_id, list(own))
    timed = sorted(rows, key=lambda row: (row.starts_at is None, row.starts_at and row.starts_at.timestamp(), row.id))
    pairs = [(row, own[row.id]) for row in timed]
    return sorted(pairs, key=lambda pair: pair[1].state is not SeatState.OFFERED)


def list_held_session_ids(attendee_id: int) -> list[int]:
    """Return the sessions in which an attendee has a seat."""
    states = [SeatState.HELD.value, SeatState.USED.value]
    query = select(SeatHold.session_id).where(SeatHold.attendee_id == attendee_id, SeatHold.state.in_(states))
    return list(db.session.scalars(query))


def count_seat_holders(session_id: int) -> int:
    """Return how many people are on the list of a session's seats."""
    states = [state.value for state in _HOLDER_ORDER]
    query = select(func.count()).where(SeatHold.session_id == session_id, SeatHold.state.in_(states))
    return db.session.scalar(query) or 0


def list_seat_holders(session_id: int, limit: int | None = None, offset: int = 0) -> list[SeatHolder]:
    """Return everyone with a seat or in line for one, and those who did not come; seats first, then the list."""
    ranks = {state.value: rank for rank, state in enumerate(_HOLDER_ORDER)}
    rows = db.session.execute(
        select(
            Attendee.id,
            Attendee.code,
            Attendee.name,
            Attendee.company,
            Attendee.email,
            SeatHold.state,
            SeatHold.offered_until,
            SeatHold.changed_at,
        )
        .join(SeatHold, SeatHold.attendee_id == Attendee.id)
        .where(SeatHold.session_id == session_id, SeatHold.state.in_(list(ranks)))
        .order_by(case(ranks, value=SeatHold.state), SeatHold.number, Attendee.id)
        .limit(limit)
        .offset(offset)
    )
    return [
        SeatHolder(attendee_id, code, name, company, email, SeatState(state), offered_until, changed_at)
        for attendee_id, code, name, company, email, state, offered_until, changed_at in rows
    ]


def list_ids_with_seats(edition_id: int) -> list[int]:
    """Return the ids of the public sessions that have a seat limit, by time."""
    query = select(Session.id).where(*is_public(edition_id), Session.seat_limit.is_not(None))
    return list(db.session.scalars(query.order_by(Session.starts_at.is_(None), Session.starts_at, Session.id)))


def list_sessions_with_seats(edition_id: int, session_ids: Sequence[int]) -> list[tuple[SessionRow, SeatCounts]]:
    """Return these sessions with their seats, in the given order."""
    counts = count_seats(edition_id, list(session_ids))
    return [(row, counts[row.id]) for row in list_sessions_by_id(edition_id, session_ids)]


def list_full_session_ids(edition_id: int) -> set[int]:
    """Return the sessions in which no seat is left."""
    return {session_id for session_id, counts in count_seats(edition_id).items() if counts.left == 0}


def list_closed_session_ids(edition_id: int, now: datetime) -> set[int]:
    """Return the sessions that nobody new can attend: cancelled, over, or without a seat left."""
    gone = select(Session.id).where(
        Session.edition_id == edition_id,
        or_(Session.state == SessionState.CANCELLED.value, Session.ends_at <= now),
    )
    return list_full_session_ids(edition_id).union(db.session.scalars(gone))


def count_places(edition_id: int, session_ids: list[int]) -> dict[int, int]:
    """Return how many more people each session has a seat for, else how many its room holds, where either is known."""
    rooms = {row.id: row.room.capacity for row in list_sessions_by_id(edition_id, session_ids) if row.room}
    seats = {session_id: counts.left for session_id, counts in count_seats(edition_id, session_ids).items()}
    return {session_id: size for session_id, size in (rooms | seats).items() if size is not None}


def _position(hold: SeatHold) -> int | None:
    if hold.state != SeatState.WAITING:
        return None
    ahead = select(func.count()).where(
        SeatHold.session_id == hold.session_id,
        SeatHold.state == SeatState.WAITING.value,
        SeatHold.number < hold.number,
    )
    return (db.session.scalar(ahead) or 0) + 1


def list_sessions_to_settle(now: datetime) -> list[tuple[int, int]]:
    """Return the sessions with offers or people in line, and cancelled ones with seats, as (edition id, session id).

    Once a session has begun, those in line get no further offers.
    """
    is_ahead = Session.starts_at.is_(None) | (Session.starts_at > now)
    is_cancelled = Session.state == SessionState.CANCELLED.value
    query = (
        select(Session.edition_id, Session.id)
        .join(SeatHold, SeatHold.session_id == Session.id)
        .where(
            (SeatHold.state == SeatState.OFFERED.value)
            | ((SeatHold.state == SeatState.WAITING.value) & (is_ahead | is_cancelled))
            | ((SeatHold.state == SeatState.HELD.value) & is_cancelled)
        )
        .distinct()
        .order_by(Session.id)
    )
    return [(edition_id, session_id) for edition_id, session_id in db.session.execute(query)]


def list_sessions_awaiting_no_shows(begun_before: datetime, now: datetime) -> list[tuple[int, SessionRow]]:
    """Return the running sessions that began before a moment and still have unused seats, with their edition ids."""
    query = (
        select(Session.edition_id, Session.id)
        .join(SeatHold, SeatHold.session_id == Session.id)
        .where(
            SeatHold.state == SeatState.HELD.value,
            Session.seat_limit.is_not(None),
            Session.starts_at <= begun_before,
            Session.ends_at > now,
        )
        .distinct()
        .order_by(Session.id)
    )
    return [
        (edition_id, row)
        for edition_id, session_id in db.session.execute(query).all()
        for row in list_sessions_by_id(edition_id, [session_id])
    ]
