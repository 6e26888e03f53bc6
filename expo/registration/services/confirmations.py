"""Confirm orders, through the e-mailed link or at the counter."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import mark_verified
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries import OrderRow, get_order_by_id
from expo.registration.rules import AttendeeState, OrderState, require_running, state_after_confirmation
from expo.tickets.models import TicketType


def confirm_order(order_id: int, now: datetime) -> OrderRow:
    """Confirm an order whose e-mailed link was opened; the caller has verified the link.

    Idempotent: the second call returns the order with `is_new` False. Raises OrderMissing, Conflict `order_expired` or
    `order_cancelled`.
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
            order = get_order_by_id(order_id)
            require_running(order.state)
            return order
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
        return replace(get_order_by_id(order_id), is_new=True)


def confirm_order_by_hand(actor: Actor, edition_id: int, order_id: int, now: datetime) -> OrderRow:
    """Confirm an order for people at the counter. Their address remains unverified.

    Raises OrderMissing, Conflict `order_confirmed`, `order_expired` or `order_cancelled`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        row = lock(Order, order_id)
        if row is None or row.edition_id != edition_id:
            raise OrderMissing
        require_running(OrderState(row.state))
        if row.state == OrderState.CONFIRMED.value:
            raise Conflict("order_confirmed")
        row.state = OrderState.CONFIRMED.value
        row.confirmed_at = now
        row.expires_at = None
        db.session.flush()
        _confirm_attendees(order_id, now)
        record_act(
            actor,
            "registration.confirm_by_hand",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order_id,
        )
        return replace(get_order_by_id(order_id), is_new=True)


def _confirm_attendees(order_id: int, now: datetime) -> None:
    """Move the unconfirmed attendees of an order to the state required by their ticket type."""
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
