"""The attendee's own pages: opened by a mailed link, showing nobody else's, opening nothing but themselves."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import grant_role
from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts
from expo.flows.registration import register
from expo.infra.signing import sign_text
from expo.meetings.rules import MeetingState
from expo.registration.queries import get_attendee, get_order
from expo.registration.rules import AttendeeState, OrderState
from tests.conftest import make_edition
from tests.documents.papers import words
from tests.exhibitors import exhibitor_id_of, make_exhibitor
from tests.make import MadeAttendee, attendee_request, make_attendee, order_request
from tests.stored_activity import store_meeting


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Ann Own", email="ann@example.org", company="Own Ltd")


@pytest.fixture
def bob(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Bob Foreign", email="bob@example.org", company="Foreign Ltd")


def link_of(who: MadeAttendee) -> str:
    person = find_person(who.attendee.person_id)
    assert person is not None
    return f"/me/open/{sign_text('me', [person.id, person.link_version])}"


@pytest.fixture
def browser(app: Flask, ann: MadeAttendee) -> FlaskClient:
    """Ann's browser, in which her mailed link was opened."""
    browser = app.test_client()
    assert browser.post(link_of(ann)).status_code == 302
    return browser


def test_me_when_not_signed_in_then_leads_to_sign_in(ann: MadeAttendee, client: FlaskClient) -> None:
    for path in ("/me/", "/me/badge.pdf", "/me/schedule.pdf", "/me/schedule.ics", f"/me/{ann.code}/change"):
        answer = client.get(path)
        assert (path, answer.status_code, "/sign-in" in answer.location) == (path, 302, True)


def test_link_when_the_version_is_old_then_refused(ann: MadeAttendee, client: FlaskClient) -> None:
    text = sign_text("me", [ann.attendee.person_id, 99])
    assert client.get(f"/me/open/{text}").status_code == 410
    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("text", ["x", "x.y.z", "%25", "WzEsMF0.aaaa.bbbb"])
def test_link_when_broken_then_clear_answer(text: str, ann: MadeAttendee, client: FlaskClient) -> None:
    answer = client.get(f"/me/open/{text}")
    assert (answer.status_code, ann.attendee.name in answer.text) == (404, False)


def test_me_when_opened_then_shows_the_own_badge_alone(bob: MadeAttendee, browser: FlaskClient) -> None:
    page = browser.get("/me/").text
    assert ("Ann Own" in page, "Bob Foreign" in page, "Foreign Ltd" in page) == (True, False, False)
    assert 'role="img"' in page


@pytest.mark.parametrize(
    ("name", "mimetype", "start"),
    [
        ("badge.pdf", "application/pdf", b"%PDF"),
        ("schedule.pdf", "application/pdf", b"%PDF"),
        ("schedule.ics", "text/calendar", b"BEGIN:VCALENDAR"),
    ],
)
def test_paper_when_asked_for_then_given_and_kept_by_nobody(
    name: str, mimetype: str, start: bytes, browser: FlaskClient
) -> None:
    answer = browser.get(f"/me/{name}")
    assert (answer.status_code, answer.mimetype, answer.data[: len(start)]) == (200, mimetype, start)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_badge_when_the_code_is_ones_own_then_shows_the_name(
    ann: MadeAttendee, browser: FlaskClient, tmp_path: Path
) -> None:

    assert "Ann Own" in words(browser.get(f"/me/badge.pdf?attendee={ann.code}").data, tmp_path)


def test_schedule_when_printed_then_has_the_meetings_that_were_agreed(
    ann: MadeAttendee, browser: FlaskClient, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    before = words(browser.get("/me/schedule.pdf").data, tmp_path)
    company = exhibitor_id_of(edition, make_exhibitor(edition))
    for hour, state in enumerate((MeetingState.SCHEDULED, MeetingState.CANCELLED, MeetingState.REQUESTED)):
        store_meeting(edition, company, ann.id, now + timedelta(hours=hour), state)

    printed = words(browser.get("/me/schedule.pdf").data, tmp_path)

    assert ("Nothing is planned yet." in before, printed.count("· Meeting")) == (True, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/me/badge.pdf?attendee={}",
        "/me/schedule.pdf?attendee={}",
        "/me/schedule.ics?attendee={}",
        "/me/{}/change",
        "/me/{}/cancel",
    ],
)
def test_page_when_the_code_is_somebody_elses_then_missing(path: str, bob: MadeAttendee, browser: FlaskClient) -> None:
    answer = browser.get(path.format(bob.code))
    assert (answer.status_code, "Bob Foreign" in answer.text) == (404, False)


def test_act_when_the_code_is_somebody_elses_then_missing_and_nothing_changes(
    bob: MadeAttendee, browser: FlaskClient, edition: EditionFacts
) -> None:
    changed = browser.post(f"/me/{bob.code}/change", data={"name": "Stolen", "country": "CN"})
    cancelled = browser.post(f"/me/{bob.code}/cancel")

    after = get_attendee(edition.id, bob.code)
    assert (changed.status_code, cancelled.status_code) == (404, 404)
    assert (after.name, after.state) == ("Bob Foreign", AttendeeState.CONFIRMED)


