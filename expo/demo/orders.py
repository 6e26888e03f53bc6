"""The demo's accounts, orders and attendees: colleagues share an order, most have paid, a few are pending."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.accounts.models import Person
from expo.demo.add_ons import book_add_ons
from expo.demo.arrivals import draw_order_times
from expo.demo.people import DemoPerson
from expo.demo.rows import first_free_id, insert_all
from expo.demo.tickets import SALE_DAYS, Choices, Offer
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.pure.codes import ATTENDEE_CODE_LENGTH, ORDER_CODE_LENGTH, make_code
from expo.pure.names import identity_key
from expo.registration.models import Attendee, Order, OrderLine
from expo.registration.rules import HOLD_UNCONFIRMED, AttendeeState, OrderState, attendee_search_text

NEWEST_ORDER = timedelta(minutes=4)
TOGETHER_SHARE, MAX_TOGETHER = 0.55, 6
# Shares of orders that are not confirmed and paid.
CANCELLED_SHARE, EXPIRED_SHARE, UNPAID_SHARE, UNOPENED_SHARE = 0.012, 0.008, 0.06, 0.25
UNOPENED_SINCE, AWAITING_SINCE, AWAITING_SHARE = timedelta(hours=40), timedelta(days=9), 0.5
REPORT_EVERY = 500


@dataclass(frozen=True)
class DemoAttendee:
    """A person with what the loader decided about them."""

    id: int
    code: str
    person_id: int
    person: DemoPerson
    offer: Offer
    state: AttendeeState
    is_paid: bool
    order: dict[str, Any]


@dataclass
class _Rows:
    """The rows to insert."""

    people: list[dict[str, Any]]
    orders: list[dict[str, Any]]
    attendees: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    loaded: list[DemoAttendee]


def load_orders(
    edition: EditionFacts,
    people: Sequence[DemoPerson],
    ticket_types: dict[str, int],
    add_ons: dict[str, int],
    choices: Choices,
    now: datetime,
    rng: Random,
    report: Callable[[float], None],
) -> list[DemoAttendee]:
    """Insert accounts, orders, attendees and audit records; return the attendees in order of time."""
    groups = _group(people, rng)
    times = draw_order_times(
        len(groups), (now - timedelta(days=SALE_DAYS)).astimezone(edition.zone), now - NEWEST_ORDER, rng
    )
    rows, codes = _Rows([], [], [], [], []), _Codes(rng)
    ids = (first_free_id(Person), first_free_id(Order), first_free_id(Attendee))
    for number, (group, at) in enumerate(zip(groups, times, strict=True)):
        order = _order(edition, ids[1] + number, ids[0] + len(rows.people), group[0], at.astimezone(now.tzinfo))
        order["code"] = codes.draw(ORDER_CODE_LENGTH)
        chosen = [choices.draw(at, rng) for _ in group]
        _decide(order, chosen, now, rng)
        rows.orders.append(order)
        for position, (person, offer) in enumerate(zip(group, chosen, strict=True), start=1):
            person_id = ids[0] + len(rows.people)
            rows.people.append(_account(person_id, person, order))
            attendee = DemoAttendee(
                id=ids[2] + len(rows.loaded),
                code=codes.draw(ATTENDEE_CODE_LENGTH),
                person_id=person_id,
                person=person,
                offer=offer,
                state=_attendee_state(order, offer, now, rng),
                is_paid=order["total_cents"] == 0 or order["paid_at"] is not None,
                order=order,
            )
            rows.loaded.append(attendee)
            rows.attendees.append(_attendee(edition.id, attendee, position, ticket_types[offer.code]))
            rows.lines.append(_line(attendee, ticket_types[offer.code]))
        if number % REPORT_EVERY == 0:
            report(number / len(groups))
    # Drawn apart, so that everybody else stays the same.
    rows.lines += book_add_ons(rows.loaded, add_ons, ticket_types, Random(f"add-ons {len(people)}"))
    insert_all(Person, rows.people)
    insert_all(Order, rows.orders)
    insert_all(Attendee, rows.attendees)
    insert_all(OrderLine, rows.lines)
    insert_all(AuditEntry, [_audit_record(order) for order in rows.orders])
    return rows.loaded


def page_language(tag: str) -> str:
    """Return the language of the demo's e-mails to a speaker of this one."""
    code = tag.split("-", maxsplit=1)[0]
    return "zh" if code == "zh" else "en"


