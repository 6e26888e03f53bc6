"""What the desk does for people at the counter, with places, prices, badges and e-mails following."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.models import Person
from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor, Permission
from expo.badges.queries import find_badge_of
from expo.checkin.rules import Reason, Verdict
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.desk import (
    MaybeRegistered,
    change_address,
    change_ticket,
    check_in_by_hand,
    confirm_by_hand,
    correct_attendee,
    decide_many,
    register_walk_in,
)
from expo.flows.emails import resend_email
from expo.flows.registration import cancel_registration, confirm_registration, register
from expo.flows.tickets import create_quota
from expo.infra.db import db
from expo.mail.models import Email
from expo.mail.queries import list_emails
from expo.mail.rendering import render_email
from expo.registration.queries import (
    attendee_history,
    get_attendee_by_id,
    get_order,
    list_possible_duplicates,
    recount_quotas,
)
from expo.registration.rules import AttendeeChange, AttendeeState, OrderRequest, OrderState
from expo.registration.services import record_payment
from expo.tickets.errors import SoldOut, TicketTypeMissing
from expo.tickets.queries import list_quotas
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request

READER = Actor("person", 1, permissions=frozenset({Permission.ATTENDEES_READ}))


def sent_emails(edition: EditionFacts) -> list[tuple[str, str]]:
    """Return the e-mails and their addresses, the newest first."""
    return [(each.message, each.to_email) for each in list_emails(edition.id)]


def taken(edition: EditionFacts) -> dict[str, int]:
    assert all(each.agrees for each in recount_quotas(edition.id))
    return {each.name: each.taken for each in list_quotas(edition.id)}


def test_change_address_when_confirmed_then_another_person_with_badge_and_email(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, email="wrong@example.org")

    changed = change_address(SYSTEM, edition.id, made.id, " Right@Example.org", now)

    person = find_person_by_email("right@example.org")
    order = get_order(edition.id, changed.order_code)
    assert person is not None
    assert (changed.email, changed.person_id) == ("right@example.org", person.id)
    assert (order.email, order.person_id) == ("right@example.org", person.id)
    assert sent_emails(edition)[0] == ("registration/email_corrected", "right@example.org")
    assert find_badge_of(made.id) == made.badge
    assert attendee_history(edition.id, made.id)[0].action == "registration.correct_email"


def test_change_address_when_unconfirmed_then_asked_to_confirm_there(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now, order_request(email="wrong@example.org"))

    change_address(SYSTEM, edition.id, registered.attendees[0].id, "right@example.org", now)

    assert sent_emails(edition) == [
        ("registration/confirm", "right@example.org"),
        ("registration/confirm", "wrong@example.org"),
    ]


@pytest.mark.parametrize(("whole_order", "others"), [(True, "right@example.org"), (False, "wrong@example.org")])
def test_change_address_when_others_share_it_then_they_follow_if_wanted(
    *, whole_order: bool, others: str, each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    own = attendee_request(name="李雷", email="own@example.org")
    request = order_request(
        attendee_request(), attendee_request(name="李娜"), own, email="wrong@example.org", source="desk"
    )
    registered = register(SYSTEM, edition.id, request, now)

    change_address(SYSTEM, edition.id, registered.attendees[0].id, "right@example.org", now, whole_order=whole_order)

    order = get_order(edition.id, registered.code)
    assert [each.email for each in order.attendees] == ["right@example.org", others, "own@example.org"]
    assert order.email == others


def test_change_address_when_it_cannot_be_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_attendee(edition, now, email="same@example.org")
    cancelled = make_attendee(edition, now)
    cancel_registration(SYSTEM, edition.id, cancelled.id, now)

    with pytest.raises(Conflict, match="email_unchanged"):
        change_address(SYSTEM, edition.id, made.id, "SAME@example.org", now)
    with pytest.raises(Invalid, match="email_invalid"):
        change_address(SYSTEM, edition.id, made.id, "no address", now)
    with pytest.raises(Conflict, match="attendee_state"):
        change_address(SYSTEM, edition.id, cancelled.id, "right@example.org", now)
    with pytest.raises(PermissionMissing):
        change_address(READER, edition.id, made.id, "right@example.org", now)


def test_change_ticket_when_places_are_left_then_place_price_and_badge_follow(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor", places=5)
    make_ticket_type(edition, now, "delegate", places=1, price_cents=300)
    create_quota(SYSTEM, edition.id, "hall", 1, ["visitor", "delegate"], now)
    make_checkpoint(edition, now)
    made = make_attendee(edition, now, "visitor", email="a@example.org")

    changed = change_ticket(SYSTEM, edition.id, made.id, "delegate", now)

    badge = find_badge_of(made.id)
    assert badge is not None
    assert (changed.ticket_type_code, changed.is_paid) == ("delegate", False)
    assert get_order(edition.id, changed.order_code).total_cents == 300
    assert taken(edition) == {"visitor places": 0, "delegate places": 1, "hall": 1}
    assert (badge.issue, badge.token != made.token) == (2, True)
    assert scan_once(edition, made.token).reason is Reason.REVOKED
    assert sent_emails(edition)[0] == ("registration/ticket_changed", "a@example.org")


def test_change_ticket_when_sold_out_then_nothing_changes(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor", places=5)
    make_ticket_type(edition, now, "delegate", places=0, price_cents=300)
    made = make_attendee(edition, now, "visitor")

    with pytest.raises(SoldOut):
        change_ticket(SYSTEM, edition.id, made.id, "delegate", now)

    assert get_attendee_by_id(edition.id, made.id) == made.attendee
    assert (find_badge_of(made.id), get_order(edition.id, made.attendee.order_code).total_cents) == (made.badge, 0)
    assert taken(edition) == {"visitor places": 1, "delegate places": 0}


def test_change_ticket_when_a_paid_order_gets_dearer_then_it_is_owed_until_paid(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=100)
    make_ticket_type(edition, now, "premium", price_cents=300)
    made = make_attendee(edition, now, "delegate")
    record_payment(SYSTEM, edition.id, made.attendee.order_id, now)

    dearer = change_ticket(SYSTEM, edition.id, made.id, "premium", now)
    order = get_order(edition.id, made.attendee.order_code)
    record_payment(SYSTEM, edition.id, order.id, now)
    cheaper = change_ticket(SYSTEM, edition.id, made.id, "delegate", now)

    assert (dearer.is_paid, order.total_cents, order.paid_cents) == (False, 300, 100)
    after = get_order(edition.id, made.attendee.order_code)
    assert (cheaper.is_paid, after.total_cents, after.paid_cents) == (True, 100, 300)


def test_change_ticket_when_it_cannot_be_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, "expo-2028", 2028)
    make_ticket_type(other, now, "elsewhere")
    made = make_attendee(edition, now)

    for code, error in (("visitor", "ticket_unchanged"), ("elsewhere", "ticket_type_missing")):
        with pytest.raises(ExpoError, match=error):
            change_ticket(SYSTEM, edition.id, made.id, code, now)
    with pytest.raises(PermissionMissing):
        change_ticket(READER, edition.id, made.id, "visitor", now)


def test_confirm_by_hand_when_unconfirmed_then_badge_without_a_proven_address(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now, order_request(email="a@example.org"))

    order = confirm_by_hand(SYSTEM, edition.id, registered.id, now)

    assert order.state is OrderState.CONFIRMED
    assert db.session.scalars(select(Person.verified_at)).all() == [None]
    assert find_badge_of(registered.attendees[0].id) is not None
    assert sent_emails(edition)[0] == ("registration/confirmed", "a@example.org")
    with pytest.raises(Conflict, match="order_confirmed"):
        confirm_by_hand(SYSTEM, edition.id, registered.id, now)
    with pytest.raises(PermissionMissing):
        confirm_by_hand(READER, edition.id, registered.id, now)
    assert confirm_registration(registered.id, now).is_new is False


def test_resend_when_asked_then_what_belongs_to_the_status(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_ticket_type(edition, now, "press", requires_approval=True)
    unconfirmed = make_registration(edition, now, order_request(email="u@example.org"))
    awaiting = register(
        SYSTEM,
        edition.id,
        order_request(attendee_request("press"), email="p@example.org", source="desk"),
        now,
    )
    confirmed = make_attendee(edition, now, email="c@example.org")

    for attendee_id in (unconfirmed.attendees[0].id, awaiting.attendees[0].id, confirmed.id):
        resend_email(SYSTEM, edition.id, attendee_id, now)

    assert sent_emails(edition)[:3] == [
        ("registration/confirmed", "c@example.org"),
        ("registration/awaiting_approval", "p@example.org"),
        ("registration/confirm", "u@example.org"),
    ]


def test_check_in_by_hand_when_sent_twice_then_admitted_once_and_a_badge_scan_after_it_is_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    made = make_attendee(edition, now)

    first, again = (check_in_by_hand(SYSTEM, edition.id, made.id, "main", "hand 1", OPENING) for _ in range(2))

    assert (first.verdict, again.verdict) == (Verdict.ADMITTED, Verdict.ADMITTED)
    assert scan_once(edition, made.token).reason is Reason.ALREADY_ADMITTED
    assert attendee_history(edition.id, made.id)[0].action == "checkin.by_hand"
    with pytest.raises(PermissionMissing):
        check_in_by_hand(READER, edition.id, made.id, "main", "hand 2", OPENING)


def test_check_in_by_hand_when_not_confirmed_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    make_ticket_type(edition, now)
    registered = make_registration(edition, now)

    with pytest.raises(Conflict, match="badge_not_issuable"):
        check_in_by_hand(SYSTEM, edition.id, registered.attendees[0].id, "main", "hand 1", OPENING)


def walk_in(name: str = "李娜", email: str = "na@example.org", company: str = "Data Valley") -> OrderRequest:
    return order_request(attendee_request(name=name, company=company), email=email, source="desk")


@pytest.mark.parametrize(
    "wanted",
    [
        walk_in(name="Somebody Else", email=" NA@example.org"),
        walk_in(email="other@example.org", company="data  valley"),
        walk_in(email="other@example.org", name="Ｌｉ Na", company="Data Valley"),
    ],
)
def test_walk_in_when_the_person_is_there_already_then_pointed_out_until_told_otherwise(
    wanted: OrderRequest, each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    for place in (edition, other):
        make_ticket_type(place, now)
    name = "Na LI" if wanted.attendees[0].name.startswith("Ｌ") else "李娜"
    there = register(SYSTEM, edition.id, walk_in(name=name), now)
    register(SYSTEM, other.id, walk_in(name=name), now)

    with pytest.raises(MaybeRegistered) as pointed_out:
        register_walk_in(SYSTEM, edition.id, wanted, now)
    anyway = register_walk_in(SYSTEM, edition.id, wanted, now, anyway=True)

    assert [each.code for each in pointed_out.value.found] == [there.attendees[0].code]
    assert anyway.attendees[0].state is AttendeeState.CONFIRMED


def test_walk_in_when_others_are_there_then_registered(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    gone = register(SYSTEM, edition.id, walk_in(), now)
    cancel_registration(SYSTEM, edition.id, gone.attendees[0].id, now)
    register(SYSTEM, edition.id, walk_in(email="b@example.org", company="Another"), now)
    register(SYSTEM, edition.id, walk_in(email="c@example.org", company=""), now)

    done = register_walk_in(SYSTEM, edition.id, walk_in(), now)

    assert (done.is_new, done.state) == (True, OrderState.CONFIRMED)
    with pytest.raises(PermissionMissing):
        register_walk_in(ANONYMOUS, edition.id, replace(walk_in(), source="web"), now)


def test_same_person_when_of_one_order_then_the_address_says_nothing_but_the_name_does(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    people = [attendee_request(name=name, company="Data Valley") for name in ("张伟", "李娜", "李娜")]
    order = register(SYSTEM, edition.id, order_request(*people, email="office@example.org", source="desk"), now)
    rows = [get_attendee_by_id(edition.id, each.id) for each in order.attendees]

    found = [
        [same.id for same in list_possible_duplicates(edition.id, row.email, row.name, row.company, excluding=row)]
        for row in rows
    ]

    assert found == [[], [rows[2].id], [rows[1].id]]


def test_decide_many_when_some_are_decided_already_then_the_others_are_and_they_are_named(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True, places=9)
    codes = [
        register(SYSTEM, edition.id, order_request(attendee_request("press", name), source="desk"), now)
        .attendees[0]
        .code
        for name in ("A One", "B Two", "C Three")
    ]

    rejected = decide_many(SYSTEM, edition.id, codes[:1], now, is_approved=False)
    approved = decide_many(SYSTEM, edition.id, [*codes, codes[1], "NOBODY22"], now, is_approved=True)

    assert (rejected.decided, rejected.left) == (("A One",), ())
    assert (approved.decided, approved.left) == (("B Two", "C Three"), ("A One", "NOBODY22"))
    assert taken(edition) == {"press places": 2}
    assert [message for message, _to in sent_emails(edition)[:3]] == [
        "registration/approved",
        "registration/approved",
        "registration/refused",
    ]
    with pytest.raises(PermissionMissing):
        decide_many(READER, edition.id, codes, now, is_approved=True)


def test_correct_attendee_when_one_part_is_refused_then_nothing_changes(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now, email="a@example.org")
    make_ticket_type(edition, now, "delegate")

    with pytest.raises(TicketTypeMissing):
        correct_attendee(
            SYSTEM, edition.id, made.id, AttendeeChange(name="New"), now, email="b@example.org", ticket_type_code="no"
        )
    kept = get_attendee_by_id(edition.id, made.id)
    changed = correct_attendee(
        SYSTEM, edition.id, made.id, AttendeeChange(name="New"), now, email="b@example.org", ticket_type_code="delegate"
    )

    assert kept == made.attendee
    assert (changed.name, changed.email, changed.ticket_type_code) == ("New", "b@example.org", "delegate")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_emails_when_read_then_they_say_what_changed(
    language: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", name={"en": "Delegate", "zh": "代表"})
    made = make_attendee(edition, now, email="a@example.org", language=language)

    change_ticket(SYSTEM, edition.id, made.id, "delegate", now)
    change_address(SYSTEM, edition.id, made.id, "b@example.org", now)

    corrected, changed = [
        render_email(each.message, language, each.details, each.links, with_links=True) for each in _latest(edition, 2)
    ]
    words = {
        "en": ("Your ticket for Big Data Expo 2027 has changed", "now uses this e-mail address", "Delegate"),
        "zh": ("您的2027 数博会票种已更换", "现已使用此邮箱", "代表"),
    }[language]
    assert words[0] == changed.subject
    assert words[1] in corrected.text
    assert words[2] in changed.text


def _latest(edition: EditionFacts, count: int) -> list[Email]:
    query = select(Email).where(Email.edition_id == edition.id).order_by(Email.id.desc()).limit(count)
    return list(db.session.scalars(query))
