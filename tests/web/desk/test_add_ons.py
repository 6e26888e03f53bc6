"""Add-ons at the counter: sold with a walk-in, and to somebody who is registered already."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.registration.queries import (
    AttendeeFilter,
    count_attendees,
    count_sold_add_ons,
    get_order,
    list_add_ons_of,
    search_attendees,
)
from tests.make import make_add_on, make_attendee, make_ticket_type
from tests.web.desk.test_walk_ins import WALK_IN
from tests.web.organizer.conftest import SignIn

URL = "/desk/walk-in"


@pytest.fixture
def offers(edition: EditionFacts, now: datetime) -> None:
    """Two tickets and three add-ons: one for everybody, one with a single ticket, one that is sold out."""
    make_ticket_type(edition, now, price_cents=5000)
    make_ticket_type(edition, now, "vip", price_cents=20000)
    make_add_on(edition, now, "parking", price_cents=1500, max_per_attendee=3, is_public=False)
    make_add_on(edition, now, "lounge", 5, price_cents=9900, ticket_type_codes=["vip"])
    make_add_on(edition, now, "dinner", 0)


def _held(code: str, edition: EditionFacts) -> list[tuple[str, int]]:
    db.session.expire_all()
    attendee = next(each for each in search_attendees(edition.id, AttendeeFilter()).rows if each.code == code)
    return [(each.code, each.quantity) for each in list_add_ons_of([attendee.id]).get(attendee.id, ())]


def test_walk_in_when_add_ons_are_chosen_then_in_the_same_order_and_paid_together(
    desk: FlaskClient, edition: EditionFacts, offers: None
) -> None:
    page = desk.get(URL).text
    chosen = {**WALK_IN, "add_ons-parking": "2"}

    shown = desk.post(URL, data={**chosen, "go": "update"})
    before = count_attendees(edition.id, AttendeeFilter())
    done = desk.post(URL, data={**chosen, "payment": "card"})

    assert ("Parking" in page, "Lounge" in page, "Sold out" in page) == (True, False, True)
    assert (shown.status_code, "CN¥80.00" in shown.text, 'value="李娜"' in shown.text, before) == (200, True, True, 0)
    assert done.status_code == 302
    [attendee] = search_attendees(edition.id, AttendeeFilter()).rows
    order = get_order(edition.id, attendee.order_code)
    assert (_held(attendee.code, edition), order.total_cents, order.is_paid) == ([("parking", 2)], 8000, True)
    assert "Parking × 2" in desk.get(done.location).text


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        ({"add_ons-lounge": "1"}, "Not offered with this ticket: Lounge."),
        ({"add_ons-dinner": "1"}, "Dinner: only 0 left."),
        ({"add_ons-parking": "4"}, "Parking: The limit for this add-on is 3 per person."),
        ({"add_ons-none": "1"}, "We could not find this add-on."),
    ],
)
def test_walk_in_when_an_add_on_cannot_be_had_then_said_there_and_nothing_is_lost(
    chosen: dict[str, str], error: str, desk: FlaskClient, edition: EditionFacts, offers: None
) -> None:
    answer = desk.post(URL, data={**WALK_IN, **chosen})

    assert answer.status_code in (404, 409, 422)
    assert error in answer.text
    assert 'id="add_ons-error"' in answer.text
    assert 'value="李娜"' in answer.text
    assert count_attendees(edition.id, AttendeeFilter()) == 0


def test_walk_in_when_another_ticket_is_chosen_then_its_add_ons_and_total_are_shown(
    desk: FlaskClient, edition: EditionFacts, offers: None
) -> None:
    vip = {**WALK_IN, "ticket_type": "vip", "add_ons-lounge": "1", "go": "update"}

    with_lounge = desk.post(URL, data=vip).text
    without = desk.post(URL, data={**vip, "ticket_type": "visitor"}).text

    assert ("Lounge" in with_lounge, "5 places left" in with_lounge, "CN¥299.00" in with_lounge) == (True, True, True)
    assert ("Lounge" in without, "CN¥50.00" in without) == (False, True)


def test_person_when_add_ons_are_added_and_taken_away_then_asked_first_and_stock_is_exact(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner", 2, price_cents=300)
    attendee = make_attendee(edition, now)
    url = f"/desk/attendees/{attendee.code}/add-ons"

    added = desk.post(url, data={"add_ons-dinner": "1", "go": "x"})
    person = desk.get(added.location).text
    sold = count_sold_add_ons(edition.id)
    asked = desk.post(url, data={"go": "x"})
    kept = _held(attendee.code, edition)
    removed = desk.post(url, data={"removes": "y", "go": "x"})

    assert (added.status_code, sold, "Dinner" in person, "CN¥3.00" in person) == (302, {"dinner": 1}, True, True)
    assert (asked.status_code, "Remove these add-ons from" in asked.text, kept) == (200, True, [("dinner", 1)])
    assert (removed.status_code, _held(attendee.code, edition), count_sold_add_ons(edition.id)) == (302, [], {})
    acts = select(func.count()).where(AuditEntry.action == "registration.change_add_ons")
    assert db.session.scalar(acts) == 2


def test_add_ons_when_somebody_may_not_edit_attendees_then_refused(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now, "dinner")
    attendee = make_attendee(edition, now)

    steward = sign_in(Role.STEWARD)

    answer = steward.post(f"/desk/attendees/{attendee.code}/add-ons", data={"add_ons-dinner": "1"})
    assert (answer.status_code, _held(attendee.code, edition)) == (403, [])
