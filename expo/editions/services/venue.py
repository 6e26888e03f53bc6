"""Acts on the venue: halls and rooms, their names, their order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition, Hall, Room
from expo.editions.rules import HallRequest, RoomRequest, check_place_name, check_room_capacity, share_a_name
from expo.editions.services.editions import note_content_change
from expo.errors import Conflict, Invalid, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.slugs import make_slug

# Of the 32 that a code may have, with room for the number that `make_slug` may add.
MAX_MADE_CODE_LENGTH = 28

Place = TypeVar("Place", Hall, Room)


def add_hall(actor: Actor, edition_id: int, code: str, name: dict[str, str], position: int = 0) -> int:
    """Add a hall and return its id."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        hall = Hall(edition_id=edition_id, code=code, name=name, position=position)
        db.session.add(hall)
        db.session.flush()
        return hall.id


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


def create_hall(actor: Actor, edition_id: int, request: HallRequest, now: datetime) -> int:
    """Add a hall after the others and return its id. Raises EditionMissing, Invalid or Conflict `hall_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    with atomic():
        _lock_edition(edition_id)
        others = _halls(edition_id)
        _refuse_name_of_hall(name, others)
        code = make_slug(next(iter(name.values())), {each.code for each in others}, MAX_MADE_CODE_LENGTH)
        hall = Hall(edition_id=edition_id, code=code, name=name, position=_position_after(others))
        db.session.add(hall)
        db.session.flush()
        _note_place(actor, "edition.create_hall", edition_id, "hall", hall.id, now, name=name)
        return hall.id


def change_hall(actor: Actor, edition_id: int, hall_id: int, request: HallRequest, now: datetime) -> None:
    """Rename a hall. Raises Missing `hall_missing`, Invalid or Conflict `hall_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    with atomic():
        _lock_edition(edition_id)
        halls = _halls(edition_id)
        hall = _find(halls, hall_id, "hall_missing")
        _refuse_name_of_hall(name, [each for each in halls if each is not hall])
        hall.name = name
        db.session.flush()
        _note_place(actor, "edition.change_hall", edition_id, "hall", hall_id, now, name=name)


def move_hall(actor: Actor, edition_id: int, hall_id: int, steps: int, now: datetime) -> None:
    """Move a hall up (negative steps) or down among the halls. Raises Missing `hall_missing`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        _lock_edition(edition_id)
        halls = _halls(edition_id)
        _move(halls, _find(halls, hall_id, "hall_missing"), steps)
        _note_place(actor, "edition.move_hall", edition_id, "hall", hall_id, now)


def delete_hall(actor: Actor, edition_id: int, hall_id: int, now: datetime) -> None:
    """Delete a hall that nothing refers to; the caller has looked. Raises Missing `hall_missing`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        hall = _find(_halls(edition_id), hall_id, "hall_missing")
        name = hall.name
        db.session.delete(hall)
        db.session.flush()
        _note_place(actor, "edition.delete_hall", edition_id, "hall", hall_id, now, name=name)


def create_room(actor: Actor, edition_id: int, request: RoomRequest, now: datetime) -> int:
    """Add a room after the others and return its id. Raises EditionMissing, Invalid or Conflict `room_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    check_room_capacity(request.capacity)
    with atomic():
        _lock_edition(edition_id)
        others = _rooms(edition_id)
        _check_hall(edition_id, request.hall_id)
        _refuse_name_of_room(name, request.hall_id, others)
        room = Room(
            edition_id=edition_id,
            slug=make_slug(next(iter(name.values())), {each.slug for each in others}),
            name=name,
            hall_id=request.hall_id,
            capacity=request.capacity,
            position=_position_after(others),
        )
        db.session.add(room)
        db.session.flush()
        _note_place(actor, "edition.create_room", edition_id, "room", room.id, now, name=name)
        return room.id


