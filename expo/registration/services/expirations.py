"""Expire orders that were not confirmed in time."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.registration.models import Attendee, Order
from expo.registration.rules import AttendeeState, OrderState
from expo.registration.services.lines import cancel_lines
from expo.tickets.services import release_places

BATCH = 200


def expire_unconfirmed_orders(clock: Callable[[], datetime], batch: int = BATCH) -> int:
    """Expire orders that were not confirmed in time, release their places, and return how many there were.

    Each batch is a transaction of its own, at a time of its own. An order that is being confirmed at the same moment is
    either confirmed or expired, never both, because both change it only from `unconfirmed`.
    """
    expired = 0
    while found := _expire_batch(clock(), batch):
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
        add_ons = cancel_lines([order.id for order in orders], now)
        for order in orders:
            record_act(
                Actor("system"),
                "registration.expire_order",
                now,
                edition_id=order.edition_id,
                subject="order",
                subject_id=order.id,
            )
        release_places(held, [each for units in add_ons.values() for each in units])
        return len(orders)
