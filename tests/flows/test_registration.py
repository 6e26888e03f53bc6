from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.badges.queries import find_badge_of, public_keys
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.registration import (
    approve,
    cancel_registration,
    cancel_whole_order,
    confirm_registration,
    register,
    reject,
)
from expo.flows.tickets import create_quota
from expo.mail.queries import list_emails
from expo.pure.tokens import verify_token
from expo.registration.queries import AttendeeFilter, get_attendee, get_order, recount_quotas, search_attendees
from expo.registration.rules import AttendeeState, OrderState
from expo.registration.services import expire_unconfirmed_orders, record_payment
from expo.tickets.errors import SoldOut, TicketTypeMissing
from expo.tickets.queries import list_quotas
from tests.make import (
    attendee_request,
    make_attendee,
    make_registration,
    make_ticket_type,
    order_request,
    stopped_clock,
)


def taken(edition: EditionFacts) -> list[int]:
    assert all(count.agrees for count in recount_quotas(edition.id))
    return [quota.taken for quota in list_quotas(edition.id)]


def sent_emails(edition: EditionFacts) -> list[tuple[str, str]]:
    return [(email.message, email.to_email) for email in list_emails(edition.id)]


def test_confirm_when_link_opened_twice_then_badge_and_email_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=5)
    registered = make_registration(edition, now, order_request(email="zhang@example.org"))

    first = confirm_registration(registered.id, now + timedelta(hours=1))
    second = confirm_registration(registered.id, now + timedelta(hours=2))

    badge = find_badge_of(registered.attendees[0].id)
    assert badge is not None
    token = verify_token(badge.token, public_keys(edition.id))
    assert (token.serial, token.edition, token.first_day, token.days) == (badge.serial, edition.number, 0, 3)
    assert registered.state is OrderState.UNCONFIRMED
    assert (first.is_new, second.is_new) == (True, False)
    assert first.attendees == second.attendees
    assert [each.state for each in first.attendees] == [AttendeeState.CONFIRMED]
    assert sent_emails(edition) == [
        ("registration/confirmed", "zhang@example.org"),
        ("registration/confirm", "zhang@example.org"),
    ]
    assert taken(edition) == [1]


def test_register_when_one_of_several_does_not_fit_then_nothing_is_kept(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor", places=5)
    make_ticket_type(edition, now, "press", places=1)
    request = order_request(
        attendee_request("visitor"), attendee_request("press", "李娜"), attendee_request("press", "王芳")
    )

    with pytest.raises(SoldOut) as refused:
        register(ANONYMOUS, edition.id, request, now)

    assert refused.value.params == {"ticket_type": "press", "left": 1}
    assert search_attendees(edition.id, AttendeeFilter()).rows == ()
    assert sent_emails(edition) == []
    assert taken(edition) == [0, 0]


def test_register_when_types_share_a_quota_then_both_take_from_it(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor")
    make_ticket_type(edition, now, "student")
    create_quota(SYSTEM, edition.id, "hall", 2, ["visitor", "student"], now)
    make_registration(edition, now, order_request(attendee_request("visitor")))
    make_registration(edition, now, order_request(attendee_request("student")))

    with pytest.raises(SoldOut):
        make_registration(edition, now, order_request(attendee_request("student")))

    assert taken(edition) == [2]


def test_register_at_the_desk_when_some_have_addresses_then_each_gets_their_own_badges(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "visitor", is_public=False, sale_ends_at=now - timedelta(days=1))
    request = order_request(
        attendee_request(name="张伟"),
        attendee_request(name="李娜", email="Na@Example.org"),
        attendee_request(name="王芳"),
        email="office@example.org",
        source="desk",
    )

    registered = register(SYSTEM, edition.id, request, now)

    assert [each.state for each in registered.attendees] == [AttendeeState.CONFIRMED] * 3
    assert all(find_badge_of(each.id) for each in registered.attendees)
    assert sorted(sent_emails(edition)) == [
        ("registration/confirmed", "na@example.org"),
        ("registration/confirmed", "office@example.org"),
    ]


def test_register_when_anonymous_claims_to_be_the_desk_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    with pytest.raises(PermissionMissing):
        register(ANONYMOUS, edition.id, order_request(source="desk"), now)

    assert sent_emails(edition) == []


@pytest.mark.parametrize(
    ("values", "error", "code"),
    [
        ({"is_public": False}, TicketTypeMissing, "ticket_type_missing"),
        ({"sale_starts_at": timedelta(seconds=1)}, Conflict, "not_on_sale"),
        ({"sale_ends_at": timedelta(0)}, Conflict, "sale_ended"),
        ({"max_per_order": 1}, Invalid, "too_many_of_type"),
    ],
)
def test_register_from_the_web_when_type_is_not_offered_then_refused(
    app: Flask, edition: EditionFacts, now: datetime, values: dict[str, object], error: type[Exception], code: str
) -> None:
    moments: dict[str, Any] = {
        name: now + value if isinstance(value, timedelta) else value for name, value in values.items()
    }
    make_ticket_type(edition, now, **moments)

    with pytest.raises(error) as refused:
        register(ANONYMOUS, edition.id, order_request(attendee_request(), attendee_request()), now)

    assert getattr(refused.value, "code") == code  # noqa: B009


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"name": " \u202e "}, "attendees-1-name", "name_empty"),
        ({"name": "x" * 201}, "attendees-1-name", "name_too_long"),
        ({"name": "张伟 😀"}, "attendees-1-name", "text_unprintable"),
        ({"country": "XX"}, "attendees-1-country", "country_unknown"),
        ({"email": "nobody"}, "attendees-1-email", "email_invalid"),
        ({"company": "x" * 201}, "attendees-1-company", "text_too_long"),
        ({"language": "tlh"}, "attendees-1-language", "language_unknown"),
    ],
)
def test_register_when_a_field_cannot_be_used_then_it_is_named(
    app: Flask, edition: EditionFacts, now: datetime, values: dict[str, str], field: str, code: str
) -> None:
    make_ticket_type(edition, now)
    request = order_request(attendee_request(), attendee_request(**values))

    with pytest.raises(Invalid) as refused:
        register(ANONYMOUS, edition.id, request, now)

    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_approve_when_awaiting_then_badge_and_email(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True, places=3)
    registered = make_registration(edition, now, order_request(attendee_request("press"), email="p@example.org"))
    confirmed = confirm_registration(registered.id, now)
    attendee_id = registered.attendees[0].id
    assert find_badge_of(attendee_id) is None

    approved = approve(SYSTEM, edition.id, attendee_id, now)

    assert [each.state for each in confirmed.attendees] == [AttendeeState.AWAITING_APPROVAL]
    assert approved.state is AttendeeState.CONFIRMED
    assert find_badge_of(attendee_id) is not None
    assert sent_emails(edition)[:2] == [
        ("registration/approved", "p@example.org"),
        ("registration/awaiting_approval", "p@example.org"),
    ]
    with pytest.raises(Conflict):
        reject(SYSTEM, edition.id, attendee_id, now)
    assert taken(edition) == [1]


