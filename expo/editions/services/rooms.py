"""Services for rooms."""

from collections.abc import Iterable
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Room
from expo.editions.queries import room_version
from expo.editions.rules import RoomRequest, check_equipment, check_place_name, check_room_capacity, have_same_name
from expo.editions.services.places import (
    HALL,
    ROOM,
    delete_place,
    get_place,
    list_places,
    lock_edition,
    lock_place,
    move_place,
    position_after,
    record_place,
)
from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db
from expo.pure.periods import check_periods, write_periods
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version


def add_room(
    actor: Actor,
    edition_id: int,
    slug: str,
    name: dict[str, str],
    *,
    hall_id: int | None = None,
    capacity: int | None = None,
    position: int = 0,
) -> int:
    """Add a room and return its id."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        room = Room(edition_id=edition_id, slug=slug, name=name, hall_id=hall_id, capacity=capacity, position=position)
        db.session.add(room)
        db.session.flush()
        return room.id


def create_room(actor: Actor, edition_id: int, request: RoomRequest, now: datetime) -> int:
    """Add a room at the end and return its id. Raises EditionMissing, Invalid or Conflict `room_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    check_room_capacity(request.capacity)
    equipment = check_equipment(request.equipment)
    unavailable = check_periods(request.unavailable, "unavailable")
    with atomic():
        lock_edition(edition_id)
        others = list_places(ROOM, edition_id)
        _check_hall(edition_id, request.hall_id)
        _check_name_is_free(name, request.hall_id, others)
        room = Room(
            edition_id=edition_id,
            slug=make_slug(next(iter(name.values())), {each.slug for each in others}),
            name=name,
            hall_id=request.hall_id,
            capacity=request.capacity,
            equipment=equipment,
            unavailable=write_periods(unavailable),
            position=position_after(others),
        )
        db.session.add(room)
        db.session.flush()
        record_place(actor, "create", ROOM, edition_id, room.id, now, name=name)
        return room.id


def change_room(
    actor: Actor, edition_id: int, room_id: int, request: RoomRequest, now: datetime, version: str | None = None
) -> None:
    """Change a room but not its slug. Raises Missing `room_missing`, Invalid, Conflict `room_exists` or Outdated.

    `version` is that of the RoomRow that the change is based on; None allows any.
    """
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    check_room_capacity(request.capacity)
    equipment = check_equipment(request.equipment)
    unavailable = check_periods(request.unavailable, "unavailable")
    with atomic():
        lock_edition(edition_id)
        rooms = list_places(ROOM, edition_id)
        room = get_place(ROOM, rooms, room_id)
        require_version(version, room_version(room.name, room.hall_id, room.capacity, room.equipment, room.unavailable))
        _check_hall(edition_id, request.hall_id)
        _check_name_is_free(name, request.hall_id, [each for each in rooms if each is not room])
        values = {
            "name": name,
            "hall_id": request.hall_id,
            "capacity": request.capacity,
            "equipment": equipment,
            "unavailable": write_periods(unavailable),
        }
        changed = [field for field, value in values.items() if getattr(room, field) != value]
        for field in changed:
            setattr(room, field, values[field])
        db.session.flush()
        record_place(actor, "change", ROOM, edition_id, room_id, now, name=name, fields=changed, version=_version(room))


def move_room(actor: Actor, edition_id: int, room_id: int, steps: int, now: datetime) -> None:
    """Move a room up (negative steps) or down in the order. Raises Missing `room_missing`."""
    move_place(actor, ROOM, edition_id, room_id, steps, now)


def delete_room(actor: Actor, edition_id: int, room_id: int, now: datetime) -> None:
    """Delete a room that the caller has checked to be unused. Raises Missing `room_missing`."""
    delete_place(actor, ROOM, edition_id, room_id, now)


def lock_room(edition_id: int, room_id: int) -> None:
    """Lock a room against new references until the transaction ends. Raises Missing `room_missing`."""
    lock_place(ROOM, edition_id, room_id)


def _version(room: Room) -> str:
    return room_version(room.name, room.hall_id, room.capacity, room.equipment, room.unavailable)


def _check_hall(edition_id: int, hall_id: int | None) -> None:
    if hall_id is not None and hall_id not in {each.id for each in list_places(HALL, edition_id)}:
        raise Invalid("hall_missing", field="hall_id")


def _check_name_is_free(name: dict[str, str], hall_id: int | None, others: Iterable[Room]) -> None:
    if any(each.hall_id == hall_id and have_same_name(name, each.name) for each in others):
        raise Conflict("room_exists", field="name", name=next(iter(name.values())))
