"""Placing an order: its attendees, their prices and their places, all of them or none."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import IntegrityError

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email, ensure_person_at
from expo.editions.models import Edition
from expo.editions.queries import get_registration_window
from expo.editions.rules import require_open_registration
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, constraint_name, db, retried, run_core
from expo.infra.inserting import insert_new
from expo.pure.capacity import places_left
from expo.pure.codes import ATTENDEE_CODE_LENGTH, ORDER_CODE_LENGTH, make_code
from expo.pure.names import identity_key
from expo.registration.errors import SoldOut
from expo.registration.models import Attendee, Order, Quota, QuotaTicketType, TicketType
from expo.registration.rules import (
    HOLD_UNCONFIRMED,
    AttendeeState,
    AttendeeWish,
    Offer,
    OrderState,
    OrderWish,
    Source,
    check_offers,
    check_wish,
    digest_of,
    is_paid,
    state_after_confirmation,
)
from expo.registration.services.lines import NewLine, insert_lines
from expo.registration.services.placed import PlacedAttendee, PlacedOrder, attendee_search_text, read_order
from expo.registration.services.places import PlaceTaker, lock_ticket_types, take_places
from expo.registration.services.printing import PRINTED_FIELDS, check_printable

CODE_ATTEMPTS = 10


@dataclass(frozen=True)
class _Type:
    id: int
    code: str
    name: dict[str, str]
    number: int
    valid_from: date
    valid_days: int
    price_cents: int
    currency: str
    requires_approval: bool
    offer: Offer
    quotas: list[tuple[int | None, int]]


def place_order(
    actor: Actor,
    edition_id: int,
    wish: OrderWish,
    now: datetime,
    beside: Callable[[PlacedOrder], None] | None = None,
    take: PlaceTaker | None = None,
) -> PlacedOrder:
    """Register 1..n attendees and take their places; all of them or none.

    From the web the order stays unconfirmed and holds its places for 48 hours; from the API, the desk or an import
    the actor needs ATTENDEES_WRITE, may give out any ticket type at any time, and the order is confirmed at once.
    `beside` is called in the same transaction before the places are taken: what else belongs to the act (letters,
    badges) is written there, so that the lock on a hot quota is held only from its change to the commit. An import
    that places several orders in one transaction passes `take` to collect their places and takes them itself, last.

    The same wish with the same `client_key` returns the order placed before with `is_new` False; the same key with
    other content is another order.
    Raises Invalid with a field such as `attendees-0-name`, TicketTypeMissing, SoldOut, Conflict `not_on_sale`,
    `sale_ended`, `registration_not_open` or `registration_closed`.
    """
    wish = check_wish(wish)
    from_web = wish.source == Source.WEB.value
    require(actor, Permission.REGISTER if from_web else Permission.ATTENDEES_WRITE, edition_id)
    wish = _with_checked_emails(wish)
    before = _find_placed(edition_id, wish)
    if before is not None:
        return before
    for n, each in enumerate(wish.attendees):
        check_printable({field: getattr(each, field) for field in PRINTED_FIELDS}, f"attendees-{n}-")
    if from_web:
        require_open_registration(get_registration_window(edition_id), now)
    types = _types_wanted(edition_id, wish)
    check_offers(wish, {code: each.offer for code, each in types.items()}, now, for_public=from_web)
    _refuse_what_is_sold_out(wish, types)
    try:
        return _place(actor, edition_id, wish, types, now, beside, take or take_places)
    except IntegrityError as error:
        # The same form sent twice in the same instant: the other one was faster.
        before = _find_placed(edition_id, wish) if "client_key" in constraint_name(error) else None
        if before is None:
            raise
        return before


def _find_placed(edition_id: int, wish: OrderWish) -> PlacedOrder | None:
    """Return the order that this form placed before with the same content."""
    if not wish.client_key:
        return None
    order_id = db.session.scalar(
        select(Order.id).where(
            Order.edition_id == edition_id,
            Order.client_key == wish.client_key,
            Order.request_digest == digest_of(wish),
        )
    )
    return replace(read_order(order_id), is_new=False) if order_id is not None else None


@retried
def _place(
    actor: Actor,
    edition_id: int,
    wish: OrderWish,
    types: dict[str, _Type],
    now: datetime,
    beside: Callable[[PlacedOrder], None] | None,
    take: PlaceTaker,
) -> PlacedOrder:
    from_web = wish.source == Source.WEB.value
    with atomic():
        if len(types) > 1:
            lock_ticket_types(each.id for each in types.values())
        people = _ensure_people(wish, now)
        order = PlacedOrder(
            id=0,
            edition_id=edition_id,
            code="",
            person_id=people[wish.email],
            email=wish.email,
            language=wish.language,
            state=OrderState.UNCONFIRMED if from_web else OrderState.CONFIRMED,
            total_cents=sum(types[each.ticket_type_code].price_cents for each in wish.attendees),
            currency=types[wish.attendees[0].ticket_type_code].currency,
            is_paid=False,
            expires_at=now + HOLD_UNCONFIRMED if from_web else None,
            attendees=(),
        )
        order = replace(order, is_paid=is_paid(order.total_cents, None))
        order = _insert_order(order, wish, now)
        attendees = tuple(
            _insert_attendee(order, n, each, types[each.ticket_type_code], people, now)
            for n, each in enumerate(wish.attendees, start=1)
        )
        order = replace(order, attendees=attendees)
        insert_lines(
            order.id,
            [NewLine(each.id, each.ticket_type_id, types[each.ticket_type_code].price_cents) for each in attendees],
        )
        record_act(
            actor,
            "registration.place_order",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order.id,
            source=wish.source,
            attendees=[each.code for each in attendees],
        )
        if beside:
            beside(order)
        take([each.ticket_type_id for each in attendees], {each.id: each.code for each in types.values()})
        return order


def _with_checked_emails(wish: OrderWish) -> OrderWish:
    attendees = tuple(
        replace(each, email=_checked_email(each.email, f"attendees-{n}-email") if each.email else None)
        for n, each in enumerate(wish.attendees)
    )
    return replace(wish, email=_checked_email(wish.email, "email"), attendees=attendees)


def _checked_email(email: str, field: str) -> str:
    try:
        return check_email(email)
    except Invalid as error:
        raise Invalid(error.code, field=field) from None


_type, _edition, _quota, _quota_type = (
    cast("Table", model.__table__) for model in (TicketType, Edition, Quota, QuotaTicketType)
)


# Core tables, and built once: this is read with every registration.
_TYPES_WANTED = (
    select(
        _type.c.id,
        _type.c.code,
        _type.c.name,
        _type.c.number,
        _type.c.valid_from,
        _type.c.valid_days,
        _type.c.price_cents,
        _type.c.requires_approval,
        _type.c.is_public,
        _type.c.sale_starts_at,
        _type.c.sale_ends_at,
        _type.c.max_per_order,
        _edition.c.currency,
        _quota.c.id.label("quota_id"),
        _quota.c.size,
        _quota.c.taken,
    )
    .join(_edition, _edition.c.id == _type.c.edition_id)
    .outerjoin(_quota_type, _quota_type.c.ticket_type_id == _type.c.id)
    .outerjoin(_quota, _quota.c.id == _quota_type.c.quota_id)
    .where(_type.c.edition_id == bindparam("edition_id"), _type.c.code.in_(bindparam("codes", expanding=True)))
)


def _types_wanted(edition_id: int, wish: OrderWish) -> dict[str, _Type]:
    """Read the ticket types wanted with their quotas and the currency, in one statement."""
    found: dict[str, _Type] = {}
    codes = sorted({each.ticket_type_code for each in wish.attendees})
    for row in run_core(_TYPES_WANTED, {"edition_id": edition_id, "codes": codes}):
        if row.code not in found:
            found[row.code] = _Type(
                id=row.id,
                code=row.code,
                name=row.name,
                number=row.number,
                valid_from=row.valid_from,
                valid_days=row.valid_days,
                price_cents=row.price_cents,
                currency=row.currency,
                requires_approval=row.requires_approval,
                offer=Offer(row.code, row.is_public, row.sale_starts_at, row.sale_ends_at, row.max_per_order),
                quotas=[],
            )
        if row.quota_id is not None:
            found[row.code].quotas.append((row.size, row.taken))
    return found


def _refuse_what_is_sold_out(wish: OrderWish, types: dict[str, _Type]) -> None:
    """Refuse without a transaction what cannot succeed: when places are gone, a crowd of late comers stays cheap."""
    for each in wish.attendees:
        for size, taken in types[each.ticket_type_code].quotas:
            if places_left(size, taken) == 0:
                raise SoldOut(each.ticket_type_code, 0)


def _ensure_people(wish: OrderWish, now: datetime) -> dict[str, int]:
    """Return the people behind the addresses. Addresses are taken in one order, so that two orders never deadlock."""
    names = {each.email or wish.email: each for each in reversed(wish.attendees)}
    people = {}
    for email in sorted({wish.email, *names}):
        known = names.get(email)
        people[email] = ensure_person_at(
            email, known.name if known else "", known.language if known else wish.language, now
        )
    return people


def _insert_order(order: PlacedOrder, wish: OrderWish, now: datetime) -> PlacedOrder:
    code, order_id = _insert_with_code(
        Order,
        ORDER_CODE_LENGTH,
        edition_id=order.edition_id,
        person_id=order.person_id,
        email=order.email,
        language=order.language,
        state=order.state.value,
        total_cents=order.total_cents,
        currency=order.currency,
        source=wish.source,
        terms_version=wish.terms_version,
        client_key=wish.client_key,
        request_digest=digest_of(wish) if wish.client_key else "",
        created_at=now,
        confirmed_at=None if order.state is OrderState.UNCONFIRMED else now,
        expires_at=order.expires_at,
    )
    return replace(order, id=order_id, code=code)


def _insert_attendee(
    order: PlacedOrder, position: int, wish: AttendeeWish, ticket_type: _Type, people: dict[str, int], now: datetime
) -> PlacedAttendee:
    state = AttendeeState.UNCONFIRMED
    if order.state is OrderState.CONFIRMED:
        state = state_after_confirmation(requires_approval=ticket_type.requires_approval or wish.awaits_approval)
    email = wish.email or order.email
    values = {
        "edition_id": order.edition_id,
        "order_id": order.id,
        "position": position,
        "ticket_type_id": ticket_type.id,
        "person_id": people[email],
        "name": wish.name,
        "latin_name": wish.latin_name,
        "email": email,
        "country": wish.country,
        "company": wish.company,
        "job_title": wish.job_title,
        "language": wish.language,
        "state": state.value,
        "identity_key": identity_key(wish.name, wish.company),
        "created_at": now,
        "updated_at": now,
    }
    code, attendee_id = _insert_with_code(
        Attendee,
        ATTENDEE_CODE_LENGTH,
        text_for=lambda code: attendee_search_text(wish.name, wish.latin_name, wish.company, email, code, order.code),
        **values,
    )
    return PlacedAttendee(
        id=attendee_id,
        edition_id=order.edition_id,
        code=code,
        name=wish.name,
        email=email,
        language=wish.language,
        person_id=people[email],
        state=state,
        ticket_type_id=ticket_type.id,
        ticket_type_code=ticket_type.code,
        ticket_type_name=ticket_type.name,
        ticket_type_number=ticket_type.number,
        valid_from=ticket_type.valid_from,
        valid_days=ticket_type.valid_days,
    )


def _insert_with_code(
    model: type[Order] | type[Attendee],
    length: int,
    text_for: Callable[[str], str] | None = None,
    **values: Any,
) -> tuple[str, int]:
    """Insert a row under a code that no other row of the edition has, and return the code and the row's id."""
    for _ in range(CODE_ATTEMPTS):
        code = make_code(length, secrets.choice)
        if text_for:
            values["search_text"] = text_for(code)
        row_id = insert_new(model, "edition_id", "code", code=code, **values)
        if row_id is not None:
            return code, row_id
    raise AssertionError("every code drawn was taken")
