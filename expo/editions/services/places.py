"""Shared code for halls and rooms: order, deletion and locking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition, Hall, Room
from expo.editions.services.editions import increment_content_version
from expo.errors import Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.positions import move_by

Place = TypeVar("Place", Hall, Room)


@dataclass(frozen=True)
class PlaceKind(Generic[Place]):
    """Halls or rooms: their table, their name in the audit log, and the error code if one is missing."""

    model: type[Place]
    subject: str
    missing: str


HALL = PlaceKind(Hall, "hall", "hall_missing")
ROOM = PlaceKind(Room, "room", "room_missing")


def lock_edition(edition_id: int) -> None:
    """Serialize changes to halls and rooms of an edition, as names and positions are compared. Raises Missing."""
    if lock(Edition, edition_id) is None:
        raise EditionMissing


def list_places(kind: PlaceKind[Place], edition_id: int) -> list[Place]:
    """Return the halls or rooms of an edition in order, bypassing loaded objects."""
    return list(
        db.session.scalars(
            select(kind.model)
            .where(kind.model.edition_id == edition_id)
            .order_by(kind.model.position, kind.model.id)
            .execution_options(populate_existing=True)
        )
    )


def get_place(kind: PlaceKind[Place], places: Sequence[Place], place_id: int) -> Place:
    """Return the place with this id. Raises Missing."""
    found = next((each for each in places if each.id == place_id), None)
    if found is None:
        raise Missing(kind.missing)
    return found


def position_after(places: Sequence[Hall] | Sequence[Room]) -> int:
    """Return the position that follows these places."""
    return max((each.position for each in places), default=-1) + 1


def move_place(actor: Actor, kind: PlaceKind[Place], edition_id: int, place_id: int, steps: int, now: datetime) -> None:
    """Move a place by a number of steps and renumber all of them, because imported ones may share a position."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        lock_edition(edition_id)
        places = list_places(kind, edition_id)
        at = places.index(get_place(kind, places, place_id))
        move_by(places, at, steps)
        for position, each in enumerate(places):
            each.position = position
        db.session.flush()
        record_place(actor, "move", kind, edition_id, place_id, now)


def delete_place(actor: Actor, kind: PlaceKind[Place], edition_id: int, place_id: int, now: datetime) -> None:
    """Delete a place that the caller has checked to be unused. Raises Missing."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        place = get_place(kind, list_places(kind, edition_id), place_id)
        name = place.name
        db.session.delete(place)
        db.session.flush()
        record_place(actor, "delete", kind, edition_id, place_id, now, name=name)


def lock_place(kind: PlaceKind[Place], edition_id: int, place_id: int) -> None:
    """Lock a place against new references until the transaction ends. Raises Missing.

    Locks the edition first, in the same order as adding a room to a hall does.
    """
    lock_edition(edition_id)
    place = lock(kind.model, place_id)
    if place is None or place.edition_id != edition_id:
        raise Missing(kind.missing)


def record_place(
    actor: Actor, act: str, kind: PlaceKind[Place], edition_id: int, place_id: int, now: datetime, **details: Any
) -> None:
    """Record a change of a place in the audit log: `edition.create_hall`, `edition.move_room` and so on."""
    action = f"edition.{act}_{kind.subject}"
    record_act(actor, action, now, edition_id=edition_id, subject=kind.subject, subject_id=place_id, **details)
    increment_content_version(edition_id, now)
