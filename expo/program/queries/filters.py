"""Choices for the filters of the session list."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from expo.editions.models import Hall, Room
from expo.infra.db import db
from expo.program.models import Session, Track
from expo.program.queries.sessions import Place, Texts, TrackName, is_public
from expo.pure.levels import order_levels


@dataclass(frozen=True)
class HallName:
    """A hall in which sessions are held."""

    code: str
    name: Texts


@dataclass(frozen=True)
class FilterChoices:
    """What the sessions of an edition can be filtered by."""

    days: tuple[date, ...] = ()
    tracks: tuple[TrackName, ...] = ()
    halls: tuple[HallName, ...] = ()
    rooms: tuple[Place, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def list_days(edition_id: int) -> list[date]:
    """Return the days that have sessions."""
    query = select(Session.day).where(*is_public(edition_id), Session.day.is_not(None)).distinct()
    return [day for day in db.session.scalars(query.order_by(Session.day)) if day is not None]


def find_end_of_day(edition_id: int, day: date) -> datetime | None:
    """Return when the last session of a day ends; None if none has a time."""
    return db.session.scalar(select(func.max(Session.ends_at)).where(*is_public(edition_id), Session.day == day))


def list_filter_choices(edition_id: int) -> FilterChoices:
    """Return the days, tracks, halls, rooms, languages, types and levels that an edition's sessions have."""
    used_rooms = select(Session.room_id).where(*is_public(edition_id)).distinct()
    rooms = db.session.execute(
        select(Room.slug, Room.name, Room.capacity, Hall.name)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id, Room.id.in_(used_rooms))
        .order_by(Room.position, Room.id)
    )
    halls = db.session.execute(
        select(Hall.code, Hall.name)
        .where(
            Hall.edition_id == edition_id,
            select(Room.id).where(Room.hall_id == Hall.id, Room.id.in_(used_rooms)).exists(),
        )
        .order_by(Hall.position, Hall.id)
    )
    words = db.session.execute(
        select(Session.language, Session.kind, Session.level).where(*is_public(edition_id)).distinct()
    ).all()
    return FilterChoices(
        days=tuple(list_days(edition_id)),
        tracks=tuple(list_tracks(edition_id)),
        halls=tuple(HallName(*row) for row in halls),
        rooms=tuple(Place(*row) for row in rooms),
        languages=tuple(sorted({row.language for row in words} - {""})),
        kinds=tuple(sorted({row.kind for row in words} - {""})),
        levels=tuple(order_levels({row.level for row in words} - {""})),
    )


def list_tracks(edition_id: int) -> list[TrackName]:
    """Return the tracks of an edition in their order."""
    rows = db.session.execute(
        select(Track.slug, Track.name, Track.position)
        .where(Track.edition_id == edition_id)
        .order_by(Track.position, Track.id)
    )
    return [TrackName(*row) for row in rows]
