"""Organizers see who has a seat, change the limit, release seats and export the list."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.flows.seats import take_seat
from expo.infra.audit import AuditEntry
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.program.queries import get_session, list_seat_holders
from tests.make import make_attendee, make_session
from tests.web.organizer.conftest import SignIn

PAGE = "/en/organizer/program/seats/data-lakes"


def _fill(edition: EditionFacts, now: datetime, starts_in: timedelta) -> None:
    make_session(edition, seat_limit=2, starts_at=utcnow() + starts_in)
    for name in ("Ann", "Ben", "Cas"):
        made = make_attendee(edition, now, name=name, email=f"{name}@example.org", company=f"{name} Inc.")
        take_seat(SYSTEM, edition.id, made.id, "data-lakes", utcnow() - timedelta(hours=1))


def _states(edition: EditionFacts) -> dict[str, str]:
    return {each.name: each.state.value for each in list_seat_holders(get_session(edition.id, "data-lakes").row.id)}


def test_seats_when_listed_then_shows_the_holders_and_exports_them(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    assert "No sessions with limited seats" in organizer.get("/en/organizer/program/seats").text
    make_session(edition, "Unlimited")
    _fill(edition, now, timedelta(days=4))

    listed, page = organizer.get("/en/organizer/program/seats").text, organizer.get(PAGE).text
    csv = organizer.get(f"{PAGE}/seats.csv").text

    assert "Data lakes" in listed
    assert '<option value="unlimited">' in listed
    assert [name in page for name in ("Ann", "Ben", "Cas")] == [True] * 3
    assert [line.split(",")[4] for line in csv.splitlines()] == ["status", "held", "held", "waiting"]


def test_export_when_the_programme_manager_may_not_read_attendees_then_has_no_addresses_and_is_noted(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, now, timedelta(days=4))

    csv = sign_in(Role.PROGRAM_MANAGER).get(f"{PAGE}/seats.csv").text

    assert csv.splitlines()[0].strip("\ufeff") == "code,name,company,status,since"
    assert "@example.org" not in csv
    assert db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("export.%"))).all() == [
        "export.seats"
    ]


def test_limit_when_lowered_then_says_that_nobody_loses_a_seat(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, now, timedelta(days=4))

    lowered = organizer.post(PAGE, data={"limit": "1"}, follow_redirects=True).text
    assert "1 more seat is taken than this number. Nobody loses a seat." in lowered
    raised = organizer.post(PAGE, data={"limit": "3"}, follow_redirects=True).text
    assert "1 seat was offered to the waiting list." in raised
    assert organizer.post(PAGE, data={"limit": "-1"}).status_code == 422
    assert _states(edition) == {"Ann": "held", "Ben": "held", "Cas": "offered"}


def test_unused_seats_when_released_then_those_present_stay(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, now, timedelta(minutes=-5))
    holders = list_seat_holders(get_session(edition.id, "data-lakes").row.id)
    code = {each.name: each.code for each in holders}

    organizer.post(f"{PAGE}/holders", data={"present": code["Ann"]})
    asked = organizer.get(f"{PAGE}/holders/{code['Cas']}/release").text
    assert ("Remove Cas from the waiting list?" in asked, _states(edition)["Cas"]) == (True, "waiting")
    organizer.post(f"{PAGE}/holders/{code['Cas']}/release")
    said = organizer.post(f"{PAGE}/release-unused", follow_redirects=True).text

    assert "Seats released: 1. Seats in use: 1." in said
    assert _states(edition) == {"Ann": "used", "Ben": "no_show"}


def test_seats_when_a_reviewer_or_the_desk_asks_then_refused(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, now, timedelta(days=4))

    for role in (Role.REVIEWER, Role.DESK):
        browser = sign_in(role)
        assert [browser.get(path).status_code for path in (PAGE, f"{PAGE}/seats.csv")] == [403, 403]
        assert browser.post(PAGE, data={"limit": "1"}).status_code == 403


@pytest.mark.usefixtures("pages_of_two")
def test_seats_when_more_people_than_a_page_then_seats_come_first_and_marking_stays_on_the_page(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    _fill(edition, now, timedelta(minutes=30))
    code = list_seat_holders(get_session(edition.id, "data-lakes").row.id)[0].code

    first, last, beyond = (organizer.get(f"{PAGE}{more}").text for more in ("", "?page=2", "?page=5"))
    marked = organizer.post(f"{PAGE}/holders?page=2", data={"present": code})

    assert [("Ann" in each, "Ben" in each, "Cas" in each) for each in (first, last)] == [
        (True, True, False),
        (False, False, True),
    ]
    assert ("3 people" in first, "Page 2 of 2" in beyond, "Cas" in beyond) == (True, True, True)
    assert marked.location == f"{PAGE}?page=2"
    assert len(organizer.get(f"{PAGE}/seats.csv").text.splitlines()) == 4


@pytest.mark.usefixtures("pages_of_two")
def test_list_when_longer_than_a_page_then_the_sessions_are_in_the_order_of_time(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name, days in (("Third", 3), ("First", 1), ("Second", 2)):
        make_session(edition, name, seat_limit=2, starts_at=now + timedelta(days=days))

    first, last = (organizer.get(f"/en/organizer/program/seats?page={page}").text for page in (1, 2))

    assert [first.find(f"{name}</bdi>") > 0 for name in ("First", "Second", "Third")] == [True, True, False]
    assert ("Third</bdi>" in last, "First</bdi>" in last, "3 sessions" in last) == (True, False, True)
