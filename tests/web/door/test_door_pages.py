import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.models import Scan
from expo.checkin.rules import Reason
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.web.kit.scan_labels import REASON_TEXTS
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import sign_in_cookie
from tests.make import make_attendee

FORCED = {"forced": True, "force_reason": "identity_checked"}


def _client(app: Flask, edition: EditionFacts, role: Role | None) -> FlaskClient:
    now = utcnow()
    person_id = ensure_person(f"{role}@example.org", "Steward", "en", now)
    if role:
        grant_role(SYSTEM, edition.id, person_id, role, now)
    assert find_person(person_id) is not None
    client = app.test_client()
    client.set_cookie("session", sign_in_cookie(app, "", person_id)["value"])
    return client


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An edition that is open today, whatever day that is."""
    edition = make_edition(utcnow(), "now", 2027)
    _open_today(edition)
    return edition


def _open_today(edition: EditionFacts) -> None:
    today = utcnow().astimezone(edition.zone).date()
    with atomic() as session:
        found = session.get(Edition, edition.id)
        assert found is not None
        found.starts_on, found.ends_on = today, today + timedelta(days=2)


def _scan(token: str, **values: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid.uuid4()),
        "token": token,
        "checkpoint": "main",
        "direction": "entry",
        "age_ms": 0,
        **values,
    }


def test_door_when_nobody_is_signed_in_then_asked_to_sign_in(app: Flask, edition: EditionFacts) -> None:
    client = app.test_client()

    answers = [client.get("/door/"), client.get("/door/session"), client.post("/door/scans", json=_scan("x"))]

    assert [(each.status_code, "/sign-in" in each.location) for each in answers] == [(302, True)] * 3


@pytest.mark.parametrize(("role", "status"), [(None, 403), (Role.REVIEWER, 403), (Role.STEWARD, 200), (Role.DESK, 200)])
def test_door_when_role_may_not_scan_then_refused(
    app: Flask, edition: EditionFacts, role: Role | None, status: int
) -> None:
    assert _client(app, edition, role).get("/door/").status_code == status


def test_door_when_opened_then_checkpoints_of_this_edition_to_choose_from(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    make_checkpoint(make_edition(now, "expo-2028", 2028), now, "theirs")

    page = _client(app, edition, Role.STEWARD).get("/door/").get_data(as_text=True)

    assert ('value="main"' in page, "Theirs" in page) == (True, False)


def test_door_when_checkpoint_is_chosen_then_scanner_with_every_text(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)

    answer = _client(app, edition, Role.STEWARD).get("/door/?checkpoint=main&direction=exit")

    page = answer.get_data(as_text=True)
    assert ('id="door-data"' in page, '"direction": "exit"' in page) == (True, True)
    assert "'wasm-unsafe-eval'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Permissions-Policy"].startswith("camera=(self)")


def test_worker_when_fetched_then_its_own_policy_lets_it_compile(app: Flask, edition: EditionFacts) -> None:
    answer = _client(app, edition, Role.STEWARD).get("/door/worker.js", buffered=True)
    answer.close()

    assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
    assert "'wasm-unsafe-eval'" in answer.headers["Content-Security-Policy"]


def test_door_scan_when_admitted_and_again_then_shown_in_words(app: Flask, open_edition: EditionFacts) -> None:
    now = utcnow()
    make_checkpoint(open_edition, now)
    attendee = make_attendee(open_edition, now, name="张伟", latin_name="Zhang Wei", company="数据谷")
    client = _client(app, open_edition, Role.STEWARD)

    first = client.post("/door/scans", json=_scan(attendee.token)).get_json()
    second = client.post("/door/scans", json=_scan(attendee.token)).get_json()

    assert (first["verdict"], first["word"], first["first"], first["may_force"]) == ("admitted", "Welcome", None, False)
    assert first["attendee"] == {
        "name": "张伟",
        "latin_name": "Zhang Wei",
        "company": "数据谷",
        "country": "China",
        "ticket_type": "Visitor",
        "band": 0,
    }
    assert (second["verdict"], second["reason"], second["word"]) == (
        "refused",
        "already_admitted",
        "Already checked in",
    )
    assert second["first"].endswith("Main entrance")


def test_door_scan_when_it_waited_then_judged_by_when_it_was_made(app: Flask, open_edition: EditionFacts) -> None:
    now = utcnow()
    make_checkpoint(open_edition, now)
    attendee = make_attendee(open_edition, now)

    _client(app, open_edition, Role.STEWARD).post("/door/scans", json=_scan(attendee.token, age_ms=60_000))

    row = db.session.scalars(select(Scan)).one()
    assert row.received_at - row.scanned_at == timedelta(minutes=1)


@pytest.mark.parametrize(("role", "may_force"), [(Role.STEWARD, False), (Role.DESK, True)])
def test_door_scan_when_reason_is_soft_then_only_who_may_can_force(
    app: Flask, open_edition: EditionFacts, role: Role, *, may_force: bool
) -> None:
    now = utcnow()
    make_checkpoint(open_edition, now)
    attendee = make_attendee(open_edition, now)
    client = _client(app, open_edition, role)
    client.post("/door/scans", json=_scan(attendee.token))

    refused = client.post("/door/scans", json=_scan(attendee.token)).get_json()
    forced = client.post("/door/scans", json=_scan(attendee.token, **FORCED))

    assert (refused["may_force"], forced.status_code) == (may_force, 200 if may_force else 403)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        _scan("x", scan_id="1"),
        _scan("x", direction="up"),
        _scan("x", age_ms="1"),
        _scan("x", age_ms=1e300),
        _scan("x", forced=1),
        _scan("x", forced=True),
        _scan("x", forced=True, force_reason="bored"),
        _scan("x", forced=True, force_reason="other"),
        _scan("x", forced=True, force_reason="other", force_note="  "),
        _scan("x", forced=True, force_reason="identity_checked", force_note="x" * 201),
        _scan("x", forced=True, force_reason="identity_checked", force_note=5),
        _scan("x" * 1001),
        {**_scan("x"), "token": 5},
    ],
)
def test_door_scan_when_it_is_none_then_422_and_no_row(app: Flask, edition: EditionFacts, body: Any) -> None:
    answer = _client(app, edition, Role.STEWARD).post("/door/scans", json=body)

    assert answer.status_code == 422
    assert db.session.scalars(select(Scan)).all() == []


def test_door_scan_when_form_token_is_missing_then_400(app: Flask, edition: EditionFacts) -> None:
    client = _client(app, edition, Role.STEWARD)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        without = client.post("/door/scans", json=_scan("x"))
        token = client.get("/door/token").get_json()["csrf_token"]
        with_it = client.post("/door/scans", json=_scan("x"), headers={"X-CSRFToken": token})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (without.status_code, with_it.status_code) == (400, 200)


def test_reason_texts_when_listed_then_one_for_every_reason(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        words = [str(REASON_TEXTS[reason].word) for reason in Reason]

    assert set(REASON_TEXTS) == set(Reason)
    assert len(set(words)) == len(words)
