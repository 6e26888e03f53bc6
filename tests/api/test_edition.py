"""The expo and its halls by the API."""

from datetime import datetime, timedelta

from flask import Flask

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest, RegistrationWindow
from expo.editions.services import create_hall, set_registration_window
from tests.api.calls import Api, make_token
from tests.conftest import make_edition


def test_edition_when_asked_for_then_says_dates_and_whether_registration_is_open(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    api = Api(each_app, make_token(edition, Permission.SCAN))
    before = api.get("/edition").get_json()

    set_registration_window(
        SYSTEM, edition.id, RegistrationWindow(is_open=True, closes_at=now - timedelta(days=400)), now
    )
    after = api.get("/edition").get_json()

    assert (before["slug"], before["starts_on"], before["ends_on"]) == ("expo-2027", "2027-05-26", "2027-05-28")
    assert before["registration"] == {"state": "open", "opens_at": None, "closes_at": None}
    assert after["registration"]["state"] == "closed"


def test_halls_when_listed_then_only_those_of_the_edition_page_by_page(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for name in ("Hall A", "Hall B", "Hall C"):
        create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now)
    create_hall(SYSTEM, make_edition(now, "expo-2028", 2028).id, HallRequest({"en": "Secret"}), now)
    api = Api(each_app, make_token(edition, Permission.SCAN))

    first = api.get("/halls", limit=2).get_json()
    second = api.get("/halls", limit=2, cursor=first["next"]).get_json()

    assert [each["code"] for each in first["items"]] == ["hall-a", "hall-b"]
    assert second == {"items": [{"code": "hall-c", "name": {"en": "Hall C"}}], "next": None}
