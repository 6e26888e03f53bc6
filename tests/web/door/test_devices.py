from datetime import datetime

from flask import Flask

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from tests.api.calls import Api
from tests.make import make_attendee
from tests.sessions import browser_of


def test_browser_of_a_steward_when_made_a_device_then_gets_a_snapshot(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    person = ensure_person("steward@example.org", "Li Na", "en", now)
    grant_role(SYSTEM, edition.id, person, Role.STEWARD, now)

    answer = browser_of(app, person, edition.id).post("/door/device")
    snapshot = Api(app, answer.get_json()["token"]).get("/door/snapshot").get_json()

    device = answer.get_json()["device"]
    assert (device["name"], device["profile"], device["checkpoints"]) == ("Li Na", "steward", [])
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(snapshot["records"]) == 1


def test_browser_when_the_request_has_no_csrf_token_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    person = ensure_person("steward@example.org", "Li Na", "en", now)
    grant_role(SYSTEM, edition.id, person, Role.STEWARD, now)
    browser = browser_of(app, person, edition.id)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post("/door/device")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert answer.status_code == 400
