"""Record payments manually."""

from datetime import datetime

from sqlalchemy import update

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.rules import OrderState, PaymentMethod, require_running


@retried
def record_payment(
    actor: Actor,
    edition_id: int,
    order_id: int,
    now: datetime,
    reference: str = "",
    *,
    method: PaymentMethod | None = None,
) -> None:
    """Record a manual payment such as a bank transfer; `reference` is on the bank statement or the receipt.

    Raises OrderMissing, Conflict `nothing_to_pay`, `already_paid`, `order_cancelled` or `order_expired`.
    """
    require(actor, Permission.ORDERS_MANAGE, edition_id)
    with atomic():
        order = lock(Order, order_id)
        if order is None or order.edition_id != edition_id:
            raise OrderMissing
        require_running(OrderState(order.state))
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
            **({"method": method.value} if method else {}),
        )


def _touch_attendees(order_id: int, now: datetime) -> None:
    """Mark the attendees as changed, so that API clients using `updated_since` learn of the payment."""
    db.session.execute(
        update(Attendee)
        .where(Attendee.order_id == order_id)
        .values(updated_at=now)
        .execution_options(synchronize_session=False)
    )