class _Codes:
    """Draws unique codes."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()

    def draw(self, length: int) -> str:
        code = make_code(length, self._rng.choice)
        while code in self._taken:
            code = make_code(length, self._rng.choice)
        self._taken.add(code)
        return code


def _group(people: Sequence[DemoPerson], rng: Random) -> list[list[DemoPerson]]:
    """Return random groups of people who register together; some with colleagues, at most a carful."""
    by_company: dict[str, list[DemoPerson]] = {}
    groups: list[list[DemoPerson]] = []
    for person in people:
        waiting = by_company.get(person.company) if person.company else None
        if waiting is not None and len(waiting) < MAX_TOGETHER and rng.random() < TOGETHER_SHARE:
            waiting.append(person)
            continue
        group = [person]
        groups.append(group)
        if person.company:
            by_company[person.company] = group
    rng.shuffle(groups)
    return groups


def _order(edition: EditionFacts, order_id: int, person_id: int, orderer: DemoPerson, at: datetime) -> dict[str, Any]:
    return {
        "id": order_id,
        "edition_id": edition.id,
        "code": "",
        "person_id": person_id,
        "email": orderer.email,
        "language": page_language(orderer.language),
        "state": OrderState.CONFIRMED.value,
        "total_cents": 0,
        "currency": edition.currency,
        "paid_at": None,
        "source": "demo",
        "client_key": None,
        "request_digest": "",
        "paid_cents": 0,
        "terms_version": "demo",
        "created_at": at,
        "confirmed_at": None,
        "expires_at": None,
    }


def _decide(order: dict[str, Any], chosen: Sequence[Offer], now: datetime, rng: Random) -> None:
    """Decide the outcome of an order."""
    at: datetime = order["created_at"]
    order["total_cents"] = sum(offer.price_cents for offer in chosen)
    order["state"] = _order_state(now - at, rng).value
    if order["state"] == OrderState.UNCONFIRMED.value:
        order["expires_at"] = at + HOLD_UNCONFIRMED
    if order["state"] in (OrderState.CONFIRMED.value, OrderState.CANCELLED.value):
        order["confirmed_at"] = min(now, at + timedelta(seconds=rng.randint(40, 5400)))
    if order["total_cents"] and order["state"] == OrderState.CONFIRMED.value and rng.random() >= UNPAID_SHARE:
        order["paid_at"] = min(now, order["confirmed_at"] + timedelta(minutes=rng.randint(3, 3600)))
        order["paid_cents"] = order["total_cents"]
    if order["state"] in (OrderState.CANCELLED.value, OrderState.EXPIRED.value):
        order["total_cents"] = 0


def _order_state(age: timedelta, rng: Random) -> OrderState:
    draw = rng.random()
    if age < UNOPENED_SINCE and draw < UNOPENED_SHARE:
        return OrderState.UNCONFIRMED
    if draw > 1 - CANCELLED_SHARE:
        return OrderState.CANCELLED
    if draw > 1 - CANCELLED_SHARE - EXPIRED_SHARE and age > HOLD_UNCONFIRMED:
        return OrderState.EXPIRED
    return OrderState.CONFIRMED


def _attendee_state(order: dict[str, Any], offer: Offer, now: datetime, rng: Random) -> AttendeeState:
    if order["state"] != OrderState.CONFIRMED.value:
        return AttendeeState(order["state"])
    is_recent = now - order["created_at"] < AWAITING_SINCE
    if offer.requires_approval and is_recent and rng.random() < AWAITING_SHARE:
        return AttendeeState.AWAITING_APPROVAL
    return AttendeeState.CONFIRMED


def _account(person_id: int, person: DemoPerson, order: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": person_id,
        "email": person.email,
        "name": person.name,
        "language": page_language(person.language),
        "password_hash": None,
        "is_admin": False,
        "sign_in_count": 0,
        "link_version": 0,
        "created_at": order["created_at"],
        "verified_at": order["confirmed_at"],
    }


def _attendee(edition_id: int, attendee: DemoAttendee, position: int, ticket_type_id: int) -> dict[str, Any]:
    person, order = attendee.person, attendee.order
    latin = person.latin_name or ""
    return {
        "id": attendee.id,
        "edition_id": edition_id,
        "order_id": order["id"],
        "position": position,
        "code": attendee.code,
        "ticket_type_id": ticket_type_id,
        "person_id": attendee.person_id,
        "name": person.name,
        "latin_name": latin,
        "email": person.email,
        "country": person.country,
        "company": person.company,
        "job_title": person.job_title,
        "language": page_language(person.language),
        "state": attendee.state.value,
        "identity_key": identity_key(person.name, person.company),
        "search_text": attendee_search_text(
            person.name, latin, person.company, person.email, attendee.code, order["code"]
        ),
        "created_at": order["created_at"],
        "updated_at": order["paid_at"] or order["confirmed_at"] or order["created_at"],
    }


def _line(attendee: DemoAttendee, ticket_type_id: int) -> dict[str, Any]:
    order = attendee.order
    is_over = order["state"] in (OrderState.CANCELLED.value, OrderState.EXPIRED.value)
    return {
        "order_id": order["id"],
        "attendee_id": attendee.id,
        "ticket_type_id": ticket_type_id,
        "add_on_id": None,
        "quantity": 1,
        "price_cents": attendee.offer.price_cents,
        "total_cents": attendee.offer.price_cents,
        "cancelled_at": order["confirmed_at"] or order["expires_at"] or order["created_at"] if is_over else None,
    }


def _audit_record(order: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": order["created_at"],
        "edition_id": order["edition_id"],
        "actor_kind": "person",
        "actor_id": order["person_id"],
        "action": "registration.place_order",
        "subject": "order",
        "subject_id": order["id"],
        "details": {"source": order["source"]},
    }
