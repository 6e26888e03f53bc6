"""Services for halls."""

from collections.abc import Iterable
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Hall
from expo.editions.rules import HallRequest, check_place_name, have_same_name
from expo.editions.services.places import (
    HALL,
    delete_place,
    get_place,
    list_places,
    lock_edition,
    lock_place,
    move_place,
    position_after,
    record_place,
)
from expo.errors import Conflict
from expo.infra.db import atomic, db
from expo.pure.slugs import make_slug

# A code may have 32 characters; leave room for the number that `make_slug` may append.
MAX_MADE_CODE_LENGTH = 28


def add_hall(actor: Actor, edition_id: int, code: str, name: dict[str, str], position: int = 0) -> int:
    """Add a hall and return its id."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    with atomic():
        hall = Hall(edition_id=edition_id, code=code, name=name, position=position)
        db.session.add(hall)
        db.session.flush()
        return hall.id


def create_hall(actor: Actor, edition_id: int, request: HallRequest, now: datetime) -> int:
    """Add a hall at the end and return its id. Raises EditionMissing, Invalid or Conflict `hall_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    with atomic():
        lock_edition(edition_id)
        others = list_places(HALL, edition_id)
        _check_name_is_free(name, others)
        code = make_slug(next(iter(name.values())), {each.code for each in others}, MAX_MADE_CODE_LENGTH)
        hall = Hall(edition_id=edition_id, code=code, name=name, position=position_after(others))
        db.session.add(hall)
        db.session.flush()
        record_place(actor, "create", HALL, edition_id, hall.id, now, name=name)
        return hall.id


def change_hall(actor: Actor, edition_id: int, hall_id: int, request: HallRequest, now: datetime) -> None:
    """Rename a hall. Raises Missing `hall_missing`, Invalid or Conflict `hall_exists`."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    name = check_place_name(request.name)
    with atomic():
        lock_edition(edition_id)
        halls = list_places(HALL, edition_id)
        hall = get_place(HALL, halls, hall_id)
        _check_name_is_free(name, [each for each in halls if each is not hall])
        hall.name = name
        db.session.flush()
        record_place(actor, "change", HALL, edition_id, hall_id, now, name=name)


def move_hall(actor: Actor, edition_id: int, hall_id: int, steps: int, now: datetime) -> None:
    """Move a hall up (negative steps) or down in the order. Raises Missing `hall_missing`."""
    move_place(actor, HALL, edition_id, hall_id, steps, now)


def delete_hall(actor: Actor, edition_id: int, hall_id: int, now: datetime) -> None:
    """Delete a hall that the caller has checked to be unused. Raises Missing `hall_missing`."""
    delete_place(actor, HALL, edition_id, hall_id, now)


def lock_hall(edition_id: int, hall_id: int) -> None:
    """Lock a hall against new references until the transaction ends. Raises Missing `hall_missing`."""
    lock_place(HALL, edition_id, hall_id)


def _check_name_is_free(name: dict[str, str], others: Iterable[Hall]) -> None:
    if any(have_same_name(name, each.name) for each in others):
        raise Conflict("hall_exists", field="name", name=next(iter(name.values())))
