"""Acts on orders: place, confirm, pay, cancel, expire."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email, ensure_person, mark_verified
from expo.editions.models import Edition
from expo.editions.queries import get_registration_window
from expo.editions.rules import require_open_registration
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, constraint_name, db, lock, retried
from expo.infra.inserting import insert_new
from expo.pure.capacity import places_left
from expo.pure.codes import ATTENDEE_CODE_LENGTH, ORDER_CODE_LENGTH, make_code
from expo.pure.names import search_text
from expo.registration.errors import OrderMissing, SoldOut
from expo.registration.models import Attendee, Order, Quota, QuotaTicketType, TicketType
from expo.registration.rules import (
    HOLD_UNCONFIRMED,
    HOLDING_STATES,
    AttendeeState,
    AttendeeWish,
    Offer,
    OrderState,
    OrderWish,
    Source,
    check_offers,
    check_wish,
    is_paid,
    require_own,
    state_after_confirmation,
)
from expo.registration.services.places import PlaceTaker, give_back_places, take_places
from expo.registration.services.printing import PRINTED_FIELDS, check_printable

CODE_ATTEMPTS = 10
EXPIRY_BATCH = 200


@dataclass(frozen=True)
class PlacedAttendee:
    """An attendee of an order that was placed or confirmed."""

    id: int
    edition_id: int
    code: str
    name: str
    email: str
    language: str
    person_id: int
    state: AttendeeState
    ticket_type_id: int
    ticket_type_code: str
    ticket_type_name: dict[str, str]
    ticket_type_number: int
    valid_from: date
    valid_days: int


@dataclass(frozen=True)
class PlacedOrder:
    """An order that was placed or confirmed. `is_new` is False where the act found it done already."""

    id: int
    edition_id: int
    code: str
    person_id: int
    email: str
    language: str
    state: OrderState
    total_cents: int
    currency: str
    is_paid: bool
    expires_at: datetime | None
    attendees: tuple[PlacedAttendee, ...]
    is_new: bool = True


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

    A wish with the `client_key` of an order placed before returns that order with `is_new` False.
    Raises Invalid with a field such as `attendees-0-name`, TicketTypeMissing, SoldOut, Conflict `not_on_sale`,
    `sale_ended`, `registration_not_open` or `registration_closed`.
    """
    wish = check_wish(wish)
    from_web = wish.source == Source.WEB.value
    require(actor, Permission.REGISTER if from_web else Permission.ATTENDEES_WRITE, edition_id)
    before = _find_placed(edition_id, wish.client_key)
    if before is not None:
        return before
    wish = _with_checked_emails(wish)
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
        before = _find_placed(edition_id, wish.client_key) if "client_key" in constraint_name(error) else None
        if before is None:
            raise
        return before


def _find_placed(edition_id: int, client_key: str | None) -> PlacedOrder | None:
    """Return the order that this form placed before."""
    if not client_key:
        return None
    order_id = db.session.scalar(select(Order.id).where(Order.edition_id == edition_id, Order.client_key == client_key))
    return replace(_read_order(order_id), is_new=False) if order_id is not None else None


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


