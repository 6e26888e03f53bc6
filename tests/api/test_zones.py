"""Zones over the API: created, read, changed and deleted, each step with its version."""

import pytest
from flask import Flask

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from tests.api.calls import Api, make_token
from tests.domains.checkin.doors import OPENING, make_checkpoint

NAME = {"en": "Hall 1", "zh": "1 号馆"}


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


def test_zone_when_created_changed_and_deleted_then_each_step_has_its_version(api: Api) -> None:
    made = api.post("/zones", {"id": "hall-1", "name": NAME, "capacity": 40, "exclusive_group": "halls"})
    changed = api.patch("/zones/hall-1", {"capacity": None, "alarm_percent": 99}, If_Match=made.headers["ETag"])
    outdated = api.patch("/zones/hall-1", {"capacity": 3}, If_Match=made.headers["ETag"])
    listed = api.get("/zones").get_json()["items"]
    gone = api.delete("/zones/hall-1", If_Match=changed.headers["ETag"])

    assert (made.status_code, made.get_json() | {"version": ""}) == (
        201,
        {
            "id": "hall-1",
            "version": "",
            "name": NAME,
            "checkpoints": [],
            "capacity": 40,
            "inside": 0,
            "exclusive_group": "halls",
            "anti_passback": True,
            "warning_percent": 80,
            "alarm_percent": 95,
        },
    )
    assert (listed[0]["capacity"], listed[0]["alarm_percent"], listed[0]["exclusive_group"]) == (None, 99, "halls")
    assert (outdated.status_code, outdated.get_json()["code"]) == (412, "version_outdated")
    assert (gone.status_code, api.get("/zones/hall-1").status_code) == (200, 404)


def test_zone_when_refused_then_the_reason_is_named(api: Api, edition: EditionFacts) -> None:
    make_checkpoint(edition, OPENING, "main")

    answers = [
        api.post("/zones", {"id": "main", "name": NAME}),
        api.post("/zones", {"id": "no spaces", "name": NAME}),
        api.post("/zones", {"id": "two", "name": NAME, "warning_percent": 96}),
        api.delete("/zones/main", If_Match="*"),
    ]

    assert [(each.status_code, each.get_json()["code"]) for each in answers] == [
        (409, "zone_exists"),
        (422, "zone_code_invalid"),
        (422, "zone_percent_reversed"),
        (409, "zone_in_use"),
    ]


def test_zone_when_the_token_may_not_manage_or_is_of_another_expo_then_neither_read_nor_changed(
    app: Flask, edition: EditionFacts, api: Api
) -> None:
    api.post("/zones", {"id": "hall-1", "name": NAME})
    scanner = Api(app, make_token(edition, Permission.SCAN))

    assert [scanner.get("/zones").status_code, scanner.post("/zones", {"id": "a", "name": NAME}).status_code] == [
        403,
        403,
    ]
