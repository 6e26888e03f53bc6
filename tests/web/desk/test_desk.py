"""The desk finds a person by what they say or show, and does each thing in one tap."""

import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.badges.models import PrintJob
from expo.badges.queries import find_badge_of
from expo.badges.services import reissue_badge, set_stations
from expo.checkin.models import Scan
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.registration.queries import get_attendee
from expo.registration.rules import AttendeeState
from expo.registration.services import set_door_note
from tests.domains.checkin.doors import make_checkpoint
from tests.make import MadeAttendee, make_attendee, make_registration, make_ticket_type
from tests.web.organizer.conftest import SignIn


@pytest.fixture
def person(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="张伟", company="Data Valley", email="wei@example.org")


def acts(subject: int) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject_id == subject).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize("q", ["zhang wei", "wei zhnag", "張偉", "data valley", "wei@example.org"])
def test_search_when_typed_in_any_way_then_the_card_is_shown(q: str, desk: FlaskClient, person: MadeAttendee) -> None:
    whole = desk.get("/desk", query_string={"q": q}).text
    part = desk.get("/desk/results", query_string={"q": q}).text

    for page in (whole, part):
        assert "张伟" in page
        assert "Not in yet today" in page
        assert f"/desk/attendees/{person.code}/print" in page
    assert "<html" not in part