@retried
def confirm_order(order_id: int, now: datetime, beside: Callable[[PlacedOrder], None] | None = None) -> PlacedOrder:
    """Confirm an order by the link that was mailed to its address; the caller has verified the link.

    Confirming twice is confirming once: the second time returns the order with `is_new` False, and `beside`, which
    is called in the transaction of the first, is not called again.
    Raises OrderMissing, Conflict `order_expired` or `order_cancelled`.
    """
    with atomic():
        confirmed = db.session.execute(
            update(Order)
            .where(Order.id == order_id, Order.state == OrderState.UNCONFIRMED.value)
            .values(state=OrderState.CONFIRMED.value, confirmed_at=now, expires_at=None)
            .returning(Order.person_id, Order.edition_id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if confirmed is None:
            return replace(_confirmed_before(order_id), is_new=False)
        mark_verified(confirmed.person_id, now)
        _confirm_attendees(order_id, now)
        record_act(
            Actor("person", confirmed.person_id),
            "registration.confirm_order",
            now,
            edition_id=confirmed.edition_id,
            subject="order",
            subject_id=order_id,
        )
        order = _read_order(order_id)
        if beside:
            beside(order)
        return order


@retried
def record_payment(actor: Actor, edition_id: int, order_id: int, now: datetime, reference: str = "") -> None:
    """Note that an order was paid by hand, such as by bank transfer; `reference` is what the statement says.

    Raises OrderMissing, Conflict `nothing_to_pay`, `already_paid`, `order_cancelled` or `order_expired`.
    """
    require(actor, Permission.ORDERS_MANAGE, edition_id)
    with atomic():
        order = lock(Order, order_id)
        if order is None or order.edition_id != edition_id:
            raise OrderMissing
        _refuse_ended(OrderState(order.state))
        if order.total_cents == 0:
            raise Conflict("nothing_to_pay")
        if order.paid_at is not None:
            raise Conflict("already_paid")
        order.paid_at = now
        db.session.flush()
        _touch_attendees(order_id, now)
        record_act(
            actor,
            "registration.record_payment",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order_id,
            cents=order.total_cents,
            currency=order.currency,
            reference=reference,
        )


@retried
def cancel_order(
    actor: Actor,
    edition_id: int,
    order_id: int,
    now: datetime,
    beside: Callable[[PlacedOrder], None] | None = None,
) -> PlacedOrder:
    """Cancel an order with all its attendees and give their places back, once: by its person, or with ORDERS_MANAGE.

    Returns the order as it was, with the attendees that this cancelled; `beside` gets the same, before the places
    are given back. Raises OrderMissing, Conflict `order_cancelled` or `order_expired`.
    """
    with atomic():
        row = lock(Order, order_id)
        if row is None or row.edition_id != edition_id:
            raise OrderMissing
        require_own(actor, Permission.ORDERS_MANAGE, edition_id, [row.person_id])
        _refuse_ended(OrderState(row.state))
        before = _read_order(order_id)
        held = tuple(each for each in before.attendees if each.state in HOLDING_STATES)
        row.state = OrderState.CANCELLED.value
        row.expires_at = None
        db.session.flush()
        db.session.execute(
            update(Attendee)
            .where(Attendee.id.in_([each.id for each in held]))
            .values(state=AttendeeState.CANCELLED.value, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        record_act(
            actor,
            "registration.cancel_order",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order_id,
            attendees=[each.code for each in held],
        )
        cancelled = replace(before, state=OrderState.CANCELLED, attendees=held)
        if beside:
            beside(cancelled)
        give_back_places(each.ticket_type_id for each in held)
        return cancelled


def expire_unconfirmed_orders(now: datetime, batch: int = EXPIRY_BATCH) -> int:
    """Give back the places of orders that nobody confirmed in time, and return how many orders that were.

    Each batch is a transaction of its own. An order that is being confirmed at this instant is either confirmed or
    expired, never both: each changes it only from `unconfirmed`.
    """
    expired = 0
    while found := _expire_batch(now, batch):
        expired += found
    return expired


@retried
def _expire_batch(now: datetime, batch: int) -> int:
    due = (
        select(Order.id)
        .where(Order.state == OrderState.UNCONFIRMED.value, Order.expires_at <= now)
        .order_by(Order.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    )
    with atomic():
        order_ids = list(db.session.scalars(due))
        orders = db.session.execute(
            update(Order)
            .where(Order.id.in_(order_ids), Order.state == OrderState.UNCONFIRMED.value)
            .values(state=OrderState.EXPIRED.value)
            .returning(Order.id, Order.edition_id)
            .execution_options(synchronize_session=False)
        ).all()
        held = db.session.scalars(
            update(Attendee)
            .where(
                Attendee.order_id.in_([order.id for order in orders]),
                Attendee.state == AttendeeState.UNCONFIRMED.value,
            )
            .values(state=AttendeeState.EXPIRED.value, updated_at=now)
            .returning(Attendee.ticket_type_id)
            .execution_options(synchronize_session=False)
        ).all()
        for order in orders:
            record_act(
                Actor("system"),
                "registration.expire_order",
                now,
                edition_id=order.edition_id,
                subject="order",
                subject_id=order.id,
            )
        give_back_places(held)
        return len(orders)


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
    for row in db.session.execute(_TYPES_WANTED, {"edition_id": edition_id, "codes": codes}):
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
        people[email] = ensure_person(
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


def attendee_search_text(name: str, latin_name: str, company: str, email: str, code: str, order_code: str) -> str:
    """Return what a search looks at for an attendee; the second half of the code stands alone too, as it is printed."""
    return search_text(name, latin_name, company, email, code, code[4:], order_code)


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


def _confirmed_before(order_id: int) -> PlacedOrder:
    order = _read_order(order_id)
    _refuse_ended(order.state)
    return order


def _refuse_ended(state: OrderState) -> None:
    if state is OrderState.EXPIRED:
        raise Conflict("order_expired")
    if state is OrderState.CANCELLED:
        raise Conflict("order_cancelled")


def _confirm_attendees(order_id: int, now: datetime) -> None:
    """Take the unconfirmed attendees of an order to the state that their ticket type asks for."""
    for requires_approval in (False, True):
        of_type = select(TicketType.id).where(TicketType.requires_approval.is_(requires_approval))
        db.session.execute(
            update(Attendee)
            .where(
                Attendee.order_id == order_id,
                Attendee.state == AttendeeState.UNCONFIRMED.value,
                Attendee.ticket_type_id.in_(of_type),
            )
            .values(state=state_after_confirmation(requires_approval=requires_approval).value, updated_at=now)
            .execution_options(synchronize_session=False)
        )


def _touch_attendees(order_id: int, now: datetime) -> None:
    """Mark the attendees as changed: partners who ask for `updated_since` want to know who is paid."""
    db.session.execute(
        update(Attendee)
        .where(Attendee.order_id == order_id)
        .values(updated_at=now)
        .execution_options(synchronize_session=False)
    )


def _read_order(order_id: int) -> PlacedOrder:
    order = db.session.execute(
        select(
            Order.id,
            Order.edition_id,
            Order.code,
            Order.person_id,
            Order.email,
            Order.language,
            Order.state,
            Order.total_cents,
            Order.currency,
            Order.paid_at,
            Order.expires_at,
        ).where(Order.id == order_id)
    ).one_or_none()
    if order is None:
        raise OrderMissing
    return PlacedOrder(
        id=order.id,
        edition_id=order.edition_id,
        code=order.code,
        person_id=order.person_id,
        email=order.email,
        language=order.language,
        state=OrderState(order.state),
        total_cents=order.total_cents,
        currency=order.currency,
        is_paid=is_paid(order.total_cents, order.paid_at),
        expires_at=order.expires_at,
        attendees=tuple(_read_attendees(Attendee.order_id == order_id)),
    )


def _read_attendees(*conditions: Any) -> Sequence[PlacedAttendee]:
    rows = db.session.execute(
        select(
            Attendee.id,
            Attendee.edition_id,
            Attendee.code,
            Attendee.name,
            Attendee.email,
            Attendee.language,
            Attendee.person_id,
            Attendee.state,
            Attendee.ticket_type_id,
            TicketType.code.label("ticket_type_code"),
            TicketType.name.label("ticket_type_name"),
            TicketType.number.label("ticket_type_number"),
            TicketType.valid_from,
            TicketType.valid_days,
        )
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(*conditions)
        .order_by(Attendee.position, Attendee.id)
    )
    return [PlacedAttendee(**{**row._mapping, "state": AttendeeState(row.state)}) for row in rows]  # noqa: SLF001
