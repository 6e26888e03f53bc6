"""Choices for the filters of the session list."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from expo.editions.models import Hall, Room
from expo.infra.db import db
from expo.program.models import Session, Track
from expo.program.queries.sessions import Place, TrackName, is_public
from expo.pure.levels import order_levels


@dataclass(frozen=True)
class FilterChoices:
    """What the sessions of an edition can be filtered by."""

    days: tuple[date, ...] = ()
    tracks: tuple[TrackName, ...] = ()
    rooms: tuple[Place, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


def list_days(edition_id: int) -> list[date]:
    """Return the days that have sessions."""
    query = select(Session.day).where(*is_public(edition_id), Session.day.is_not(None)).distinct()
    return [day for day in db.session.scalars(query.order_by(Session.day)) if day is not None]


def list_filter_choices(edition_id: int) -> FilterChoices:
    """Return the days, tracks, rooms, languages, types and levels that an edition's sessions have."""
    used_rooms = select(Session.room_id).where(*is_public(edition_id)).distinct()
    rooms = db.session.execute(
        select(Room.slug, Room.name, Room.capacity, Hall.name)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id, Room.id.in_(used_rooms))
        .order_by(Room.position, Room.id)
    )
    return FilterChoices(
        days=tuple(list_days(edition_id)),
        tracks=tuple(list_tracks(edition_id)),
        rooms=tuple(Place(*row) for row in rooms),
        languages=tuple(_list_words(edition_id, Session.language)),
        kinds=tuple(_list_words(edition_id, Session.kind)),
        levels=tuple(order_levels(_list_words(edition_id, Session.level))),
    )


def _list_words(edition_id: int, column: InstrumentedAttribute[str]) -> list[str]:
    """Return the distinct non-empty values of a column among an edition's sessions, sorted."""
    query = select(column).where(*is_public(edition_id), column != "")
    return list(db.session.scalars(query.distinct().order_by(column)))


def list_tracks(edition_id: int) -> list[TrackName]:
    """Return the tracks of an edition in their order."""
    rows = db.session.execute(
        select(Track.slug, Track.name, Track.position)
        .where(Track.edition_id == edition_id)
        .order_by(Track.position, Track.id)
    )
    return [TrackName(*row) for row in rows]
