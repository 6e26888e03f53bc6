"""Halls and rooms: names, order, what keeps them from being deleted."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts, get_edition, list_halls, list_rooms
from expo.editions.rules import HallRequest, RoomRequest
from expo.editions.services import (
    add_room,
    change_hall,
    change_room,
    create_hall,
    create_room,
    move_hall,
    move_room,
)
from expo.errors import Conflict, Invalid, Missing
from expo.flows.venue import PlaceInUse, Uses, count_venue_uses, delete_hall, delete_room
from expo.infra.audit import list_audit_records
from tests.conftest import make_edition


def _hall(edition: EditionFacts, now: datetime, name: str = "Hall A") -> int:
    return create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now)


def _room(edition: EditionFacts, now: datetime, name: str = "Room 1", hall_id: int | None = None) -> int:
    return create_room(SYSTEM, edition.id, RoomRequest({"en": name}, hall_id, 40), now)


def test_hall_when_created_and_renamed_then_name_changes_and_code_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": " Hall A ", "zh": "甲馆", "ar": " "}), now)

    change_hall(SYSTEM, edition.id, hall_id, HallRequest({"en": "Hall B"}), now)

    [hall] = list_halls(edition.id)
    assert (hall.id, hall.code, hall.name) == (hall_id, "hall-a", {"en": "Hall B"})


def test_room_when_changed_then_keeps_its_address_and_raises_the_content_version(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = _hall(edition, now)
    room_id = _room(edition, now)
    before = get_edition(edition.id).content_version

    change_room(SYSTEM, edition.id, room_id, RoomRequest({"en": "Great room"}, hall_id, 300), now)

    [room] = list_rooms(edition.id)
    assert (room.slug, room.name, room.capacity) == ("room-1", {"en": "Great room"}, 300)
    assert room.hall is not None
    assert room.hall.id == hall_id
    assert get_edition(edition.id).content_version == before + 1


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (RoomRequest({"en": " "}), "name_empty"),
        (RoomRequest({"en": "x" * 201}), "name_too_long"),
        (RoomRequest({"en": "Room"}, None, 0), "number_out_of_range"),
        (RoomRequest({"en": "Room"}, 4711), "hall_missing"),
    ],
)
def test_room_when_request_is_wrong_then_is_refused_with_the_reason(
    each_app: Flask, edition: EditionFacts, now: datetime, request_: RoomRequest, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        create_room(SYSTEM, edition.id, request_, now)

    assert caught.value.code == code
    assert list_rooms(edition.id) == []


def test_room_when_another_in_the_same_hall_has_the_name_then_is_refused_but_not_in_another_hall(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    first, second = _hall(edition, now, "Hall A"), _hall(edition, now, "Hall B")
    _room(edition, now, "Room 1", first)

    with pytest.raises(Conflict) as caught:
        _room(edition, now, "ROOM 1", first)
    _room(edition, now, "Room 1", second)

    assert caught.value.code == "room_exists"
    assert [each.slug for each in list_rooms(edition.id)] == ["room-1", "room-1-2"]


def test_hall_when_another_has_the_name_then_is_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    _hall(edition, now, "Hall A")

    with pytest.raises(Conflict) as caught:
        _hall(edition, now, "hall a")

    assert caught.value.code == "hall_exists"


def test_move_when_positions_are_shared_then_order_follows_and_ends_hold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ids = [add_room(SYSTEM, edition.id, slug, {"en": slug}) for slug in ("a", "b", "c")]

    move_room(SYSTEM, edition.id, ids[2], -1, now)
    move_room(SYSTEM, edition.id, ids[0], -1, now)

    assert [each.slug for each in list_rooms(edition.id)] == ["a", "c", "b"]


def test_move_hall_when_moved_down_then_order_follows(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    first, second = _hall(edition, now, "A"), _hall(edition, now, "B")

    move_hall(SYSTEM, edition.id, first, 1, now)

    assert [each.id for each in list_halls(edition.id)] == [second, first]


def test_delete_when_room_and_checkpoint_use_the_hall_then_is_refused_with_what_uses_it(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = _hall(edition, now)
    room_id = _room(edition, now, hall_id=hall_id)
    create_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest({"en": "Main"}, hall_id=hall_id), now)
    create_checkpoint(SYSTEM, edition.id, "room", CheckpointRequest({"en": "Room"}, room_id=room_id), now)

    with pytest.raises(PlaceInUse) as hall:
        delete_hall(SYSTEM, edition.id, hall_id, now)
    with pytest.raises(PlaceInUse) as room:
        delete_room(SYSTEM, edition.id, room_id, now)

    assert hall.value.uses == Uses(rooms=1, checkpoints=1)
    assert room.value.uses == Uses(checkpoints=1)
    assert count_venue_uses(edition.id).halls == {hall_id: Uses(rooms=1, checkpoints=1)}
    assert [each.id for each in list_halls(edition.id)] == [hall_id]


def test_delete_when_nothing_uses_the_room_then_it_goes_and_the_act_is_recorded(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    kept, room_id = _room(edition, now, "Kept"), _room(edition, now, "Gone")

    delete_room(SYSTEM, edition.id, room_id, now)

    assert [each.id for each in list_rooms(edition.id)] == [kept]
    assert [each.action for each in list_audit_records("room", room_id)] == [
        "edition.delete_room",
        "edition.create_room",
    ]


def test_acts_when_place_is_of_another_edition_then_it_is_missing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, slug="other", year=2028)
    hall_id, room_id = _hall(other, now), _room(other, now)

    codes = []
    acts: tuple[Callable[[], None], ...] = (
        lambda: change_hall(SYSTEM, edition.id, hall_id, HallRequest({"en": "X"}), now),
        lambda: move_hall(SYSTEM, edition.id, hall_id, 1, now),
        lambda: delete_hall(SYSTEM, edition.id, hall_id, now),
        lambda: change_room(SYSTEM, edition.id, room_id, RoomRequest({"en": "X"}), now),
        lambda: move_room(SYSTEM, edition.id, room_id, 1, now),
        lambda: delete_room(SYSTEM, edition.id, room_id, now),
    )
    for act in acts:
        with pytest.raises(Missing) as caught:
            act()
        codes.append(caught.value.code)

    assert codes == ["hall_missing"] * 3 + ["room_missing"] * 3


def test_acts_when_actor_has_no_permission_then_nothing_is_changed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with pytest.raises(PermissionMissing):
        create_hall(ANONYMOUS, edition.id, HallRequest({"en": "Hall"}), now)
    with pytest.raises(PermissionMissing):
        create_room(ANONYMOUS, edition.id, RoomRequest({"en": "Room"}), now)

    assert (list_halls(edition.id), list_rooms(edition.id)) == ([], [])
