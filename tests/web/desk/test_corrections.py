"""Corrections at the desk: asked for by a form, refused at its field, and open to those alone who may."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.models import Scan
from expo.editions.queries import EditionFacts
from expo.flows.registration import register
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.registration.queries import get_attendee
from expo.registration.rules import AttendeeState
from tests.domains.checkin.doors import make_checkpoint
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request
from tests.web.organizer.conftest import SignIn


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.DESK)


def test_email_when_corrected_then_saved_and_a_wrong_one_is_shown_at_the_field(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    code = make_attendee(edition, now, email="wrong@example.org").code
    path = f"/desk/attendees/{code}/email"

    pages = [desk.post(path, data={"email": text}) for text in ("", "nonsense", "wrong@example.org")]
    done = desk.post(path, data={"email": "right@example.org"})

    assert [page.status_code for page in pages] == [422, 422, 409]
    assert all('id="email-error"' in page.text for page in pages)
    assert (done.status_code, get_attendee(edition.id, code).email) == (302, "right@example.org")
    assert "right@example.org" in desk.get(done.location).text


def test_email_when_others_share_the_order_then_asked_about_them(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    request = order_request(attendee_request(), attendee_request(name="李娜"), email="o@example.org", source="desk")
    code = register(SYSTEM, edition.id, request, now).attendees[0].code
    alone = make_attendee(edition, now).code

    asked = ['name="whole_order"' in desk.get(f"/desk/attendees/{each}/email").text for each in (code, alone)]

    assert asked == [True, False]


def test_ticket_when_exchanged_then_saved_and_sold_out_is_said(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=128000)
    make_ticket_type(edition, now, "full", places=0)
    make_ticket_type(edition, now, "large", places=12000)
    code = make_attendee(edition, now).code
    path = f"/desk/attendees/{code}/ticket"

    shown = desk.get(path).text
    refused = [desk.post(path, data={"ticket_type": each}) for each in ("", "nonsense", "full")]
    done = desk.post(path, data={"ticket_type": "delegate"})

    assert re.findall(r'name="ticket_type"[^>]*value="(\w+)"', shown) == ["delegate", "full", "large"]
    assert "12,000 left" in shown
    assert [page.status_code for page in refused] == [422, 422, 409]
    assert (done.status_code, get_attendee(edition.id, code).ticket_type_code) == (302, "delegate")
    assert "Not paid" in desk.get(done.location).text


def test_check_in_when_the_expo_is_not_on_then_the_reason_is_shown_and_force_lets_in(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    code = make_attendee(edition, now).code
    path = f"/desk/attendees/{code}/check-in"

    page = desk.get(path).text
    refused = desk.post(path, data={"checkpoint": "main", "scan_id": "a"})
    no_reason = desk.post(path, data={"checkpoint": "main", "scan_id": "b", "forced": "y"})
    no_words = desk.post(path, data={"checkpoint": "main", "scan_id": "b", "forced": "y", "force_reason": "other"})
    scans_before = db.session.scalar(select(func.count()).select_from(Scan).where(Scan.forced))
    done = desk.post(
        path,
        data={
            "checkpoint": "main",
            "scan_id": "b",
            "forced": "y",
            "force_reason": "other",
            "force_note": " VIP  guest ",
        },
    )

    assert "Main entrance" in page
    assert (no_reason.status_code, "Choose a reason." in no_reason.text) == (422, True)
    assert (no_words.status_code, "Give a short reason." in no_words.text) == (422, True)
    assert scans_before == 0
    assert db.session.scalar(select(Scan.force_note).where(Scan.forced, Scan.force_reason == "other")) == "VIP guest"
    assert ": VIP guest" in desk.get(f"/organizer/attendees/{code}").text
    assert (refused.status_code, "Not valid yet" in refused.text) == (409, True)
    assert (done.status_code, done.location) == (302, f"/desk/attendees/{code}")


def test_check_in_when_no_checkpoint_is_open_then_said(desk: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    code = make_attendee(edition, now).code
    assert "All checkpoints are closed." in desk.get(f"/desk/attendees/{code}/check-in").text


def test_confirm_when_by_hand_then_confirmed(desk: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    code = make_registration(edition, now).attendees[0].code

    asked = desk.get(f"/organizer/attendees/{code}/confirm")
    done = desk.post(f"/organizer/attendees/{code}/confirm")

    assert (asked.status_code, done.status_code) == (200, 302)
    assert get_attendee(edition.id, code).state is AttendeeState.CONFIRMED


@pytest.mark.parametrize("page", ["email", "ticket", "check-in"])
def test_page_when_opened_at_its_former_address_then_redirected(page: str, desk: FlaskClient) -> None:
    answer = desk.get(f"/organizer/attendees/ABCD2345/{page}?from=letter")

    assert (answer.status_code, answer.location) == (301, f"/desk/attendees/ABCD2345/{page}?from=letter")


def test_public_form_when_somebody_is_registered_then_nothing_tells_it(
    client: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, utcnow())
    make_attendee(edition, now, name="李娜", email="na@example.org", company="Data Valley")
    typed = {
        "go": "next",
        "step": "check",
        "accept_terms": "y",
        "ticket_type": "visitor",
        "attendees-0-name": "李娜",
        "attendees-0-country": "CN",
        "attendees-0-company": "Data Valley",
    }

    answers = [
        client.post("/en/register", data={**typed, "client_key": email, "attendees-0-email": email})
        for email in ("na@example.org", "new@example.org")
    ]

    assert [(each.status_code, each.location) for each in answers] == [(302, "/en/register/sent")] * 2
