"""What an order costs follows its attendees, at the prices that were agreed."""

from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.registration import cancel_registration, cancel_whole_order, confirm_registration, register
from expo.registration.queries import get_order, list_lines
from expo.registration.services import expire_unconfirmed_orders, record_payment
from expo.tickets.services import change_ticket_type
from tests.make import attendee_request, make_ticket_type, order_request, stopped_clock


def test_total_when_one_of_two_is_cancelled_then_the_price_of_the_other_is_left(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ticket = make_ticket_type(edition, now, "delegate", price_cents=100)
    request = order_request(attendee_request("delegate"), attendee_request("delegate", "李娜"), source="desk")
    registered = register(SYSTEM, edition.id, request, now)
    change_ticket_type(SYSTEM, edition.id, ticket.id, now, price_cents=250)

    cancel_registration(SYSTEM, edition.id, registered.attendees[0].id, now)

    assert get_order(edition.id, registered.code).total_cents == 100
    lines = [(each.attendee_id, each.total_cents, each.cancelled_at) for each in list_lines(registered.id)]
    assert lines == [(registered.attendees[0].id, 100, now), (registered.attendees[1].id, 100, None)]


def test_total_when_a_paid_order_shrinks_then_what_was_paid_is_kept(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=100)
    request = order_request(attendee_request("delegate"), attendee_request("delegate", "李娜"), source="desk")
    registered = register(SYSTEM, edition.id, request, now)
    record_payment(SYSTEM, edition.id, registered.id, now)

    cancel_registration(SYSTEM, edition.id, registered.attendees[0].id, now)

    order = get_order(edition.id, registered.code)
    assert (order.total_cents, order.paid_cents, order.is_paid) == (100, 200, True)


def test_total_when_the_whole_order_ends_then_nothing_is_owed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=100)
    cancelled = register(SYSTEM, edition.id, order_request(attendee_request("delegate"), source="desk"), now)
    expired = register(ANONYMOUS, edition.id, order_request(attendee_request("delegate")), now)
    assert expired.expires_at is not None

    cancel_whole_order(SYSTEM, edition.id, cancelled.id, now)
    expire_unconfirmed_orders(stopped_clock(expired.expires_at))

    assert [get_order(edition.id, each.code).total_cents for each in (cancelled, expired)] == [0, 0]


def test_confirm_when_prices_have_risen_then_the_agreed_one_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ticket = make_ticket_type(edition, now, "delegate", price_cents=100)
    registered = register(ANONYMOUS, edition.id, order_request(attendee_request("delegate")), now)
    change_ticket_type(SYSTEM, edition.id, ticket.id, now, price_cents=900)

    assert confirm_registration(registered.id, now).total_cents == 100


@pytest.mark.parametrize("count", [1, 3])
def test_lines_when_an_order_is_placed_then_one_for_each_attendee(
    count: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=100)
    requests = [attendee_request("delegate") for _ in range(count)]

    registered = register(SYSTEM, edition.id, order_request(*requests, source="desk"), now)

    lines = list_lines(registered.id)
    assert [(each.attendee_id, each.price_cents, each.discount_cents, each.tax_cents) for each in lines] == [
        (each.id, 100, 0, 0) for each in registered.attendees
    ]
