"""A kiosk prints people their own badge once, tells nobody who is registered, and leads nowhere else."""

import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.badges.models import PrintJob
from expo.badges.services import reissue_badge, remove_kiosk_pin, request_print, set_kiosk_pin, set_stations
from expo.editions.queries import EditionFacts
from expo.editions.services import make_current
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from tests.conftest import make_edition
from tests.make import MadeAttendee, make_attendee, make_registration, make_ticket_type
from tests.sessions import browser_of

PIN = "482913"


@pytest.fixture
def person(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Christopher Kowalski", email="chris@example.org", company="Smith AG")


@pytest.fixture
def kiosk(client: FlaskClient, edition: EditionFacts, now: datetime) -> FlaskClient:
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)
    client.post("/kiosk/unlock", data={"pin": PIN})
    return client


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return found[1].strip() if found else ""


def enter(kiosk: FlaskClient, name: str, email: str = "chris@example.org") -> str:
    return heading(kiosk.post("/kiosk/person", data={"name": name, "email": email}, follow_redirects=True).text)


def scan(kiosk: FlaskClient, code: str) -> str:
    return heading(kiosk.post("/kiosk/code", data={"code": code}, follow_redirects=True).text)


def jobs() -> int:
    return db.session.scalar(select(func.count()).select_from(PrintJob)) or 0


def test_lock_when_the_pin_is_wrong_then_locked_and_after_some_attempts_refused(
    client: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    closed = client.get("/kiosk").text
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)

    wrong = client.post("/kiosk/unlock", data={"pin": "111112"})
    printed = client.post("/kiosk/code", data={"code": person.token})
    answers = [client.post("/kiosk/unlock", data={"pin": f"{n:06}"}).status_code for n in range(10)]
    late = client.post("/kiosk/unlock", data={"pin": PIN})

    assert "The kiosk is closed." in closed
    assert (wrong.status_code, "This PIN is wrong." in wrong.text) == (422, True)
    assert (printed.location, jobs()) == ("/kiosk", 0)
    assert answers == [422] * 9 + [429]
    assert late.status_code == 429


def test_kiosk_when_unlocked_by_an_organizer_then_they_are_signed_out_and_every_page_leads_back(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)
    organizer = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)
    browser = browser_of(app, organizer)
    before = browser.get("/organizer/attendees").status_code

    browser.post("/kiosk/unlock", data={"pin": PIN})

    paths = ("/", "/organizer/attendees", "/desk", "/door/", "/me", "/account", "/register", "/sign-in", "/program")
    assert before == 200
    assert {browser.get(path).headers.get("Location") for path in paths} == {"/kiosk"}
    browser.post("/kiosk/leave", data={"pin": PIN})
    assert browser.get("/program").status_code == 200
    assert browser.get("/organizer/attendees").status_code == 302


def test_kiosk_when_the_pin_changes_or_is_removed_or_the_edition_changes_then_locked(
    kiosk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    open_at_first = "Scan your code" in kiosk.get("/kiosk").text
    set_kiosk_pin(SYSTEM, edition.id, PIN, now.replace(hour=23))
    after_change = "Scan your code" in kiosk.get("/kiosk").text
    kiosk.post("/kiosk/unlock", data={"pin": PIN})
    make_current(SYSTEM, make_edition(now, "expo-2028", 2028).id, now)
    in_another_edition = "Scan your code" in kiosk.get("/kiosk").text
    make_current(SYSTEM, edition.id, now)
    back = "Scan your code" in kiosk.get("/kiosk").text
    remove_kiosk_pin(SYSTEM, edition.id, now)

    after_removal = "Scan your code" in kiosk.get("/kiosk").text
    assert (open_at_first, after_change, in_another_edition, back, after_removal) == (True, False, False, True, False)


def test_code_when_scanned_then_printed_once_and_again_only_at_the_desk(
    kiosk: FlaskClient, person: MadeAttendee, now: datetime
) -> None:
    answers = [scan(kiosk, person.token) for _ in range(2)]
    db.session.execute(update(PrintJob).values(state="printed"))
    db.session.commit()
    answers.append(scan(kiosk, person.token))
    answers.append(enter(kiosk, "Kowalski"))

    assert answers == ["Your badge is being printed", *["Your badge has been printed already"] * 3]
    assert jobs() == 1
    assert request_print(SYSTEM, person.attendee, now)
    entry = db.session.execute(
        select(AuditEntry.actor_kind, AuditEntry.details).where(AuditEntry.action == "badges.request_print").limit(1)
    ).one()
    assert (entry.actor_kind, entry.details["origin"]) == ("device", "kiosk")


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("name", ["Kowalski", "christopher kowalski", "Kowalsky", "KOWALSKI Cristopher"])
def test_name_when_spelt_in_some_way_with_the_right_address_then_printed(
    name: str, kiosk: FlaskClient, person: MadeAttendee
) -> None:
    assert enter(kiosk, name, " Chris@Example.org ") == "Your badge is being printed"


def test_name_or_address_when_wrong_then_the_same_answer(
    kiosk: FlaskClient, person: MadeAttendee, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Anna Bergmann", email="anna@example.org")

    answers = {
        enter(kiosk, "Christopher Kowalski", "nobody@example.org"),
        enter(kiosk, "Christopher Kowalski", "anna@example.org"),
        enter(kiosk, "Anna Bergmann"),
        enter(kiosk, "Smith"),
        enter(kiosk, "K"),
        scan(kiosk, "A" * 122),
        scan(kiosk, person.code),
    }

    assert answers == {"We could not find your registration"}
    assert jobs() == 0


def test_person_when_something_is_open_then_sent_to_the_desk(
    kiosk: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=100)
    make_attendee(edition, now, "delegate", name="Unpaid Ulla", email="ulla@example.org")
    order = make_registration(edition, now)
    old = person.token
    reissue_badge(SYSTEM, edition.id, person.id, now)

    answers = [
        enter(kiosk, "Ulla", "ulla@example.org"),
        enter(kiosk, order.attendees[0].name, order.email),
        scan(kiosk, old),
    ]

    assert answers == ["Please ask at the help desk"] * 3
    assert jobs() == 0


def test_person_when_of_another_edition_then_not_found(kiosk: FlaskClient, now: datetime) -> None:
    stranger = make_attendee(make_edition(now, "expo-2028", 2028), now, name="Other Person", email="o@example.org")

    assert enter(kiosk, "Other Person", "o@example.org") == "We could not find your registration"
    assert scan(kiosk, stranger.token) == "We could not find your registration"


def test_kiosk_when_used_too_fast_then_stopped(kiosk: FlaskClient, person: MadeAttendee) -> None:
    form = {"name": "Nobody", "email": "chris@example.org"}

    answers = [kiosk.post("/kiosk/person", data=form).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


def test_kiosk_when_it_has_a_station_then_the_badge_comes_out_there(
    client: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    set_kiosk_pin(SYSTEM, edition.id, PIN, now)
    set_stations(SYSTEM, edition.id, ["Hall 1"], now)
    client.post("/kiosk/unlock", data={"pin": PIN, "station": "Hall 1"})

    page = client.post("/kiosk/code", data={"code": person.token}, follow_redirects=True).text

    assert "Collect it at Hall 1." in page
    assert db.session.scalars(select(PrintJob.station)).all() == ["Hall 1"]
    assert "Scan your code" in client.get("/kiosk").text
