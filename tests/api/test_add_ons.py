"""Add-ons over the API: created, changed and deleted with their versions; booked with registrations."""

import pytest
from flask import Flask

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from tests.api.calls import Api, make_token
from tests.domains.checkin.doors import OPENING
from tests.make import make_add_on, make_ticket_type

NAME = {"en": "Gala dinner", "zh": "晚宴"}


@pytest.fixture
def api(app: Flask, edition: EditionFacts) -> Api:
    return Api(app, make_token(edition))


def test_add_on_when_created_changed_and_deleted_then_each_step_has_its_version(
    api: Api, edition: EditionFacts
) -> None:
    make_ticket_type(edition, OPENING, "vip", places=9)
    body = {"code": "gala", "name": NAME, "price_cents": 38_000, "places": 4, "ticket_types": ["vip"]}
    made = api.post("/add-ons", body, Idempotency_Key="k1")
    again = api.post("/add-ons", body, Idempotency_Key="k1")
    changed = api.patch("/add-ons/gala", {"places": None, "quotas": ["vip places"]}, If_Match=made.headers["ETag"])
    outdated = api.patch("/add-ons/gala", {"price_cents": 1}, If_Match=made.headers["ETag"])
    listed = api.get("/add-ons").get_json()["items"]
    gone = api.delete("/add-ons/gala", If_Match=changed.headers["ETag"])

    assert (made.status_code, made.get_json() | {"version": ""}) == (
        201,
        {
            "code": "gala",
            "version": "",
            "name": NAME,
            "description": {},
            "price_cents": 38_000,
            "currency": "CNY",
            "sale_starts_at": None,
            "sale_ends_at": None,
            "sale_state": "on_sale",
            "max_per_attendee": 1,
            "is_public": True,
            "ticket_types": ["vip"],
            "places": 4,
            "quotas": [],
            "places_left": 4,
        },
    )
    assert again.get_json() == made.get_json()
    assert [(each["places"], each["quotas"], each["places_left"], each["price_cents"]) for each in listed] == [
        (None, ["vip places"], 9, 38_000)
    ]
    assert (outdated.status_code, outdated.get_json()["code"]) == (412, "version_outdated")
    assert (gone.status_code, api.get("/add-ons/gala").status_code) == (200, 404)


def test_add_on_when_refused_then_the_reason_is_named(api: Api, edition: EditionFacts) -> None:
    make_ticket_type(edition, OPENING)
    make_add_on(edition, OPENING, "dinner", 1)
    registered = api.post("/registrations", _order([{"code": "dinner"}]))
    answers = [
        api.post("/add-ons", {"code": "dinner", "name": NAME}),
        api.post("/add-ons", {"code": "a b", "name": NAME}),
        api.post("/add-ons", {"code": "lunch", "name": NAME, "quotas": ["none"]}),
        api.patch("/add-ons/dinner", {"places": 0}, If_Match="*"),
        api.delete("/add-ons/dinner", If_Match="*"),
        api.post("/registrations", _order([{"code": "dinner"}])),
        api.post("/registrations", _order([{"code": "none"}])),
        api.post("/registrations", _order([{"code": "dinner", "quantity": 2}])),
    ]

    assert registered.status_code == 201
    assert [(each.status_code, each.get_json()["code"]) for each in answers] == [
        (409, "add_on_exists"),
        (422, "code_invalid"),
        (404, "quota_missing"),
        (409, "quota_below_taken"),
        (409, "add_on_in_use"),
        (409, "add_on_sold_out"),
        (404, "add_on_missing"),
        (422, "too_many_of_add_on"),
    ]


def test_attendee_when_registered_and_changed_then_shows_add_ons(api: Api, edition: EditionFacts) -> None:
    make_ticket_type(edition, OPENING)
    make_add_on(edition, OPENING, "dinner", 1)
    make_add_on(edition, OPENING, "parking", max_per_attendee=2)
    registered = api.post("/registrations", _order([{"code": "parking", "quantity": 2}])).get_json()
    [person] = registered["attendees"]

    changed = api.patch(f"/attendees/{person['id']}", {"name": "李雷", "add_ons": [{"code": "dinner"}]})
    renamed = api.patch(f"/attendees/{person['id']}", {"name": "李娜"})
    too_many = api.patch(f"/attendees/{person['id']}", {"name": "No", "add_ons": [{"code": "dinner", "quantity": 2}]})
    listed = [each["name"] for each in api.get("/attendees", add_on="dinner").get_json()["items"]]

    assert person["add_ons"] == [{"code": "parking", "name": {"en": "Parking", "zh": "parking（中文）"}, "quantity": 2}]
    assert [each["code"] for each in changed.get_json()["add_ons"]] == ["dinner"]
    assert [each["code"] for each in renamed.get_json()["add_ons"]] == ["dinner"]
    assert too_many.status_code == 422
    assert (listed, api.get("/attendees", add_on="parking").get_json()["items"]) == (["李娜"], [])


def test_add_on_when_the_token_may_not_then_refused(app: Flask, edition: EditionFacts) -> None:
    make_add_on(edition, OPENING, "dinner")
    api = Api(app, make_token(edition, Permission.ATTENDEES_READ))

    answers = [
        api.get("/add-ons"),
        api.post("/add-ons", {"code": "lunch", "name": NAME}),
        api.patch("/add-ons/dinner", {"places": 1}, If_Match="*"),
        api.delete("/add-ons/dinner", If_Match="*"),
    ]

    assert [each.status_code for each in answers] == [200, 403, 403, 403]


def _order(add_ons: list[dict[str, object]]) -> dict[str, object]:
    person = {"ticket_type": "visitor", "name": "张伟", "country": "CN", "add_ons": add_ons}
    return {"email": "office@example.org", "attendees": [person]}