def test_search_when_there_is_a_note_for_staff_then_the_card_shows_it(
    desk: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    set_door_note(SYSTEM, edition.id, person.id, "Needs a wheelchair ramp", now)

    assert "Needs a wheelchair ramp" in desk.get("/desk/results?q=zhang+wei").text


def test_search_when_nobody_is_found_then_a_walk_in_is_offered(desk: FlaskClient, person: MadeAttendee) -> None:
    page = desk.get("/desk?q=xyzzy").text

    assert "Nobody found" in page
    assert "/desk/walk-in" in page


def test_search_when_somebody_is_in_another_edition_then_not_found(
    desk: FlaskClient, other_edition: EditionFacts, now: datetime
) -> None:
    stranger = make_attendee(other_edition, now, name="Other Person")

    found = desk.get("/desk?q=other+person").text
    answers = [desk.get(f"/desk/attendees/{stranger.code}"), desk.post(f"/desk/attendees/{stranger.code}/print")]
    scanned = desk.post("/desk/find", data={"q": stranger.token})

    assert "Other Person" not in found
    assert [each.status_code for each in answers] == [404, 404]
    assert scanned.location == "/desk"


def test_find_when_a_badge_is_scanned_then_its_holder_is_opened(desk: FlaskClient, person: MadeAttendee) -> None:
    code = person.code

    scanned = [desk.post("/desk/find", data={"q": each}) for each in (person.token, f"{code[:4]}-{code[4:]}", code)]
    searched = desk.post("/desk/find", data={"q": "zhang wei"})

    assert [each.location for each in scanned] == [f"/desk/attendees/{code}"] * 3
    assert searched.location == "/desk?q=zhang+wei"


def test_find_when_the_badge_was_replaced_or_is_forged_then_said(
    desk: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    old = person.token
    reissue_badge(SYSTEM, edition.id, person.id, now)

    replaced = desk.post("/desk/find", data={"q": old}, follow_redirects=True).text
    forged = desk.post("/desk/find", data={"q": "A" * 122}, follow_redirects=True).text

    assert "replaced or revoked" in replaced
    assert "张伟" in replaced
    assert "not a badge of this expo" in forged


def test_print_when_tapped_twice_then_one_badge_is_queued_at_the_desks_station(
    desk: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    set_stations(SYSTEM, edition.id, ["Hall 1", "Hall 2"], now)
    desk.post("/desk/place", data={"checkpoint": "", "station": "Hall 2"})

    for _ in range(2):
        desk.post(f"/desk/attendees/{person.code}/print")

    jobs = db.session.execute(select(PrintJob.station, PrintJob.state, PrintJob.origin)).all()
    assert [tuple(each) for each in jobs] == [("Hall 2", "waiting", "desk")]
    assert acts(person.id).count("badges.request_print") == 1
    assert "Badge is being printed" in desk.get(f"/desk/attendees/{person.code}").text


def test_reissue_when_the_badge_is_lost_then_the_old_one_is_void_and_a_new_one_printed(
    desk: FlaskClient, person: MadeAttendee
) -> None:
    desk.post(f"/desk/attendees/{person.code}/reissue")

    badge = find_badge_of(person.id)
    assert badge is not None
    assert (badge.issue, badge.token == person.token) == (2, False)
    assert db.session.scalars(select(PrintJob.attendee_id)).all() == [person.id]


def test_check_in_when_a_checkpoint_is_chosen_then_one_tap_and_a_refusal_is_said(
    desk: FlaskClient, edition: EditionFacts, person: MadeAttendee, now: datetime
) -> None:
    make_checkpoint(edition, now)
    make_checkpoint(edition, now, "south")
    path = f"/desk/attendees/{person.code}/check-in-here"

    asked = desk.post(path, data={"scan_id": "a"})
    desk.post("/desk/place", data={"checkpoint": "main", "station": ""})
    refused = desk.post(path, data={"scan_id": "b"}, follow_redirects=True).text

    assert asked.location == f"/desk/attendees/{person.code}/check-in"
    assert "Not valid yet" in refused
    assert db.session.scalars(select(Scan.scan_id)).all() == ["b"]


def test_confirm_when_the_e_mail_cannot_be_opened_then_one_tap_confirms(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    code = make_registration(edition, now).attendees[0].code

    shown = desk.get(f"/desk/attendees/{code}").text
    desk.post(f"/desk/attendees/{code}/confirm")

    assert "Confirm registration" in shown
    assert get_attendee(edition.id, code).state is AttendeeState.CONFIRMED


def test_pay_when_a_method_is_chosen_then_paid_with_method_and_receipt(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=128000)
    made = make_attendee(edition, now, "delegate")
    path = f"/desk/attendees/{made.code}/pay"

    unclear = desk.post(path, data={"reference": "R 17"}, follow_redirects=True).text
    desk.post(path, data={"method": "cash", "reference": "R 17"})

    details = db.session.scalars(
        select(AuditEntry.details).where(AuditEntry.action == "registration.record_payment")
    ).all()
    assert "Choose how the order was paid." in unclear
    assert get_attendee(edition.id, made.code).is_paid
    assert [(each["method"], each["reference"], each["cents"]) for each in details] == [("cash", "R 17", 128000)]


def test_id_check_when_recorded_then_only_the_same_characters_match(desk: FlaskClient, person: MadeAttendee) -> None:
    path = f"/desk/attendees/{person.code}/id-check"

    def answer(document: str, act: str = "compare") -> str:
        return desk.post(path, data={"document": document, "act": act}, follow_redirects=True).text

    short = answer("12", "record")
    answer("5201 0119 9003 07 12 3x", "record")
    right, wrong = answer("123X"), answer("1234")

    assert "Enter at least the last 4 letters or digits" in short
    assert "The document matches 张伟." in right
    assert "does not match" in wrong
    assert acts(person.id)[-3:] == ["registration.set_id_check", "registration.check_id", "registration.check_id"]


def test_id_check_when_guessed_often_then_stopped(desk: FlaskClient, person: MadeAttendee) -> None:
    path = f"/desk/attendees/{person.code}/id-check"

    answers = [desk.post(path, data={"document": f"{n:04}", "act": "compare"}).status_code for n in range(11)]

    assert answers == [302] * 10 + [429]


PAGES = ("", "/results", "/walk-in", "/print", "/lists", "/attendees/{code}", "/attendees/{code}/email")


def test_desk_when_opened_by_others_then_refused(
    sign_in: SignIn, client: FlaskClient, person: MadeAttendee, edition: EditionFacts
) -> None:
    paths = [f"/desk{page.format(code=person.code)}" for page in PAGES]
    roles = (Role.DESK, Role.ORGANIZER, Role.PROGRAM_MANAGER, Role.STEWARD, Role.REVIEWER)

    answers = {role: {sign_in(role).get(path).status_code for path in paths} for role in roles}

    assert answers == {
        Role.DESK: {200},
        Role.ORGANIZER: {200},
        Role.PROGRAM_MANAGER: {403},
        Role.STEWARD: {403},
        Role.REVIEWER: {403},
    }
    assert {client.get(path).status_code for path in paths} == {302}


@pytest.mark.parametrize("act", ["print", "reissue", "confirm", "pay", "id-check", "check-in-here"])
def test_act_when_done_by_others_then_refused_and_nothing_happens(
    act: str, sign_in: SignIn, person: MadeAttendee
) -> None:
    before = acts(person.id)

    answer = sign_in(Role.STEWARD).post(f"/desk/attendees/{person.code}/{act}", data={"document": "1234"})

    assert answer.status_code == 403
    assert acts(person.id) == before


def test_desk_when_linked_from_the_organizers_pages_then_found(sign_in: SignIn) -> None:
    page = sign_in(Role.DESK).get("/organizer/attendees").text

    assert re.search(r'href="(/en)?/desk"', page)
