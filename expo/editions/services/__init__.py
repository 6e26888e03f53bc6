"""Services of editions, halls and rooms."""

from expo.editions.services.editions import (
    change_edition,
    create_edition,
    increment_content_version,
    lock_dates,
    make_current,
    set_registration_window,
    set_second_factor_roles,
)
from expo.editions.services.halls import add_hall, change_hall, create_hall, delete_hall, lock_hall, move_hall
from expo.editions.services.rooms import add_room, change_room, create_room, delete_room, lock_room, move_room

__all__ = [
    "add_hall",
    "add_room",
    "change_edition",
    "change_hall",
    "change_room",
    "create_edition",
    "create_hall",
    "create_room",
    "delete_hall",
    "delete_room",
    "increment_content_version",
    "lock_dates",
    "lock_hall",
    "lock_room",
    "make_current",
    "move_hall",
    "move_room",
    "set_registration_window",
    "set_second_factor_roles",
]
