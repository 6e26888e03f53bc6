"""A walk-in fills in one short form, and is registered, paid, admitted and has a badge on its way to the printer."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.badges.models import PrintJob
from expo.checkin.models import Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, search_attendees
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_attendee, make_ticket_type

WALK_IN = {
    "client_key": "desk1",
    "ticket_type": "visitor",
    "name": "李娜",
    "latin_name": "Li Na",
    "email": "na@example.org",
    "country": "CN",
    "company": "Data Valley",
    "job_title": "",
    "language": "zh",
    "payment": "later",
    "admits": "y",
    "prints": "y",
}


def states(edition: EditionFacts) -> list[str]:
    return [row.state.value for row in search_attendees(edition.id, AttendeeFilter()).rows]


def count(model: type[PrintJob] | type[Scan]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_walk_in_when_new_then_registered_printed_and_scanned_and_when_again_then_pointed_out(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, is_public=False)
    make_checkpoint(edition, now)

    done = desk.post("/desk/walk-in", data=WALK_IN)
    counts = (count(PrintJob), count(Scan))
    again = desk.post("/desk/walk-in", data={**WALK_IN, "client_key": "desk2"})
    anyway = desk.post("/desk/walk-in", data={**WALK_IN, "client_key": "desk2", "anyway": "y"})

    assert (done.status_code, again.status_code, anyway.status_code) == (302, 409, 302)
    assert counts == (1, 1)
    assert "may already be registered" in again.text
    assert done.location in again.text
    assert 'value="Li Na"' in again.text
    assert states(edition) == ["confirmed", "confirmed"]
    assert "Possible duplicate registrations" in desk.get(done.location).text


def test_walk_in_when_sent_twice_then_one_registration_one_badge_and_one_scan(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, price_cents=5000)
    make_checkpoint(edition, now)
    paid = {**WALK_IN, "payment": "card", "reference": "R 1", "anyway": "y"}

    answers = [desk.post("/desk/walk-in", data=paid) for _ in range(2)]

    assert len({each.location for each in answers}) == 1
    assert (states(edition), count(PrintJob), count(Scan)) == (["confirmed"], 1, 1)
    assert search_attendees(edition.id, AttendeeFilter()).rows[0].is_paid


def test_walk_in_when_not_paid_then_registered_and_the_checkpoint_says_so(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, price_cents=5000)
    make_checkpoint(edition, now)

    page = desk.post("/desk/walk-in", data=WALK_IN, follow_redirects=True).text

    assert "李娜 registered. The badge is being printed." in page
    assert "Not paid" in page
    assert count(Scan) == 1


def test_walk_in_when_the_ticket_needs_approval_then_nothing_is_printed(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, requires_approval=True)
    make_checkpoint(edition, now)

    page = desk.post("/desk/walk-in", data=WALK_IN, follow_redirects=True).text

    assert "needs approval first" in page
    assert (count(PrintJob), count(Scan)) == (0, 0)


def test_walk_in_when_the_last_one_is_known_then_country_and_ticket_are_filled_in(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate")
    make_ticket_type(edition, now)
    first = desk.get("/desk/walk-in").text

    desk.post("/desk/walk-in", data=WALK_IN)

    second = desk.get("/desk/walk-in").text
    assert '<option selected value="CN">' not in first
    assert '<option selected value="CN">' in second
    assert 'checked id="ticket_type-1"' in second


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "😀"), ("email", "x"), ("country", "XX"), ("ticket_type", "no"), ("language", "xx")],
)
def test_walk_in_when_a_field_is_wrong_then_422_there_and_nothing_is_lost(
    field: str, value: str, desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    page = desk.post("/desk/walk-in", data={**WALK_IN, field: value})

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert 'value="Data Valley"' in page.text
    assert states(edition) == []


def test_walk_in_when_opened_at_its_former_address_then_redirected(desk: FlaskClient, now: datetime) -> None:
    assert desk.get("/organizer/attendees/walk-in").location == "/desk/walk-in"


def test_walk_in_when_the_same_person_is_of_another_edition_then_new(
    desk: FlaskClient, edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    make_attendee(other_edition, now, name="李娜", email="na@example.org", company="Data Valley")
    make_ticket_type(edition, now)

    assert desk.post("/desk/walk-in", data=WALK_IN).status_code == 302