def test_me_when_registered_for_another_expo_too_then_only_this_one(
    ann: MadeAttendee, browser: FlaskClient, now: datetime
) -> None:
    there = make_attendee(
        make_edition(now, "expo-2028", 2028), now, name="Ann Later", email="ann@example.org", company="Later Ltd"
    )
    page = browser.get("/me/").text
    assert (there.attendee.person_id == ann.attendee.person_id, "Ann Own" in page, "Later" in page) == (
        True,
        True,
        False,
    )
    assert browser.get(f"/me/badge.pdf?attendee={there.code}").status_code == 404


def test_organizer_when_signed_in_by_a_badge_email_then_closed_even_to_organizers(
    ann: MadeAttendee, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    grant_role(SYSTEM, edition.id, ann.attendee.person_id, Role.ORGANIZER, now)
    browser = app.test_client()
    browser.post(link_of(ann))

    assert browser.get("/me/").status_code == 200
    answers = {path: browser.get(path).status_code for path in ("/organizer/", "/organizer/attendees", "/door/")}
    assert {status for status in answers.values() if status < 300} == set(), answers


def test_change_when_sent_then_saved_and_the_badge_stays(
    ann: MadeAttendee, browser: FlaskClient, edition: EditionFacts
) -> None:
    form = {"name": "Ann Newname", "latin_name": "", "country": "FR", "company": "New Ltd", "job_title": ""}
    answer = browser.post(f"/me/{ann.code}/change", data=form)

    after = get_attendee(edition.id, ann.code)
    badge = find_badge_of(ann.id)
    assert (answer.status_code, after.name, after.country, after.company) == (302, "Ann Newname", "FR", "New Ltd")
    assert badge is not None
    assert badge.token == ann.token


def test_change_when_wrong_then_kept_and_nothing_is_saved(
    ann: MadeAttendee, browser: FlaskClient, edition: EditionFacts
) -> None:
    answer = browser.post(f"/me/{ann.code}/change", data={"name": "", "country": "FR", "company": "Half Ltd"})
    assert (answer.status_code, "Half Ltd" in answer.text) == (422, True)
    assert get_attendee(edition.id, ann.code).company == "Own Ltd"


def test_cancel_when_only_opened_then_asked_and_when_pressed_done(
    ann: MadeAttendee, browser: FlaskClient, edition: EditionFacts
) -> None:
    browser.get(f"/me/{ann.code}/cancel")
    asked = get_attendee(edition.id, ann.code).state
    browser.post(f"/me/{ann.code}/cancel")
    pressed = get_attendee(edition.id, ann.code).state

    assert (asked, pressed) == (AttendeeState.CONFIRMED, AttendeeState.CANCELLED)
    assert browser.get("/me/badge.pdf").status_code == 404


def test_me_when_somebody_else_placed_the_order_then_only_the_own_registration_can_be_cancelled(
    app: Flask, edition: EditionFacts, now: datetime, browser: FlaskClient
) -> None:
    request = order_request(
        attendee_request(name="Bob"),
        attendee_request(name="Ann Again", email="ann@example.org"),
        email="bob@example.org",
        source="desk",
    )
    order = register(SYSTEM, edition.id, request, now)

    page = browser.get("/en/me").text

    assert page.count("Cancel registration</a>") == 2
    assert "Cancel order" not in page
    assert browser.post(f"/me/orders/{order.code}/cancel").status_code == 404
    assert get_order(edition.id, order.code).state is OrderState.CONFIRMED


def test_order_when_cancelled_then_asked_first_and_everybody_is(
    app: Flask, edition: EditionFacts, now: datetime, browser: FlaskClient
) -> None:
    request = order_request(
        attendee_request(name="Ann Own"), attendee_request(name="Bob"), email="ann@example.org", source="desk"
    )
    order = register(SYSTEM, edition.id, request, now)
    path = f"/en/me/orders/{order.code}/cancel"

    assert f'href="{path}"' in browser.get("/en/me").text
    question = browser.get(path).text
    assert ("Ann Own" in question, "Bob" in question) == (True, True)
    assert get_order(edition.id, order.code).state is OrderState.CONFIRMED
    done = browser.post(path)

    assert (done.status_code, done.location) == (302, "/en/me")
    cancelled = get_order(edition.id, order.code)
    assert {each.state for each in cancelled.attendees} == {AttendeeState.CANCELLED}
    assert f"Order {order.code} cancelled." in browser.get("/en/me").text


def test_me_when_shown_then_badges_have_no_actions_of_the_order(browser: FlaskClient) -> None:
    page = browser.get("/en/me").text
    badges, _, orders = page.partition("My orders")
    assert ("/cancel" in badges, "/cancel" in orders) == (False, True)
