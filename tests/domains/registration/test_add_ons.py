"""What attendees book with their tickets: lines and totals, and places that are taken and released exactly once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.add_ons import change_add_ons, reoffer_add_on
from expo.flows.desk import change_ticket
from expo.flows.registration import cancel_registration, cancel_whole_order, confirm_registration, register, reject
from expo.mail.queries import list_emails
from expo.registration.queries import (
    AttendeeFilter,
    OrderRow,
    count_sold_add_ons,
    get_order,
    list_add_ons_of,
    list_lines,
    recount_quotas,
    search_attendees,
)
from expo.registration.queries.totals import list_wrong_totals
from expo.registration.services import expire_unconfirmed_orders, record_payment
from expo.tickets.errors import AddOnMissing, AddOnSoldOut
from tests.make import attendee_request, make_add_on, make_attendee, make_ticket_type, order_request, stopped_clock

LATER = timedelta(minutes=1)


def held(attendee_id: int) -> dict[str, int]:
    return {each.code: each.quantity for each in list_add_ons_of([attendee_id]).get(attendee_id, ())}


def taken(edition: EditionFacts) -> dict[str, int]:
    """Return the counters of the quotas, which must be correct."""
    quotas = recount_quotas(edition.id)
    assert [each for each in quotas if not each.agrees] == []
    return {each.name: each.taken for each in quotas}


@pytest.fixture
def offered(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "delegate", price_cents=1000, places=10)
    make_add_on(edition, now, "dinner", 3, price_cents=300)
    make_add_on(edition, now, "parking", 9, price_cents=50, max_per_attendee=3)


def place(edition: EditionFacts, now: datetime, source: str = "desk") -> OrderRow:
    """Register two, the first of them with a dinner and two parking spaces."""
    first = attendee_request("delegate", add_ons=("parking", "dinner", "parking"))
    request = order_request(first, attendee_request("delegate", "李娜"), source=source)
    return register(ANONYMOUS if source == "web" else SYSTEM, edition.id, request, now)


def test_register_when_with_add_ons_then_lines_total_and_places(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    order = place(edition, now)

    first, second = order.attendees
    assert (held(first.id), held(second.id)) == ({"dinner": 1, "parking": 2}, {})
    assert [(each.add_on_id is None, each.quantity, each.price_cents) for each in list_lines(order.id)] == [
        (True, 1, 1000),
        (False, 1, 300),
        (False, 2, 100),
        (True, 1, 1000),
    ]
    assert (get_order(edition.id, order.code).total_cents, list_wrong_totals(edition.id)) == (2400, [])
    assert taken(edition) == {"delegate places": 2, "Dinner": 1, "Parking": 2}
    assert count_sold_add_ons(edition.id) == {"dinner": 1, "parking": 2}
    found = search_attendees(edition.id, AttendeeFilter(add_on="parking")).rows
    assert [each.id for each in found] == [first.id]


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (lambda edition, order, now: cancel_registration(SYSTEM, edition.id, order.attendees[0].id, now), 1),
        (lambda edition, order, now: cancel_whole_order(SYSTEM, edition.id, order.id, now), 0),
        (lambda _edition, _order, now: expire_unconfirmed_orders(stopped_clock(now + timedelta(hours=49))), 0),
    ],
)
def test_places_when_somebody_ends_then_released_exactly_once(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    offered: None,
    end: Callable[[EditionFacts, OrderRow, datetime], object],
    left: int,
) -> None:
    order = place(edition, now, "web")
    # At the same moment as the end, so that nothing can tell their lines apart by time.
    change_add_ons(SYSTEM, edition.id, order.attendees[0].id, {"parking": 2}, now)
    assert taken(edition) == {"delegate places": 2, "Dinner": 0, "Parking": 2}

    end(edition, order, now)

    assert taken(edition) == {"delegate places": left, "Dinner": 0, "Parking": 0}
    with suppress(Conflict):
        end(edition, order, now)
    assert taken(edition) == {"delegate places": left, "Dinner": 0, "Parking": 0}
    assert list_wrong_totals(edition.id) == []


def test_places_when_a_registration_is_rejected_then_released(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    request = order_request(attendee_request("press", add_ons=("dinner",)))
    order = register(ANONYMOUS, edition.id, request, now)
    confirm_registration(order.id, now)
    assert taken(edition)["Dinner"] == 1

    reject(SYSTEM, edition.id, order.attendees[0].id, now)

    assert taken(edition)["Dinner"] == 0


@pytest.mark.parametrize(
    ("codes", "refusal"),
    [
        (("dinner",) * 2, "too_many_of_add_on"),
        (("none",), "add_on_missing"),
        (("hidden",), "add_on_missing"),
        (("vips",), "add_on_not_offered"),
        (("over",), "add_on_sale_ended"),
        (("early",), "add_on_not_on_sale"),
        (("full",), "add_on_sold_out"),
    ],
)
def test_register_when_an_add_on_is_refused_then_nobody_is_registered(
    app: Flask, edition: EditionFacts, now: datetime, offered: None, codes: tuple[str, ...], refusal: str
) -> None:
    make_ticket_type(edition, now, "vip")
    make_add_on(edition, now, "hidden", is_public=False)
    make_add_on(edition, now, "vips", ticket_type_codes=("vip",))
    make_add_on(edition, now, "over", sale_ends_at=now)
    make_add_on(edition, now, "early", sale_starts_at=now + LATER)
    make_add_on(edition, now, "full", 0)

    with pytest.raises((Conflict, Invalid, AddOnMissing), match=refusal):
        register(ANONYMOUS, edition.id, order_request(attendee_request("delegate", add_ons=codes)), now)

    assert search_attendees(edition.id, AttendeeFilter()).rows == ()
    assert set(taken(edition).values()) == {0}


def test_register_when_fewer_are_left_than_wanted_then_the_number_is_named_and_nothing_stored(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    people = [attendee_request("delegate", f"Person {n}", add_ons=("dinner",)) for n in range(4)]

    with pytest.raises(AddOnSoldOut) as refused:
        register(ANONYMOUS, edition.id, order_request(*people), now)

    assert refused.value.params == {"add_on": "dinner", "left": 3}
    assert taken(edition) == {"delegate places": 0, "Dinner": 0, "Parking": 0}


def test_change_when_organizers_add_and_remove_then_price_places_audit_and_e_mail(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    order = place(edition, now)
    record_payment(SYSTEM, edition.id, order.id, now)
    attendee = order.attendees[1]

    change_add_ons(SYSTEM, edition.id, attendee.id, {"parking": 3}, now)
    dearer = get_order(edition.id, order.code)
    change_add_ons(SYSTEM, edition.id, attendee.id, {"parking": 1}, now)
    change_add_ons(SYSTEM, edition.id, attendee.id, {"parking": 1}, now)

    cheaper = get_order(edition.id, order.code)
    assert (dearer.total_cents, dearer.is_paid, cheaper.total_cents, cheaper.paid_cents) == (2550, False, 2450, 2400)
    assert (held(attendee.id), taken(edition)["Parking"]) == ({"parking": 1}, 3)
    messages = [each.message for each in list_emails(edition.id)]
    assert messages.count("registration/add_ons_changed") == 2


def test_change_when_prices_have_risen_then_what_is_kept_keeps_its_price(
    app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    order = place(edition, now)
    reoffer_add_on(SYSTEM, edition.id, "dinner", {"price_cents": 900}, 3, (), now)

    change_add_ons(SYSTEM, edition.id, order.attendees[0].id, {"dinner": 1}, now)
    change_add_ons(SYSTEM, edition.id, order.attendees[1].id, {"dinner": 1}, now)

    prices = [each.price_cents for each in list_lines(order.id) if each.add_on_id and each.cancelled_at is None]
    assert sorted(prices) == [300, 900]


def test_change_when_not_possible_then_nothing_changes(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    order = place(edition, now)
    first, second = order.attendees
    for number in range(2):
        others = order_request(attendee_request("delegate", f"Other {number}", add_ons=("dinner",)), source="desk")
        register(SYSTEM, edition.id, others, now)

    for wanted, refusal in (
        ({"dinner": 1}, "add_on_sold_out"),
        ({"parking": 4}, "too_many_of_add_on"),
        ({"parking": -1}, "number_out_of_range"),
        ({"none": 1}, "add_on_missing"),
    ):
        with pytest.raises((Conflict, Invalid, AddOnMissing), match=refusal):
            change_add_ons(SYSTEM, edition.id, second.id, wanted, now)
    with pytest.raises(PermissionMissing):
        change_add_ons(ANONYMOUS, edition.id, second.id, {"parking": 1}, now)
    cancel_registration(SYSTEM, edition.id, first.id, now)
    with pytest.raises(Conflict, match="attendee_state"):
        change_add_ons(SYSTEM, edition.id, first.id, {"parking": 1}, now)

    assert (held(first.id), held(second.id)) == ({}, {})
    assert taken(edition) == {"delegate places": 3, "Dinner": 2, "Parking": 0}


def test_ticket_when_changed_then_the_add_ons_stay(
    each_app: Flask, edition: EditionFacts, now: datetime, offered: None
) -> None:
    make_ticket_type(edition, now, "vip", price_cents=5000)
    order = place(edition, now)

    change_ticket(SYSTEM, edition.id, order.attendees[0].id, "vip", now)

    assert held(order.attendees[0].id) == {"dinner": 1, "parking": 2}
    assert get_order(edition.id, order.code).total_cents == 5000 + 400 + 1000
    assert taken(edition)["Dinner"] == 1


def test_attendee_when_without_add_ons_then_none_are_listed(app: Flask, edition: EditionFacts, now: datetime) -> None:
    attendee = make_attendee(edition, now)

    assert (list_add_ons_of([attendee.id]), list_add_ons_of([])) == ({}, {})