def change_room(actor: Actor, edition_id: int, room_id: int, request: RoomRequest, now: datetime) -> None:
    """Change a room; its address stays. Raises Missing `room_missing`, Invalid or Conflict `room_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    check_room_capacity(request.capacity)
    with atomic():
        _lock_edition(edition_id)
        rooms = _rooms(edition_id)
        room = _find(rooms, room_id, "room_missing")
        _check_hall(edition_id, request.hall_id)
        _refuse_name_of_room(name, request.hall_id, [each for each in rooms if each is not room])
        room.name, room.hall_id, room.capacity = name, request.hall_id, request.capacity
        db.session.flush()
        _note_place(actor, "edition.change_room", edition_id, "room", room_id, now, name=name)


def move_room(actor: Actor, edition_id: int, room_id: int, steps: int, now: datetime) -> None:
    """Move a room up (negative steps) or down among the rooms. Raises Missing `room_missing`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        _lock_edition(edition_id)
        rooms = _rooms(edition_id)
        _move(rooms, _find(rooms, room_id, "room_missing"), steps)
        _note_place(actor, "edition.move_room", edition_id, "room", room_id, now)


def delete_room(actor: Actor, edition_id: int, room_id: int, now: datetime) -> None:
    """Delete a room that nothing refers to; the caller has looked. Raises Missing `room_missing`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        room = _find(_rooms(edition_id), room_id, "room_missing")
        name = room.name
        db.session.delete(room)
        db.session.flush()
        _note_place(actor, "edition.delete_room", edition_id, "room", room_id, now, name=name)


def lock_hall(edition_id: int, hall_id: int) -> None:
    """Keep everybody from referring to a hall until the open transaction ends. Raises Missing `hall_missing`.

    The edition first, in the order in which whoever adds a room takes them.
    """
    _lock_edition(edition_id)
    hall = lock(Hall, hall_id)
    if hall is None or hall.edition_id != edition_id:
        raise Missing("hall_missing")


def lock_room(edition_id: int, room_id: int) -> None:
    """Keep everybody from referring to a room until the open transaction ends. Raises Missing `room_missing`."""
    _lock_edition(edition_id)
    room = lock(Room, room_id)
    if room is None or room.edition_id != edition_id:
        raise Missing("room_missing")


def _lock_edition(edition_id: int) -> None:
    """Let one at a time change the halls and rooms of an edition: names and positions are compared. Raises Missing."""
    if lock(Edition, edition_id) is None:
        raise EditionMissing


def _halls(edition_id: int) -> list[Hall]:
    return list(
        db.session.scalars(
            select(Hall)
            .where(Hall.edition_id == edition_id)
            .order_by(Hall.position, Hall.id)
            .execution_options(populate_existing=True)
        )
    )


def _rooms(edition_id: int) -> list[Room]:
    return list(
        db.session.scalars(
            select(Room)
            .where(Room.edition_id == edition_id)
            .order_by(Room.position, Room.id)
            .execution_options(populate_existing=True)
        )
    )


def _find(places: Sequence[Place], place_id: int, code: str) -> Place:
    found = next((each for each in places if each.id == place_id), None)
    if found is None:
        raise Missing(code)
    return found


def _move(places: list[Place], place: Place, steps: int) -> None:
    """Put a place so many steps further, and number all of them: imported ones may share a position."""
    at = places.index(place)
    places.insert(min(max(at + steps, 0), len(places) - 1), places.pop(at))
    for position, each in enumerate(places):
        each.position = position
    db.session.flush()


def _position_after(places: Sequence[Hall] | Sequence[Room]) -> int:
    return max((each.position for each in places), default=-1) + 1


def _check_hall(edition_id: int, hall_id: int | None) -> None:
    if hall_id is not None and hall_id not in {each.id for each in _halls(edition_id)}:
        raise Invalid("hall_missing", field="hall_id")


def _refuse_name_of_hall(name: dict[str, str], others: Iterable[Hall]) -> None:
    if any(share_a_name(name, each.name) for each in others):
        raise Conflict("hall_exists", field="name", name=next(iter(name.values())))


def _refuse_name_of_room(name: dict[str, str], hall_id: int | None, others: Iterable[Room]) -> None:
    if any(each.hall_id == hall_id and share_a_name(name, each.name) for each in others):
        raise Conflict("room_exists", field="name", name=next(iter(name.values())))


def _note_place(
    actor: Actor, action: str, edition_id: int, subject: str, subject_id: int, now: datetime, **details: Any
) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject=subject, subject_id=subject_id, **details)
    note_content_change(edition_id, now)
