"""What the scanner sends and receives."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.leads.services import stop_sharing
from tests.house.hostile import VALUES, list_bodies
from tests.web.exhibitor.leads.booths import Booth, make_booth, scan_body


@pytest.fixture
def booth(app: Flask, edition: EditionFacts, now: datetime) -> Booth:
    return make_booth(app, edition, now)


def test_page_when_opened_then_may_use_the_camera_and_contains_nothing_of_the_company(booth: Booth) -> None:
    answer = booth.browser.get(f"{booth.path}/scan")
    shells = [booth.app.test_client().get(f"/en/exhibitor/{each}.html") for each in ("scanner", "check-in")]

    assert "Yunshang" not in answer.text
    for page in (answer, *shells):
        assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert all("data-nobody" not in shell.text for shell in shells)


def test_booth_when_fetched_then_keys_and_owner_and_never_stored_by_caches(booth: Booth) -> None:
    answer = booth.browser.get(f"{booth.path}/scan/booth")

    data = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (data["owner"], data["name"], data["edition"]) == (str(booth.member.id), "Yunshang", booth.edition.number)
    assert len(data["keys"]) == 1


def test_scan_when_posted_then_answer_shows_what_is_shared(booth: Booth) -> None:
    (answer,) = booth.scan().get_json()["answers"]

    assert answer["outcome"] == "saved"
    lead = answer["lead"]
    assert (lead["name"], lead["company"], lead["country"], lead["visits"]) == ("王芳", "Dataflow", "China", 1)


def test_scans_when_one_cannot_be_read_then_the_others_are_stored(booth: Booth) -> None:
    broken = scan_body(booth.visitor.token, scanned_at="yesterday")
    long = scan_body(booth.visitor.token, note="x" * 5000)
    body = {"scans": [broken, scan_body(booth.visitor.token), long, 7]}

    answers = booth.browser.post(f"{booth.path}/scan/scans", json=body).get_json()["answers"]

    assert [each["outcome"] for each in answers] == ["invalid", "saved", "invalid", "invalid"]
    assert answers[0]["scan_id"] == broken["scan_id"]
    assert len(booth.leads[0].scans) == 1


def test_scan_when_the_visitor_stopped_sharing_then_says_so_and_tells_nothing(booth: Booth) -> None:
    booth.scan()
    stop_sharing(_visitor(booth), booth.edition.id, booth.visitor.id, booth.slug, utcnow())

    (answer,) = booth.scan().get_json()["answers"]

    assert (answer["outcome"], answer["lead"]) == ("withdrawn", None)
    assert "王芳" not in booth.browser.get(booth.path).text


def test_codes_when_guessed_then_limited(booth: Booth, now: datetime) -> None:
    guesses = [booth.scan(token="", code=f"2222222{letter}") for letter in "ABCDEFGHJKMNPQRSTWXYZ3456789ABC"]

    assert guesses[0].get_json()["answers"][0]["outcome"] == "unknown_code"
    assert guesses[-1].status_code == 429


def test_bodies_when_hostile_then_no_failure(booth: Booth) -> None:
    good = {"scans": [scan_body(booth.visitor.token, note="n", rating=3, keys="k", code="", answers={"q1": ["a"]})]}
    whole: list[Any] = [None, 7, "x", [], {}, {"scans": None}, {"scans": {}}, {"scans": [None, [], {}]}]
    values: list[Any] = [*VALUES.values(), 2**63, -1, 1.5, True, [], {}, {"a": 1}]

    for body in (*whole, *(each for value in values for each in list_bodies(good, value))):
        assert _post(booth, json.dumps(body).encode()) < 500
    assert _post(booth, b"\xff{") == 422


def test_service_worker_when_served_then_everything_it_stores_exists(booth: Booth) -> None:
    client = booth.app.test_client()
    script = client.get("/en/exhibitor/service-worker.js").text

    about: dict[str, Any] = booth.app.json.loads(script.split("\n", 1)[0].removeprefix("self.scanner = ").rstrip(";"))

    for path in (*about["pages"].values(), *about["assets"]):
        with client.get(path) as answer:
            assert answer.status_code == 200, path
    assert client.get("/en/exhibitor/manifest.webmanifest").get_json(force=True)["scope"] == "/en/exhibitor/"


def _post(booth: Booth, body: bytes) -> int:
    address = f"{booth.path}/scan/scans"
    return booth.browser.post(address, data=body, content_type="application/json").status_code


def _visitor(booth: Booth) -> Actor:
    return Actor("person", booth.visitor.attendee.person_id, booth.edition.id)
