"""Reminders are chosen on the attendee's own page; the calendar has a secret address that can be revoked."""

import re
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.reminders import send_reminders
from expo.infra.db import db
from expo.mail.models import Email
from expo.program.services import add_to_agenda
from tests.make import MadeAttendee, make_attendee, make_session
from tests.sessions import browser_of

STARTS = datetime.fromisoformat("2027-05-26T02:00:00+00:00")


def _calendar_path(browser: FlaskClient) -> str:
    browser.post("/en/me/calendar")
    found = re.search(r"/calendar/[^\"<]+\.ics", browser.get("/en/me").text)
    assert found is not None
    return found[0]


def _emails() -> list[tuple[str, str]]:
    query = select(Email.message, Email.to_email).where(Email.message.like("program/%")).order_by(Email.id)
    return [(message, email) for message, email in db.session.execute(query)]


def _remind(app: Flask, made: MadeAttendee, *choices: str) -> None:
    browser_of(app, made.attendee.person_id).post("/en/me/reminders", data=dict.fromkeys(choices, "on"))


def test_calendar_when_made_then_has_only_own_sessions_and_nothing_about_the_person(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for title in ("Own", "Seat", "Of another"):
        make_session(edition, title, seat_limit=5)
    ann = make_attendee(edition, now, name="Ann Secret", email="secret@example.org")
    ben = make_attendee(edition, now, name="Ben", email="ben@example.org")
    of_ann = browser_of(app, ann.attendee.person_id)
    add_to_agenda(SYSTEM, edition.id, ann.id, "own", now)
    of_ann.post("/en/me/seats", data={"take": "seat"})
    add_to_agenda(SYSTEM, edition.id, ben.id, "of-another", now)

    path = _calendar_path(of_ann)
    answer = app.test_client().get(path)

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    titles = re.findall(r"SUMMARY:(\w+)", answer.text.replace("（中文）", ""))
    assert titles == ["Own", "Seat"]
    assert all(secret not in answer.text + path for secret in ("Secret", "secret@", ann.code))
    assert app.test_client().get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_calendar_when_a_script_copies_the_page_beside_then_the_page_still_says_that_it_was_made(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    browser = browser_of(app, make_attendee(edition, now).attendee.person_id)
    with browser.session_transaction() as session:
        session.permanent = True  # as after every sign-in
    browser.get("/en/me")
    browser.post("/en/me/calendar")

    copy = browser.get("/en/me", headers={"Sec-Fetch-Dest": "empty"})
    pages = [browser.get("/en/me", headers={"Sec-Fetch-Dest": "document"}) for _ in range(2)]

    assert ("Your calendar address is ready." in copy.text, "Set-Cookie" in copy.headers) == (False, False)
    assert ["Your calendar address is ready." in each.text for each in pages] == [True, False]
    assert all("Set-Cookie" in each.headers for each in pages)


def test_calendar_when_revoked_or_renewed_or_cancelled_then_the_old_address_is_gone(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    browser = browser_of(app, ann.attendee.person_id)
    first = _calendar_path(browser)
    second = _calendar_path(browser)
    assert [app.test_client().get(path).status_code for path in (first, second)] == [404, 200]

    browser.post("/en/me/calendar", data={"revoke": "yes"})
    assert app.test_client().get(second).status_code == 404

    third = _calendar_path(browser)
    browser.post(f"/en/me/{ann.code}/cancel")
    assert app.test_client().get(third).status_code == 404


def test_calendar_when_somebody_else_looks_at_their_page_then_shows_no_address_of_another(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    secret = _calendar_path(browser_of(app, ann.attendee.person_id)).split("/")[-1]

    assert secret not in browser_of(app, ben.attendee.person_id).get("/en/me").text
    assert app.test_client().get("/en/calendar/None.ics").status_code == 404


def test_reminders_when_due_then_written_once_to_those_who_want_them(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition)
    make_session(edition, "Cancelled talk", state="cancelled", starts_at=STARTS)
    ann, ben, cas = (make_attendee(edition, now, email=f"{name}@example.org") for name in ("ann", "ben", "cas"))
    for each in (ann, ben):
        add_to_agenda(SYSTEM, edition.id, each.id, "data-lakes", now)
    add_to_agenda(SYSTEM, edition.id, cas.id, "cancelled-talk", now)
    _remind(app, ann, "in_the_evening", "before_sessions")
    _remind(app, cas, "in_the_evening", "before_sessions")

    evening = datetime.fromisoformat("2027-05-25T18:05:00+08:00")
    sent = [send_reminders(at) for at in (evening - timedelta(minutes=6), evening, evening + timedelta(minutes=5))]
    assert sent == [0, 1, 0]
    sent = [send_reminders(STARTS - timedelta(minutes=minutes)) for minutes in (31, 30, 20, 1)]
    assert sent == [0, 1, 0, 0]

    assert _emails() == [
        ("program/evening_reminder", "ann@example.org"),
        ("program/session_reminder", "ann@example.org"),
    ]
