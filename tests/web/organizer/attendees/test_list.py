"""The attendee list: columns, order, what is done with those selected, and the counts that lead to it."""

import csv
import io
import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.checkin.rules import Direction
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration, register
from expo.infra.audit import AuditEntry
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.mail.queries import EmailFilter, find_emails
from expo.registration.queries import get_attendee
from expo.registration.rules import AttendeeState
from tests.make import attendee_request, make_attendee, make_ticket_type, order_request
from tests.web.organizer.conftest import SignIn

PEOPLE = "/organizer/attendees"


@pytest.fixture
def desk(sign_in: SignIn) -> FlaskClient:
    return sign_in(Role.DESK)


def listed(page: str) -> list[str]:
    """Return the names in the list, in its order."""
    return re.findall(r'<bdi><a\s+href="/organizer/attendees/\w+">([^<]*)</a></bdi>', page)


def headings(page: str) -> list[str]:
    return re.findall(r'<th scope="col" class="col-(\w+)"', page)


def make_awaiting(edition: EditionFacts, now: datetime, count: int) -> list[str]:
    """Register attendees who await approval, and return their codes."""
    make_ticket_type(edition, now, "press", requires_approval=True)
    requests = [
        order_request(attendee_request("press", name=f"Press {number}"), source="desk") for number in range(count)
    ]
    return [register(SYSTEM, edition.id, each, now).attendees[0].code for each in requests]


def state_of(edition: EditionFacts, code: str) -> AttendeeState:
    db.session.expire_all()
    return get_attendee(edition.id, code).state


