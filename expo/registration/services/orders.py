"""Acts on orders: confirm, pay, cancel, expire."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import mark_verified
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.rules import (
    HOLDING_STATES,
    AttendeeState,
    OrderState,
    require_own,
    state_after_confirmation,
)
from expo.registration.services.lines import cancel_lines
from expo.registration.services.placed import PlacedOrder, read_order
from expo.tickets.models import TicketType
from expo.tickets.services.places import give_back_places

EXPIRY_BATCH = 200


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
        confirm_attendees(order_id, now)
        record_act(
            Actor("person", confirmed.person_id),
            "registration.confirm_order",
            now,
            edition_id=confirmed.edition_id,
            subject="order",
            subject_id=order_id,
        )
        order = read_order(order_id)
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
        refuse_ended(OrderState(order.state))
        if order.total_cents == 0:
            raise Conflict("nothing_to_pay")
        if order.paid_at is not None:
            raise Conflict("already_paid")
        order.paid_at = now
        order.paid_cents = order.total_cents
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
        refuse_ended(OrderState(row.state))
        before = read_order(order_id)
        held = tuple(each for each in before.attendees if each.state in HOLDING_STATES)
        row.state = OrderState.CANCELLED.value
        row.expires_at = None
        row.client_key = None
        db.session.flush()
        db.session.execute(
            update(Attendee)
            .where(Attendee.id.in_([each.id for each in held]))
            .values(state=AttendeeState.CANCELLED.value, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        cancel_lines([order_id], now)
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
            .values(state=OrderState.EXPIRED.value, client_key=None)
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
        cancel_lines([order.id for order in orders], now)
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


def _confirmed_before(order_id: int) -> PlacedOrder:
    order = read_order(order_id)
    refuse_ended(order.state)
    return order


def refuse_ended(state: OrderState) -> None:
    """Raise Conflict `order_expired` or `order_cancelled` for an order that is over."""
    if state is OrderState.EXPIRED:
        raise Conflict("order_expired")
    if state is OrderState.CANCELLED:
        raise Conflict("order_cancelled")


def confirm_attendees(order_id: int, now: datetime) -> None:
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
