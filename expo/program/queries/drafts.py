"""Reads of sessions in every state, drafts included, and what depends on them.

Those who may only read the programme, such as reviewers of blind rounds, see what the public sees: `…_for` functions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from expo.accounts.rules import Actor, Permission
from expo.editions.models import Hall, Room
from expo.infra.db import db
from expo.program.errors import SessionMissing
from expo.program.models import (
    AgendaEntry,
    Placement,
    SeatHold,
    Session,
    SessionFeedback,
    SessionMaterial,
    SessionSpeaker,
    Track,
)
from expo.program.queries.sessions import (
    SessionFilter,
    SessionRow,
    Texts,
    any_session_query,
    get_session,
    list_sessions,
    read_sessions,
)
from expo.program.rules import SessionState
from expo.pure.names import search_terms

# A filter besides the states: the sessions that still need a place.
UNPLACED = "unplaced"


@dataclass(frozen=True)
class DraftPlace:
    """The place of a session in the draft timetable."""

    starts_at: datetime
    ends_at: datetime
    room_slug: str | None
    room_name: Texts | None


@dataclass(frozen=True)
class DraftRow:
    """A session in any state, as listed for organizers, with its place in the draft timetable."""

    session: SessionRow
    place: DraftPlace | None


@dataclass(frozen=True)
class DraftPage:
    """A session in any state with everything that organizers enter."""

    row: SessionRow
    place: DraftPlace | None
    abstract: Texts
    description: Texts
    seat_limit: int | None
    expected_audience: int | None
    needs: tuple[str, ...]
    takes_all_rooms: bool
    notes: str
    version: str
    changed_at: datetime | None


@dataclass(frozen=True)
class DraftFilter:
    """Which sessions to list; None and empty values do not restrict. `state` may also be UNPLACED."""

    q: str = ""
    state: str | None = None
    day: date | None = None
    room: str | None = None
    track: str | None = None
    kind: str | None = None
    language: str | None = None
    level: str | None = None
    hall: str | None = None


@dataclass(frozen=True)
class SessionUses:
    """What depends on a session, and is lost with it."""

    agendas: int
    speakers: int
    is_placed: bool
    # Seats taken, places on the waiting list and former ones alike.
    seats: int
    feedback: int
    materials: int


def list_sessions_for(actor: Actor, edition_id: int, filters: DraftFilter) -> list[DraftRow]:
    """Return the sessions that match the filter: in every state for programme managers, the public ones for others."""
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return list_all_sessions(edition_id, filters)
    shared = SessionFilter(
        day=filters.day,
        room=filters.room,
        track=filters.track,
        language=filters.language,
        kind=filters.kind,
        level=filters.level,
        q=filters.q,
        hall=filters.hall,
    )
    rows = list_sessions(edition_id, shared)
    return [DraftRow(row, None) for row in rows if filters.state in (None, row.state)]


def get_session_for(actor: Actor, edition_id: int, slug: str) -> DraftPage:
    """Return a session: any, with internal values, for programme managers; a public one without them for others.

    Raises SessionMissing.
    """
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return get_any_session(edition_id, slug)
    page = get_session(edition_id, slug)
    version, seat_limit, takes_all_rooms = db.session.execute(
        select(Session.version, Session.seat_limit, Session.takes_all_rooms).where(Session.id == page.row.id)
    ).one()
    return DraftPage(
        row=page.row,
        place=None,
        abstract=page.abstract,
        description=page.description,
        seat_limit=seat_limit,
        expected_audience=None,
        needs=(),
        takes_all_rooms=takes_all_rooms,
        notes="",
        version=str(version),
        changed_at=page.row.changed_at,
    )


def list_all_sessions(edition_id: int, filters: DraftFilter | None = None) -> list[DraftRow]:
    """Return the sessions in every state that match the filter, by published time and room."""
    rows = read_sessions(_apply_filter(any_session_query(edition_id), filters or DraftFilter()))
    places = _list_places(edition_id)
    return [DraftRow(row, places.get(row.id)) for row in rows]


def paginate_all_sessions(
    edition_id: int, filters: DraftFilter, cursor: int | None, limit: int
) -> tuple[list[SessionRow], int | None]:
    """Return the page of sessions in every state after `cursor`, ordered by id, and the next cursor."""
    query = _apply_filter(any_session_query(edition_id), filters).order_by(None).order_by(Session.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(Session.id > cursor)
    rows = read_sessions(query)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def get_any_session(edition_id: int, slug: str) -> DraftPage:
    """Return a session in any state. Raises SessionMissing."""
    session = db.session.scalars(
        select(Session).where(Session.edition_id == edition_id, Session.slug == slug)
    ).one_or_none()
    if session is None:
        raise SessionMissing
    [row] = read_sessions(any_session_query(edition_id).where(Session.id == session.id))
    return DraftPage(
        row=row,
        place=_list_places(edition_id, session.id).get(session.id),
        abstract=session.abstract,
        description=session.description,
        seat_limit=session.seat_limit,
        expected_audience=session.expected_audience,
        needs=tuple(session.needs),
        takes_all_rooms=session.takes_all_rooms,
        notes=session.notes,
        version=str(session.version),
        changed_at=session.changed_at,
    )


def count_sessions_by_state(edition_id: int) -> dict[str, int]:
    """Return the number of sessions in each state, and of those UNPLACED."""
    rows = db.session.execute(
        select(Session.state, func.count()).where(Session.edition_id == edition_id).group_by(Session.state)
    )
    counts = dict.fromkeys(map(str, SessionState), 0) | {row[0]: row[1] for row in rows}
    unplaced = select(func.count()).select_from(Session).where(Session.edition_id == edition_id, *_is_unplaced())
    return counts | {UNPLACED: db.session.scalar(unplaced) or 0}


def count_session_uses(session_id: int) -> SessionUses:
    """Return what depends on a session."""

    def count(table: Any) -> int:
        query = select(func.count()).select_from(table).where(table.session_id == session_id)
        return db.session.scalar(query) or 0

    return SessionUses(
        agendas=count(AgendaEntry),
        speakers=count(SessionSpeaker),
        is_placed=count(Placement) > 0,
        seats=count(SeatHold),
        feedback=count(SessionFeedback),
        materials=count(SessionMaterial),
    )


def list_used_words(edition_id: int) -> dict[str, list[str]]:
    """Return the distinct languages, levels and types that sessions in any state have, by field."""
    columns = {"language": Session.language, "level": Session.level, "kind": Session.kind}
    return {
        name: list(
            db.session.scalars(
                select(column).where(Session.edition_id == edition_id, column != "").distinct().order_by(column)
            )
        )
        for name, column in columns.items()
    }


def _apply_filter(query: Select[*tuple[Any, ...]], filters: DraftFilter) -> Select[*tuple[Any, ...]]:
    if filters.state == UNPLACED:
        query = query.where(*_is_unplaced())
    elif filters.state:
        query = query.where(Session.state == filters.state)
    if filters.day:
        query = query.where(Session.day == filters.day)
    if filters.room:
        query = query.where(or_(Room.slug == filters.room, _is_placed(Room.slug == filters.room)))
    if filters.hall:
        query = query.where(or_(Hall.code == filters.hall, _is_placed(Hall.code == filters.hall)))
    for column, value in (
        (Track.slug, filters.track),
        (Session.kind, filters.kind),
        (Session.language, filters.language),
        (Session.level, filters.level),
    ):
        if value:
            query = query.where(column == value)
    for term in search_terms(filters.q):
        query = query.where(Session.search_text.like(f"% {term}%"))
    return query


def _is_placed(where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition that the draft has a session in a room or hall."""
    placed = (
        select(Placement.session_id).join(Room, Room.id == Placement.room_id).outerjoin(Hall, Hall.id == Room.hall_id)
    )
    return Session.id.in_(placed.where(where))


def _is_unplaced() -> Iterable[Any]:
    return (Session.state != SessionState.CANCELLED, ~Session.id.in_(select(Placement.session_id)))


def _list_places(edition_id: int, session_id: int | None = None) -> dict[int, DraftPlace]:
    query = (
        select(Placement.session_id, Placement.starts_at, Placement.ends_at, Room.slug, Room.name)
        .outerjoin(Room, Room.id == Placement.room_id)
        .where(Placement.edition_id == edition_id)
    )
    if session_id is not None:
        query = query.where(Placement.session_id == session_id)
    return {row.session_id: DraftPlace(*row[1:]) for row in db.session.execute(query)}