def test_refuse_when_awaiting_then_place_is_free_and_order_over(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True, places=3)
    registered = make_registration(edition, now, order_request(attendee_request("press"), email="p@example.org"))
    confirm_registration(registered.id, now)

    refused = reject(SYSTEM, edition.id, registered.attendees[0].id, now)

    assert refused.state is AttendeeState.CANCELLED
    assert get_order(edition.id, registered.code).state is OrderState.CANCELLED
    assert sent_emails(edition)[0] == ("registration/refused", "p@example.org")
    assert taken(edition) == [0]


def test_cancel_when_own_then_badge_revoked_and_place_given_back_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=2)
    made = make_attendee(edition, now)
    stranger = make_attendee(edition, now)
    own = Actor("person", made.attendee.person_id, edition_id=edition.id)

    cancelled = cancel_registration(own, edition.id, made.id, now)

    badge = find_badge_of(made.id)
    assert cancelled.state is AttendeeState.CANCELLED
    assert badge is not None
    assert badge.revoked_at == now
    with pytest.raises(Conflict):
        cancel_registration(own, edition.id, made.id, now)
    with pytest.raises(PermissionMissing):
        cancel_registration(own, edition.id, stranger.id, now)
    assert taken(edition) == [1]


def test_cancel_order_when_one_was_cancelled_before_then_each_place_is_given_back_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=5)
    request = order_request(attendee_request(), attendee_request(name="李娜"), source="desk")
    registered = register(SYSTEM, edition.id, request, now)
    cancel_registration(SYSTEM, edition.id, registered.attendees[0].id, now)
    assert taken(edition) == [1]

    cancel_whole_order(SYSTEM, edition.id, registered.id, now)

    assert taken(edition) == [0]
    assert get_attendee(edition.id, registered.attendees[1].code).state is AttendeeState.CANCELLED
    with pytest.raises(Conflict):
        cancel_whole_order(SYSTEM, edition.id, registered.id, now)


def test_expire_when_time_is_over_then_places_are_free_and_the_link_is_too_late(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=3)
    late = make_registration(edition, now, order_request(attendee_request(), attendee_request()))
    confirmed = make_registration(edition, now)
    confirm_registration(confirmed.id, now)

    early = expire_unconfirmed_orders(stopped_clock(now + timedelta(hours=47, minutes=59)))
    expired = expire_unconfirmed_orders(stopped_clock(now + timedelta(hours=48)), batch=1)
    again = expire_unconfirmed_orders(stopped_clock(now + timedelta(hours=49)))

    assert (early, expired, again) == (0, 1, 0)
    assert taken(edition) == [1]
    assert {each.state for each in get_order(edition.id, late.code).attendees} == {AttendeeState.EXPIRED}
    with pytest.raises(Conflict) as refused:
        confirm_registration(late.id, now + timedelta(hours=50))
    assert refused.value.code == "order_expired"


def test_record_payment_when_order_has_a_price_then_paid_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=128000)
    made = make_attendee(edition, now, "delegate")
    assert made.attendee.is_paid is False

    record_payment(SYSTEM, edition.id, made.attendee.order_id, now, "transfer 17")

    assert get_attendee(edition.id, made.code).is_paid is True
    with pytest.raises(Conflict) as refused:
        record_payment(SYSTEM, edition.id, made.attendee.order_id, now)
    assert refused.value.code == "already_paid"
    with pytest.raises(PermissionMissing):
        record_payment(ANONYMOUS, edition.id, made.attendee.order_id, now)
