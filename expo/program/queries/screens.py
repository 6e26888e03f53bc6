"""Reads for the screens at the venue: rooms, and their sessions of some days with what changed about them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from expo.editions.models import Hall, Room
from expo.infra.db import db
from expo.program.models import Session
from expo.program.queries.sessions import Texts, is_public, read_sessions, session_query
from expo.program.rules import SessionState


@dataclass(frozen=True)
class ScreenRoom:
    """A room in which public sessions are held."""

    slug: str
    name: Texts
    hall_name: Texts | None


@dataclass(frozen=True)
class ScreenSession:
    """A session as shown on a screen. `moved_from_*` say where it was before it was last moved or cancelled."""

    id: int
    slug: str
    title: Texts
    speakers: tuple[Texts, ...]
    language: str
    room: str | None
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    moved_from_start: datetime | None
    moved_from_room: Texts | None


@dataclass(frozen=True)
class DepartedSession:
    """A session that was moved out of a room: when it would have begun there, and where and when it is now."""

    title: Texts
    former_start: datetime
    starts_at: datetime | None
    room: Texts | None


def list_screen_rooms(edition_id: int, slug: str | None = None) -> list[ScreenRoom]:
    """Return the rooms of an edition that have public sessions, in their order; or one, whether it has any or not."""
    used = select(Session.room_id).where(*is_public(edition_id), Session.room_id.is_not(None))
    rows = db.session.execute(
        select(Room.slug, Room.name, Hall.name)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id, Room.id.in_(used) if slug is None else Room.slug == slug)
        .order_by(Room.position, Room.id)
    )
    return [ScreenRoom(*row) for row in rows]


def list_screen_sessions(edition_id: int, days: list[date], room: str | None = None) -> list[ScreenSession]:
    """Return the public sessions of these days that have a time, of all rooms or of one, by time."""
    query = session_query(edition_id).where(Session.day.in_(days), Session.starts_at.is_not(None))
    if room is not None:
        query = query.where(Room.slug == room)
    rows = read_sessions(query)
    moves = _list_moves(edition_id, days)
    rooms = db.session.execute(select(Room.id, Room.name).where(Room.edition_id == edition_id))
    names: dict[object, Texts] = {room_id: name for room_id, name in rooms}  # noqa: C416 - a row is not a pair to mypy
    found = []
    for row in rows:
        if row.starts_at is None or row.ends_at is None:
            continue
        move = moves.get(row.id) or {}
        starts_at = datetime.fromisoformat(move["starts_at"]) if move.get("starts_at") else None
        room_name = names.get(move.get("room_id"))
        found.append(
            ScreenSession(
                id=row.id,
                slug=row.slug,
                title=row.title,
                speakers=tuple(each.name for each in row.speakers),
                language=row.language,
                room=row.room.slug if row.room else None,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                is_cancelled=row.is_cancelled,
                moved_from_start=starts_at if starts_at != row.starts_at else None,
                moved_from_room=room_name if row.room and room_name != row.room.name else None,
            )
        )
    return found


def list_departed(edition_id: int, room: str, since: datetime, until: datetime) -> list[DepartedSession]:
    """Return the public sessions that would have begun in a room between two moments and are elsewhere now."""
    rows = db.session.execute(
        select(Session.title, Session.starts_at, Session.moved_from, Room.name)
        .outerjoin(Room, Room.id == Session.room_id)
        .where(
            *is_public(edition_id),
            Session.state == SessionState.PUBLISHED.value,
            Session.moved_from.is_not(None),
            Room.slug.is_distinct_from(room),
        )
        .order_by(Session.id)
    ).all()
    room_id = db.session.scalar(select(Room.id).where(Room.edition_id == edition_id, Room.slug == room))
    found = [
        DepartedSession(title, datetime.fromisoformat(move["starts_at"]), starts_at, name)
        for title, starts_at, move, name in rows
        if move and move.get("starts_at") and move.get("room_id") == room_id
    ]
    return sorted((each for each in found if since <= each.former_start < until), key=lambda each: each.former_start)


def _list_moves(edition_id: int, days: list[date]) -> dict[int, dict[str, Any]]:
    query = select(Session.id, Session.moved_from).where(*is_public(edition_id), Session.day.in_(days))
    return {session_id: move for session_id, move in db.session.execute(query) if move}
