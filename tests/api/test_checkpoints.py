"""Checkpoints over the API: with rules and questions, in versions, and of one edition."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from tests.api.calls import Api, make_token
from tests.conftest import make_edition
from tests.make import make_room, make_session, make_ticket_type

NAME = {"en": "North gate", "zh": "北门"}
RULE = {"all": [{"ticket_type": ["visitor"]}, {"not": {"between": ["18:00", "09:00"]}}]}
QUESTION = {"id": "card", "kind": "confirm", "text": {"en": "Card?"}, "choices": [], "ticket_types": ["visitor"]}


@pytest.fixture
def api(app: Flask, edition: EditionFacts, now: datetime) -> Api:
    make_ticket_type(edition, now)
    return Api(app, make_token(edition, Permission.CHECKPOINTS_MANAGE))


def test_checkpoint_when_created_changed_and_deleted_then_each_step_has_its_version(
    api: Api, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "Opening")
    make_room(edition, now)
    body = {"id": "north", "name": NAME, "kind": "session", "room": "room-1", "session": "opening", "rule": RULE}

    made: Any = api.post("/checkpoints", body)
    changed = api.patch(
        "/checkpoints/north", {"questions": [QUESTION], "ticket_types": ["visitor"]}, If_Match=made.headers["ETag"]
    )
    outdated = api.patch("/checkpoints/north", {"rule": None}, If_Match=made.headers["ETag"])
    unruled = api.patch("/checkpoints/north", {"rule": None}, If_Match=changed.headers["ETag"])
    gone = api.delete("/checkpoints/north", If_Match=unruled.headers["ETag"])

    assert made.status_code == 201
    assert made.get_json() | {"version": ""} == {
        "id": "north",
        "version": "",
        "name": NAME,
        "kind": "session",
        "hall": None,
        "room": "room-1",
        "session": "opening",
        "ticket_types": None,
        "zone": "north",
        "capacity": None,
        "is_open": True,
        "opens_at": None,
        "closes_at": None,
        "rule": RULE,
        "questions": [],
    }
    assert changed.get_json() | {"version": ""} == made.get_json() | {
        "version": "",
        "questions": [QUESTION],
        "ticket_types": ["visitor"],
    }
    assert (outdated.status_code, outdated.get_json()["code"]) == (412, "version_outdated")
    assert (unruled.get_json()["rule"], unruled.get_json()["questions"]) == (None, [QUESTION])
    assert (gone.get_json(), api.get("/checkpoints/north").status_code) == ({"id": "north"}, 404)


def test_checkpoint_when_the_same_request_is_repeated_then_made_once(api: Api) -> None:
    body = {"id": "north", "name": NAME}

    first, second = (api.post("/checkpoints", body, Idempotency_Key="k1") for _ in range(2))
    again = api.post("/checkpoints", body)

    assert (first.get_json(), second.headers["Idempotency-Replayed"]) == (second.get_json(), "true")
    assert (again.status_code, again.get_json()["code"]) == (409, "checkpoint_exists")
    assert [each["id"] for each in api.get("/checkpoints").get_json()["items"]] == ["north"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"rule": {"moon": 1}}, "rule_condition_unknown"),
        ({"rule": {"all": [{"ticket_type": ["press"]}]}}, "rule_value_invalid"),
        ({"rule": {"holds_seat": True}}, "rule_session_missing"),
        ({"rule": {"add_on": ["\x00"]}}, "rule_value_invalid"),
        ({"rule": {"add_on": ["none"]}}, "rule_value_invalid"),
        ({"questions": [QUESTION | {"kind": "choice"}]}, "door_question_invalid"),
        ({"questions": [QUESTION, QUESTION]}, "door_question_invalid"),
        ({"ticket_types": ["press"]}, "ticket_type_missing"),
        ({"session": "none"}, "session_missing"),
        ({"room": "none"}, "room_missing"),
        ({"hall": "none"}, "hall_missing"),
    ],
)
def test_checkpoint_when_a_value_is_wrong_then_invalid_and_nothing_is_stored(
    change: dict[str, Any], code: str, api: Api
) -> None:
    answer = api.post("/checkpoints", {"id": "north", "name": NAME} | change)

    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert api.get("/checkpoints").get_json()["items"] == []


def test_checkpoint_when_of_another_edition_or_without_permission_then_neither_shown_nor_changed(
    app: Flask, api: Api, edition: EditionFacts, now: datetime
) -> None:
    made = api.post("/checkpoints", {"id": "north", "name": NAME})
    version = made.headers["ETag"]
    other = Api(app, make_token(make_edition(now, "expo-2028", 2028), Permission.CHECKPOINTS_MANAGE))
    scanner = Api(app, make_token(edition, Permission.SCAN))

    statuses = {
        name: [
            each.get("/checkpoints/north").status_code,
            each.patch("/checkpoints/north", {"rule": None}, If_Match=version).status_code,
            each.delete("/checkpoints/north", If_Match=version).status_code,
        ]
        for name, each in (("other", other), ("scanner", scanner))
    }

    assert statuses == {"other": [404, 404, 404], "scanner": [403, 403, 403]}
    assert other.get("/checkpoints").get_json()["items"] == []