def test_columns_when_chosen_then_kept_by_the_browser_and_reset(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    usual = headings(organizer.get(PEOPLE).text)

    answer = organizer.post(f"{PEOPLE}/columns?q=a&_scheme=gopher", data={"column": ["email", "code", "nonsense"]})
    chosen = headings(organizer.get(PEOPLE).text)
    organizer.post(f"{PEOPLE}/columns", data={"usual": "1"})

    assert usual == ["name", "company", "country", "ticket", "state", "email", "registered"]
    assert (answer.status_code, answer.location) == (302, f"{PEOPLE}?q=a")
    assert chosen == ["name", "email", "code"]
    assert headings(organizer.get(PEOPLE).text) == usual


def test_list_when_sorted_then_in_that_order_and_said_in_the_heading(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Ada", email="c@example.org", company="Beta", country="CH")
    make_attendee(
        edition, now, name="张伟", latin_name="Zhang Wei", email="a@example.org", company="alpha", country="CN"
    )
    make_attendee(edition, now, name="bob", email="b@example.org", company="Gamma", country="AT")
    orders = {
        sort: listed(organizer.get(f"{PEOPLE}?sort={sort}").text)
        for sort in ("name", "-name", "email", "-company", "country", "registered", "nonsense")
    }
    assert orders == {
        "name": ["Ada", "bob", "张伟"],
        "-name": ["张伟", "bob", "Ada"],
        "email": ["张伟", "bob", "Ada"],
        "-company": ["bob", "Ada", "张伟"],
        # Austria, China, Switzerland: by their names.
        "country": ["bob", "张伟", "Ada"],
        "registered": ["bob", "张伟", "Ada"],
        "nonsense": ["bob", "张伟", "Ada"],
    }
    page = organizer.get(f"{PEOPLE}?sort=-name").text
    assert re.findall(r'class="col-(\w+)" aria-sort="(\w+)"', page) == [("name", "descending")]


def test_list_when_searched_then_the_best_match_first_unless_sorted(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Wei Zhang", email="a@example.org")
    make_attendee(edition, now, name="Ann Zhangsun", email="b@example.org")
    best = listed(organizer.get(f"{PEOPLE}?q=zhang").text)
    by_name = listed(organizer.get(f"{PEOPLE}?q=zhang&sort=name").text)
    assert (best, by_name) == (["Wei Zhang", "Ann Zhangsun"], ["Ann Zhangsun", "Wei Zhang"])


def test_selected_when_approved_then_confirmed_and_noted_and_who_cannot_be_is_named(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    codes = make_awaiting(edition, now, 2)
    confirmed = make_attendee(edition, now, name="Cora Confirmed").code

    answer = desk.post(
        f"{PEOPLE}/selected?state=awaiting_approval",
        data={"decision": "approve", "code": [*codes, confirmed]},
    )
    page = desk.get(answer.location).text

    assert answer.location == f"{PEOPLE}?state=awaiting_approval"
    assert ("2 attendees approved." in page, "does not allow it: Cora Confirmed" in page) == (True, True)
    assert [state_of(edition, each) for each in codes] == [AttendeeState.CONFIRMED] * 2
    noted = db.session.scalars(
        select(AuditEntry.subject_id).where(AuditEntry.action == "registration.approve_attendee")
    ).all()
    assert sorted(filter(None, noted)) == sorted(get_attendee(edition.id, each).id for each in codes)


def test_selected_when_cancelled_then_asked_first(desk: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    codes = [make_attendee(edition, now, name=name, email=f"{name}@example.org").code for name in ("ann", "bob", "cid")]
    data = {"decision": "cancel", "code": codes[:2]}

    asked = desk.post(f"{PEOPLE}/selected", data=data)
    before = [state_of(edition, each) for each in codes]
    desk.post(f"{PEOPLE}/selected", data=data | {"sure": "1"})

    assert "Cancel 2 registrations?" in asked.text
    assert ["ann" in asked.text, "bob" in asked.text, "cid" in asked.text] == [True, True, False]
    assert before == [AttendeeState.CONFIRMED] * 3
    after = [state_of(edition, each) for each in codes]
    assert after == [AttendeeState.CANCELLED, AttendeeState.CANCELLED, AttendeeState.CONFIRMED]


def test_selected_when_emailed_then_one_more_each(desk: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    made = [make_attendee(edition, now, email=f"{number}@example.org") for number in range(3)]
    gone = made[2]
    cancel_registration(SYSTEM, edition.id, gone.id, now)
    desk.post(f"{PEOPLE}/selected", data={"decision": "resend", "code": [made[0].code, gone.code]})
    sent = [
        [
            letter.message
            for letter in find_emails(edition.id, EmailFilter(person_id=each.attendee.person_id), of_no_edition=False)[
                0
            ]
        ]
        for each in made
    ]
    assert sent == [
        ["registration/confirmed"] * 2,
        ["registration/confirmed"],
        ["registration/cancelled", "registration/confirmed"],
    ]


def test_selected_when_exported_then_only_they_are_in_the_file(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    codes = [make_attendee(edition, now, name=name, email=f"{name}@example.org").code for name in ("ann", "bob", "cid")]
    answer = organizer.post(f"{PEOPLE}/selected", data={"decision": "csv", "code": [codes[0], codes[2]]})
    text = organizer.get(answer.location).data.decode("utf-8-sig")
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["cid", "ann"]
    details = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "export.attendees")).one()
    assert [code in details["codes"] for code in codes] == [True, False, True]


def test_selected_when_nobody_or_nonsense_then_nothing_happens(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    code = make_attendee(edition, now).code
    none = desk.post(f"{PEOPLE}/selected", data={"decision": "cancel", "sure": "1"}, follow_redirects=True)
    desk.post(f"{PEOPLE}/selected", data={"decision": "nonsense", "code": code, "sure": "1"})
    assert "Select at least one attendee." in none.text
    assert state_of(edition, code) is AttendeeState.CONFIRMED


def test_selected_when_of_another_expo_then_nothing_happens(
    desk: FlaskClient, edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    code = make_attendee(other_edition, now).code
    for decision in ("approve", "resend", "cancel"):
        desk.post(f"{PEOPLE}/selected", data={"decision": decision, "code": code, "sure": "1"})
    assert state_of(other_edition, code) is AttendeeState.CONFIRMED


def test_selected_when_the_viewer_may_not_then_refused(sign_in: SignIn, edition: EditionFacts, now: datetime) -> None:
    code = make_attendee(edition, now).code
    for role in (Role.PROGRAM_MANAGER, Role.STEWARD, Role.REVIEWER):
        answer = sign_in(role).post(f"{PEOPLE}/selected", data={"decision": "cancel", "code": code, "sure": "1"})
        assert answer.status_code == 403
    assert state_of(edition, code) is AttendeeState.CONFIRMED


def test_select_all_when_asked_then_every_box_is_checked(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for number in range(3):
        make_attendee(edition, now, email=f"{number}@example.org")
    boxes = [
        len(re.findall(r'name="code"[^>]* checked', organizer.get(f"{PEOPLE}{query}").text))
        for query in ("", "?select=all")
    ]
    assert boxes == [0, 3]


def test_overview_when_a_count_is_followed_then_the_list_has_exactly_so_many(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    now = utcnow()
    make_awaiting(edition, now, 2)
    make_ticket_type(edition, now, "delegate", price_cents=100)
    make_attendee(edition, now - timedelta(days=20), name="Old", email="old@example.org", country="FR")
    make_attendee(edition, now, "delegate", name="Owes", email="owes@example.org", country="FR")
    request = order_request(
        attendee_request(name="Ann"), attendee_request("delegate", name="Ben"), email="two@example.org"
    )
    register(SYSTEM, edition.id, request, now - timedelta(hours=40))
    register(SYSTEM, edition.id, order_request(attendee_request(name="Late"), email="late@example.org"), now)
    here = make_attendee(edition, now, name="Here", email="here@example.org")
    create_checkpoint(SYSTEM, edition.id, "north", CheckpointRequest(name={"en": "North"}), now)
    scan(SYSTEM, edition.id, ScanRequest("1", here.token, "north", Direction.ENTRY, now, forced=True), now)

    page = organizer.get("/organizer/").text
    links = re.findall(
        r'<a [^>]*href="(/organizer/attendees\?[^"]*)"[^>]*>(?:<strong class="numbers">)?\s*([\d,]+)', page
    )
    found = {
        url.replace("&amp;", "&"): (int(count), len(listed(organizer.get(url.replace("&amp;", "&")).text)))
        for url, count in links
    }

    assert found == {
        f"{PEOPLE}?state=awaiting_approval": (2, 2),
        f"{PEOPLE}?state=confirmed&show=unpaid": (1, 1),
        f"{PEOPLE}?show=expiring": (2, 2),
        f"{PEOPLE}?state=confirmed": (3, 3),
        f"{PEOPLE}?state=confirmed&show=new": (2, 2),
        f"{PEOPLE}?show=arrived": (1, 1),
        f"{PEOPLE}?state=unconfirmed": (3, 3),
    }
    of_country = listed(organizer.get(f"{PEOPLE}?country=FR&state=confirmed").text)
    assert (f'href="{PEOPLE}?country=FR&amp;state=confirmed"' in page, of_country) == (True, ["Owes", "Old"])
    of_ticket = listed(organizer.get(f"{PEOPLE}?ticket_type=delegate&state=confirmed").text)
    assert (f'href="{PEOPLE}?ticket_type=delegate&amp;state=confirmed"' in page, of_ticket) == (True, ["Owes"])


def test_history_when_details_change_then_says_from_what_to_what(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, name="Ann", country="FR")
    typed = {"name": "Ann", "country": "DE", "company": "New <Ltd>", "language": "en"}
    desk.post(f"{PEOPLE}/{made.code}/edit", data=typed)
    desk.post(f"/desk/attendees/{made.code}/email", data={"email": "new@example.org"})
    make_ticket_type(edition, now, "delegate")
    desk.post(f"/desk/attendees/{made.code}/ticket", data={"ticket_type": "delegate"})
    desk.post(f"{PEOPLE}/{made.code}/cancel")

    page = desk.get(f"{PEOPLE}/{made.code}").text
    changes = re.findall(r'small-text">([^<:]*): <bdi>([^<]*)</bdi>.*?<strong>([^<]*)</strong>', page)

    assert changes == [
        ("Status", "Confirmed", "Cancelled"),
        ("Ticket", "Visitor", "Delegate"),
        ("E-mail address", made.attendee.email, "new@example.org"),
        ("Company or organization", "not provided", "New &lt;Ltd&gt;"),
        ("Country or region", "France", "Germany"),
    ]
