"""Halls and rooms under Settings."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts, list_halls, list_rooms
from expo.editions.rules import HallRequest, RoomRequest
from expo.editions.services import create_hall, create_room
from expo.pure.periods import Period
from tests.web.organizer.conftest import SignIn

VENUE = "/organizer/settings/venue"


def test_venue_when_there_is_nothing_then_page_leads_to_the_first_hall(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    page = organizer.get(VENUE)

    assert page.status_code == 200
    assert "No halls or rooms yet" in page.text
    assert f'href="{VENUE}/halls/new"' in page.text


def test_venue_when_hall_and_room_are_made_in_the_browser_then_both_are_listed(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    organizer.post(f"{VENUE}/halls/new", data={"name-en": "Hall A", "name-zh": "甲馆"})
    [hall] = list_halls(edition.id)
    form = organizer.get(f"{VENUE}/rooms/new?hall={hall.id}")
    organizer.post(
        f"{VENUE}/rooms/new", data={"name-en": "Room 1", "name-zh": "一号厅", "hall_id": hall.id, "capacity": "120"}
    )

    [room] = list_rooms(edition.id)
    assert hall.name == {"en": "Hall A", "zh": "甲馆"}
    assert f'<option selected value="{hall.id}">' in form.text
    assert (room.name, room.capacity, room.hall) == ({"en": "Room 1", "zh": "一号厅"}, 120, hall)
    page = organizer.get(VENUE).text
    assert "Hall A" in page
    assert "Room 1" in page


def test_room_when_edited_then_form_is_filled_in_and_change_is_saved(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    room_id = create_room(SYSTEM, edition.id, RoomRequest({"en": "Room 1", "ar": "غرفة"}, None, 40), now)
    form = organizer.get(f"{VENUE}/rooms/{room_id}/edit").text

    organizer.post(f"{VENUE}/rooms/{room_id}/edit", data={"name-en": "Room 2", "hall_id": "0", "capacity": ""})

    [room] = list_rooms(edition.id)
    assert 'value="Room 1"' in form
    assert 'value="40"' in form
    assert (room.name, room.capacity) == ({"en": "Room 2", "ar": "غرفة"}, None)


def test_room_when_duplicated_then_the_form_has_its_values(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall A"}), now)
    closed = (Period(now, now + timedelta(hours=3)),)
    wanted = RoomRequest({"en": "Room 1", "zh": "一号厅"}, hall_id, 40, ("stage", "livestream"), closed)
    room_id = create_room(SYSTEM, edition.id, wanted, now)

    page = organizer.get(f"{VENUE}/rooms/new?copy={room_id}").text
    inputs = [(each.get("name"), each.get("value", "")) for each in html.fromstring(page).iter("input")]
    form = MultiDict([*((name, value) for name, value in inputs if name), ("hall_id", str(hall_id))])
    saved = organizer.post(f"{VENUE}/rooms/new?copy={room_id}", data=form)

    first, second = list_rooms(edition.id)
    assert (saved.status_code, "Duplicate Room 1" in page) == (302, True)
    assert f'<option selected value="{hall_id}">' in page
    assert second == replace(first, id=second.id, slug="room-1-2", name={"en": "Room 1 (2)", "zh": "一号厅（2）"})
    assert organizer.get(f"{VENUE}/rooms/new?copy=x").status_code == 404


def test_forms_when_wrong_then_say_why_and_change_nothing(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall A"}), now)

    empty = organizer.post(f"{VENUE}/halls/new", data={"name-en": " "})
    twice = organizer.post(f"{VENUE}/halls/new", data={"name-en": "hall a"})
    capacity = organizer.post(f"{VENUE}/rooms/new", data={"name-en": "Room", "hall_id": "0", "capacity": "-3"})
    hall = organizer.post(f"{VENUE}/rooms/new", data={"name-en": "Room", "hall_id": "4711"})

    assert {each.status_code for each in (empty, twice, capacity, hall)} == {422}
    assert "Enter a name." in empty.text
    assert "A hall named hall a already exists." in twice.text
    assert len(list_halls(edition.id)) == 1
    assert list_rooms(edition.id) == []


def test_order_when_arrow_is_pressed_then_room_moves(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    first, second = (create_room(SYSTEM, edition.id, RoomRequest({"en": name}), now) for name in ("A", "B"))
    halls = [create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now) for name in ("A", "B")]

    organizer.post(f"{VENUE}/rooms/{second}/move/up")
    organizer.post(f"{VENUE}/halls/{halls[0]}/move/down")

    assert [each.id for each in list_rooms(edition.id)] == [second, first]
    assert [each.id for each in list_halls(edition.id)] == halls[::-1]


def test_delete_when_asked_and_answered_then_place_is_gone(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall A"}), now)
    room_id = create_room(SYSTEM, edition.id, RoomRequest({"en": "Room 1"}), now)

    question = organizer.get(f"{VENUE}/rooms/{room_id}/delete")
    still_there = len(list_rooms(edition.id))
    organizer.post(f"{VENUE}/rooms/{room_id}/delete")
    organizer.post(f"{VENUE}/halls/{hall_id}/delete")

    assert "Delete Room 1?" in question.text
    assert still_there == 1
    assert (list_rooms(edition.id), list_halls(edition.id)) == ([], [])


def test_delete_when_place_is_in_use_then_reasons_are_shown_and_it_stays(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall A"}), now)
    room_id = create_room(SYSTEM, edition.id, RoomRequest({"en": "Room 1"}, hall_id), now)
    create_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest({"en": "Main"}, room_id=room_id), now)

    asked = organizer.get(f"{VENUE}/halls/{hall_id}/delete")
    answered = organizer.post(f"{VENUE}/rooms/{room_id}/delete")

    assert "1 room" in asked.text
    assert 'name="csrf_token"' not in asked.text.partition("<main")[2]
    assert answered.status_code == 409
    assert "1 checkpoint" in answered.text
    assert len(list_rooms(edition.id)) == 1


def test_search_when_something_is_typed_then_shows_matches_in_any_language(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_room(SYSTEM, edition.id, RoomRequest({"en": "Orchid", "zh": "兰花厅"}), now)
    create_room(SYSTEM, edition.id, RoomRequest({"en": "Bamboo", "zh": "竹厅"}), now)

    found, nothing = organizer.get(f"{VENUE}?q=兰").text, organizer.get(f"{VENUE}?q=xyz").text

    assert "Orchid" in found
    assert "Bamboo" not in found
    assert "No results" in nothing


def test_export_when_asked_for_then_holds_halls_and_rooms_with_their_uses(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, edition.id, HallRequest({"en": "Hall A", "zh": "甲馆"}), now)
    create_room(SYSTEM, edition.id, RoomRequest({"en": "Room 1"}, hall_id, 40), now)

    csv = organizer.get(f"{VENUE}/export.csv")

    assert csv.data.decode("utf-8-sig").splitlines() == [
        "Kind,Hall,Name (English),Name (Chinese),Capacity,Sessions,Booths,Checkpoints",
        "hall,,Hall A,甲馆,,0,0,0",
        "room,Hall A,Room 1,,40,0,0,0",
    ]
    assert organizer.get(f"{VENUE}/export.xlsx").data[:2] == b"PK"


def test_pages_when_place_is_of_another_edition_then_are_missing(
    organizer: FlaskClient, other_edition: EditionFacts, now: datetime
) -> None:
    hall_id = create_hall(SYSTEM, other_edition.id, HallRequest({"en": "Secret hall"}), now)
    room_id = create_room(SYSTEM, other_edition.id, RoomRequest({"en": "Secret room"}), now)

    answers = [
        organizer.get(f"{VENUE}/halls/{hall_id}/edit"),
        organizer.get(f"{VENUE}/rooms/{room_id}/edit"),
        organizer.post(f"{VENUE}/halls/{hall_id}/delete"),
        organizer.post(f"{VENUE}/rooms/{room_id}/delete"),
        organizer.post(f"{VENUE}/rooms/{room_id}/move/up"),
    ]

    assert {each.status_code for each in answers} == {404}
    assert "Secret" not in organizer.get(VENUE).text


def test_venue_when_asked_for_by_the_desk_then_is_refused(sign_in: SignIn) -> None:
    assert sign_in(Role.DESK).get(VENUE).status_code == 403
