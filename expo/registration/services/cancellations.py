"""Cancel attendees and orders. The caller must release their places last in the same transaction."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select, update

from expo.accounts.rules import Actor, Permission
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries import AttendeeRow, OrderRow, get_order_by_id
from expo.registration.rules import HOLDING_STATES, AttendeeState, OrderState, require_own, require_running
from expo.registration.services.attendees import lock_attendee, move_attendee, record_change
from expo.registration.services.lines import cancel_lines


def cancel_attendee(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Cancel one attendee; allowed for the attendee, the person who registered them, and staff.

    Cancelling the last attendee cancels the order. The caller must release the place. Raises AttendeeMissing, Conflict
    `attendee_state`.
    """
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, order.person_id])
        return end_attendee(actor, "registration.cancel_attendee", order, attendee, now)


def cancel_order(actor: Actor, edition_id: int, order_id: int, now: datetime) -> OrderRow:
    """Cancel an order with all its attendees, once; allowed for its person and with ORDERS_MANAGE.

    Returns the order with the attendees that were cancelled, as they were before; the caller must release their places.
    Raises OrderMissing, Conflict `order_cancelled` or `order_expired`.
    """
    with atomic():
        row = lock(Order, order_id)
        if row is None or row.edition_id != edition_id:
            raise OrderMissing
        require_own(actor, Permission.ORDERS_MANAGE, edition_id, [row.person_id])
        require_running(OrderState(row.state))
        before = get_order_by_id(order_id)
        holding = tuple(each for each in before.attendees if each.state in HOLDING_STATES)
        _end_order(row)
        db.session.flush()
        db.session.execute(
            update(Attendee)
            .where(Attendee.id.in_([each.id for each in holding]))
            .values(state=AttendeeState.CANCELLED.value, updated_at=now)
            .execution_options(synchronize_session=False)
        )
        add_ons = cancel_lines([order_id], now)
        held = tuple(replace(each, add_on_units=add_ons.get(each.id, ())) for each in holding)
        record_act(
            actor,
            "registration.cancel_order",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order_id,
            attendees=[each.code for each in held],
        )
        return replace(before, state=OrderState.CANCELLED, attendees=held)


def end_attendee(actor: Actor, action: str, order: Order, attendee: Attendee, now: datetime) -> AttendeeRow:
    """Cancel an attendee and their lines; cancelling the last one ends the order."""
    before = attendee.state
    move_attendee(attendee, AttendeeState.CANCELLED, now)
    db.session.flush()
    holding = db.session.scalar(
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.order_id == order.id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
    )
    if not holding:
        _end_order(order)
    add_ons = cancel_lines([order.id], now, [attendee.id])
    row = record_change(actor, action, attendee, now, values={"state": [before, attendee.state]})
    return replace(row, add_on_units=add_ons.get(attendee.id, ()))


def _end_order(order: Order) -> None:
    order.state = OrderState.CANCELLED.value
    order.expires_at = None
    order.client_key = None
