"""Place an order with its attendees and prices, all or nothing. The caller takes their places last."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email, ensure_person_at
from expo.editions.queries import get_registration_window
from expo.editions.rules import require_open_registration
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_new
from expo.pure.codes import ATTENDEE_CODE_LENGTH, ORDER_CODE_LENGTH, make_code
from expo.pure.names import identity_key
from expo.registration.models import Attendee, Order
from expo.registration.queries import AttendeeRow, OrderRow, get_order_by_id
from expo.registration.rules import (
    HOLDS,
    AttendeeRequest,
    AttendeeState,
    OrderRequest,
    OrderState,
    Source,
    attendee_search_text,
    check_request,
    digest_of,
    is_paid,
    state_after_confirmation,
)
from expo.registration.services.badge_texts import PRINTED_FIELDS, check_printable
from expo.registration.services.lines import NewLine, insert_lines
from expo.tickets.queries import find_add_on_offers, find_offers
from expo.tickets.rules import (
    AddOnOffer,
    AddOnUnits,
    Offer,
    check_add_ons,
    check_add_ons_left,
    check_offers,
    check_places_left,
)
from expo.tickets.services import lock_add_ons, lock_ticket_types

CODE_ATTEMPTS = 10


@dataclass(frozen=True)
class PreparedOrder:
    """A validated order, ready to be placed. `placed_before` is the order of an earlier identical submission."""

    edition_id: int
    request: OrderRequest
    offers: Mapping[str, Offer]
    add_ons: Mapping[str, AddOnOffer] = field(default_factory=dict)
    placed_before: OrderRow | None = None

    def price_of(self, attendee: AttendeeRequest) -> int:
        """Return what an attendee costs, with add-ons."""
        ticket = self.offers[attendee.ticket_type_code].price_cents
        return ticket + sum(self.add_ons[code].price_cents for code in attendee.add_ons)


def prepare_order(actor: Actor, edition_id: int, request: OrderRequest, now: datetime) -> PreparedOrder:
    """Validate a registration of one or more attendees without writing or locking anything.

    Orders from the web are unconfirmed and hold their places for 48 hours, those of invited speakers for 14 days.
    Orders from the API, the desk or an import require ATTENDEES_WRITE, may contain any ticket type at any time, and
    are confirmed at once. Requests that cannot succeed are rejected here, so a rush after the last place is taken
    stays cheap. Raises Invalid with a field such as `attendees-0-name`, TicketTypeMissing, AddOnMissing, SoldOut,
    AddOnSoldOut, Conflict `not_on_sale`, `sale_ended`, `registration_not_open`, `registration_closed`, or those of
    `check_add_ons`.
    """
    request = check_request(request)
    from_web = request.source == Source.WEB.value
    require(actor, Permission.REGISTER if from_web else Permission.ATTENDEES_WRITE, edition_id)
    request = _with_checked_emails(request)
    placed_before = _find_placed(edition_id, request)
    if placed_before is not None:
        return PreparedOrder(edition_id, request, {}, {}, placed_before)
    for n, each in enumerate(request.attendees):
        check_printable({field: getattr(each, field) for field in PRINTED_FIELDS}, f"attendees-{n}-")
    if from_web:
        require_open_registration(get_registration_window(edition_id), now)
    codes = [each.ticket_type_code for each in request.attendees]
    offers = find_offers(edition_id, codes)
    check_offers(codes, offers, now, for_public=from_web)
    wishes = [(each.ticket_type_code, each.add_ons) for each in request.attendees]
    add_ons = find_add_on_offers(edition_id, {code for _ticket, wanted in wishes for code in wanted})
    check_add_ons(wishes, add_ons, now, for_public=from_web)
    check_places_left(codes, offers)
    check_add_ons_left(wishes, add_ons)
    return PreparedOrder(edition_id, request, offers, add_ons)


def place_order(actor: Actor, prepared: PreparedOrder, now: datetime) -> OrderRow:
    """Insert an order with its attendees and lines; the caller must take the places last in the same transaction.

    This keeps the lock on a busy quota short. A repeated request with the same `client_key` returns the order placed
    before with `is_new` False; the same key with different content creates another order.
    """
    if prepared.placed_before is not None:
        return prepared.placed_before
    edition_id, request, offers = prepared.edition_id, prepared.request, prepared.offers
    with atomic():
        if len(offers) > 1 or prepared.add_ons:
            lock_ticket_types(each.id for each in offers.values())
        lock_add_ons(each.id for each in prepared.add_ons.values())
        people = _ensure_people(request, now)
        order = _insert_order(prepared, people[request.email], now)
        if not order.is_new:
            return order
        attendees = tuple(
            _insert_attendee(prepared, order, n, each, people, now) for n, each in enumerate(request.attendees, start=1)
        )
        insert_lines(
            order.id,
            [line for each in attendees for line in _lines_of(prepared, each)],
        )
        record_act(
            actor,
            "registration.place_order",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order.id,
            source=request.source,
            attendees=[each.code for each in attendees],
        )
        return replace(order, attendees=attendees)


def _find_placed(edition_id: int, request: OrderRequest) -> OrderRow | None:
    """Return the order that this form placed before with the same content, or None."""
    if not request.client_key:
        return None
    order_id = db.session.scalar(
        select(Order.id).where(
            Order.edition_id == edition_id,
            Order.client_key == request.client_key,
            Order.request_digest == digest_of(request),
        )
    )
    return get_order_by_id(order_id) if order_id is not None else None


def _with_checked_emails(request: OrderRequest) -> OrderRequest:
    attendees = tuple(
        replace(each, email=_checked_email(each.email, f"attendees-{n}-email") if each.email else None)
        for n, each in enumerate(request.attendees)
    )
    return replace(request, email=_checked_email(request.email, "email"), attendees=attendees)


def _checked_email(email: str, field: str) -> str:
    try:
        return check_email(email)
    except Invalid as error:
        raise Invalid(error.code, field=field) from None


def _ensure_people(request: OrderRequest, now: datetime) -> dict[str, int]:
    """Return the ids of the people by address. Addresses are sorted to prevent deadlocks between orders."""
    names = {each.email or request.email: each for each in reversed(request.attendees)}
    people = {}
    for email in sorted({request.email, *names}):
        known = names.get(email)
        people[email] = ensure_person_at(
            email, known.name if known else "", known.language if known else request.language, now
        )
    return people


def _insert_order(prepared: PreparedOrder, person_id: int, now: datetime) -> OrderRow:
    """Insert the order without attendees, or return the one placed by a simultaneous submission of the form."""
    request, offers = prepared.request, prepared.offers
    hold = HOLDS.get(request.source)
    is_unconfirmed = hold is not None
    total_cents = sum(prepared.price_of(each) for each in request.attendees)
    order = OrderRow(
        id=0,
        edition_id=prepared.edition_id,
        code="",
        person_id=person_id,
        email=request.email,
        language=request.language,
        state=OrderState.UNCONFIRMED if is_unconfirmed else OrderState.CONFIRMED,
        total_cents=total_cents,
        currency=offers[request.attendees[0].ticket_type_code].currency,
        paid_at=None,
        paid_cents=0,
        is_paid=is_paid(total_cents, None),
        source=request.source,
        terms_version=request.terms_version,
        created_at=now,
        confirmed_at=None if is_unconfirmed else now,
        expires_at=now + hold if hold is not None else None,
        attendees=(),
        is_new=True,
    )
    for _ in range(CODE_ATTEMPTS):
        code = make_code(ORDER_CODE_LENGTH, secrets.choice)
        order_id = insert_new(
            Order,
            edition_id=order.edition_id,
            code=code,
            person_id=order.person_id,
            email=order.email,
            language=order.language,
            state=order.state.value,
            total_cents=order.total_cents,
            currency=order.currency,
            source=order.source,
            terms_version=order.terms_version,
            client_key=request.client_key,
            request_digest=digest_of(request) if request.client_key else "",
            created_at=now,
            confirmed_at=order.confirmed_at,
            expires_at=order.expires_at,
        )
        if order_id is not None:
            return replace(order, id=order_id, code=code)
        # A simultaneous submission of the same form was inserted first.
        placed_before = _find_placed(prepared.edition_id, request)
        if placed_before is not None:
            return placed_before
    raise AssertionError("every code drawn was taken")


def _lines_of(prepared: PreparedOrder, attendee: AttendeeRow) -> list[NewLine]:
    """Return the lines of an attendee: that of the ticket, then one for each add-on."""
    ticket, type_id = prepared.offers[attendee.ticket_type_code].price_cents, attendee.ticket_type_id
    lines = [NewLine(attendee.id, type_id, ticket)]
    for each in attendee.add_on_units:
        price = prepared.add_ons[each.code].price_cents * each.quantity
        lines.append(NewLine(attendee.id, type_id, price, each.add_on_id, each.quantity))
    return lines


def _insert_attendee(
    prepared: PreparedOrder,
    order: OrderRow,
    position: int,
    request: AttendeeRequest,
    people: dict[str, int],
    now: datetime,
) -> AttendeeRow:
    offer = prepared.offers[request.ticket_type_code]
    state = AttendeeState.UNCONFIRMED
    if order.state is OrderState.CONFIRMED:
        state = state_after_confirmation(requires_approval=offer.requires_approval or request.awaits_approval)
    email = request.email or order.email
    values: dict[str, Any] = {
        "edition_id": order.edition_id,
        "order_id": order.id,
        "ticket_type_id": offer.id,
        "person_id": people[email],
        "name": request.name,
        "latin_name": request.latin_name,
        "email": email,
        "country": request.country,
        "company": request.company,
        "job_title": request.job_title,
        "language": request.language,
        "created_at": now,
        "updated_at": now,
    }
    code, attendee_id = _insert_with_code(
        lambda code: attendee_search_text(request.name, request.latin_name, request.company, email, code, order.code),
        position=position,
        state=state.value,
        identity_key=identity_key(request.name, request.company),
        **values,
    )
    return AttendeeRow(
        id=attendee_id,
        code=code,
        order_code=order.code,
        order_state=order.state,
        order_person_id=order.person_id,
        is_paid=order.is_paid,
        state=state,
        ticket_type_code=offer.code,
        ticket_type_number=offer.number,
        ticket_type_name=offer.name,
        band=offer.band,
        valid_from=offer.valid_from,
        valid_days=offer.valid_days,
        add_on_units=tuple(
            AddOnUnits(prepared.add_ons[add_on].id, add_on, quantity)
            for add_on, quantity in Counter(request.add_ons).items()
        ),
        **values,
    )


def _insert_with_code(text_for: Callable[[str], str], **values: Any) -> tuple[str, int]:
    """Insert an attendee under a code that is unique in the edition, and return the code and the row's id."""
    for _ in range(CODE_ATTEMPTS):
        code = make_code(ATTENDEE_CODE_LENGTH, secrets.choice)
        attendee_id = insert_new(Attendee, "edition_id", "code", code=code, search_text=text_for(code), **values)
        if attendee_id is not None:
            return code, attendee_id
    raise AssertionError("every code drawn was taken")
