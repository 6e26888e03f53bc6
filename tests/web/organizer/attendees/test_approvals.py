"""Approvals are decided in bulk."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.flows.registration import register
from expo.registration.queries import AttendeeFilter, search_attendees
from tests.make import attendee_request, make_ticket_type, order_request
from tests.web.organizer.conftest import SignIn


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.DESK)


def states(edition: EditionFacts) -> list[str]:
    return [row.state.value for row in search_attendees(edition.id, AttendeeFilter()).rows]


def test_approvals_when_several_are_chosen_then_decided_and_rejecting_asks_first(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    codes = [
        register(SYSTEM, edition.id, order_request(attendee_request("press"), source="desk"), now).attendees[0].code
        for _ in range(3)
    ]
    path = "/organizer/attendees/approvals"

    linked = path in desk.get("/organizer/attendees").text
    none_chosen = desk.post(path, data={"decision": "approve"}, follow_redirects=True)
    desk.post(path, data={"decision": "approve", "code": codes[:2]})
    asked = desk.post(path, data={"decision": "reject", "code": codes[2:]})
    before = states(edition)
    desk.post(path, data={"decision": "reject", "code": codes[2:], "sure": "1"})

    assert linked
    assert "Select at least one" in none_chosen.text
    assert "Reject 1 attendee?" in asked.text
    assert codes[2] in asked.text
    assert before == ["awaiting_approval", "confirmed", "confirmed"]
    assert states(edition) == ["cancelled", "confirmed", "confirmed"]
    assert "No registrations to approve" in desk.get(path).text


def test_approvals_when_all_are_selected_then_every_box_is_checked(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    for _ in range(3):
        register(SYSTEM, edition.id, order_request(attendee_request("press"), source="desk"), now)

    checked = [
        desk.get(f"/organizer/attendees/approvals{query}").text.count(" checked") for query in ("", "?select=all")
    ]

    assert checked == [0, 3]


@pytest.mark.usefixtures("pages_of_two")
def test_approvals_when_all_of_several_pages_are_selected_then_those_that_were_listed_are_decided(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    path = "/organizer/attendees/approvals"
    for _ in range(3):
        register(SYSTEM, edition.id, order_request(attendee_request("press"), source="desk"), now)

    first, last = desk.get(path).text, desk.get(f"{path}?select=all&page=9").text
    listed = re.findall(r'name="code"\s+value="(\w+)"', last)
    register(SYSTEM, edition.id, order_request(attendee_request("press"), source="desk"), now)
    desk.post(f"{path}?select=all&page=2", data={"decision": "approve", "code": listed})

    assert (first.count('name="code"'), "Page 2 of 2" in last, last.count(" checked")) == (2, True, 1)
    assert "3 attendees are selected, on all pages." in last
    assert states(edition) == ["awaiting_approval", "confirmed", "confirmed", "confirmed"]
