"""Lines of an order: the price of each attendee, fixed on the day it was agreed.

The order's total is the sum of its lines that are not cancelled. Cancelled lines are stored for invoices and refunds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update

from expo.infra.db import Base, core_connection, db
from expo.infra.direct import insert_many_direct
from expo.registration.models import Order, OrderLine


@dataclass(frozen=True)
class NewLine:
    """The price of one attendee in a new order."""

    attendee_id: int
    ticket_type_id: int
    price_cents: int


# A Core statement, built once, because every registration runs it.
_INSERT_LINES = insert(Base.metadata.tables[OrderLine.__tablename__])


def insert_lines(order_id: int, lines: Sequence[NewLine]) -> None:
    """Insert the lines of a new order."""
    insert_many_direct(
        core_connection(),
        _INSERT_LINES,
        [
            {
                "order_id": order_id,
                "attendee_id": line.attendee_id,
                "ticket_type_id": line.ticket_type_id,
                "price_cents": line.price_cents,
                "total_cents": line.price_cents,
            }
            for line in lines
        ],
    )


def cancel_lines(order_ids: Iterable[int], now: datetime, attendee_ids: Iterable[int] | None = None) -> None:
    """Cancel the lines of orders, or of some of their attendees, and update the totals."""
    ids = sorted(set(order_ids))
    of_orders = OrderLine.order_id.in_(ids)
    of_attendees = [] if attendee_ids is None else [OrderLine.attendee_id.in_(list(attendee_ids))]
    db.session.execute(
        update(OrderLine)
        .where(of_orders, OrderLine.cancelled_at.is_(None), *of_attendees)
        .values(cancelled_at=now)
        .execution_options(synchronize_session=False)
    )
    _update_totals(ids)


def replace_line(order_id: int, line: NewLine, now: datetime) -> None:
    """Replace an attendee's line by one at the price of another ticket type, and update the total."""
    cancel_lines([order_id], now, [line.attendee_id])
    insert_lines(order_id, [line])
    _update_totals([order_id])


def _update_totals(order_ids: Sequence[int]) -> None:
    """Set totals to the sum of the lines. An order whose total now exceeds what was paid becomes unpaid."""
    total = (
        select(func.coalesce(func.sum(OrderLine.total_cents), 0))
        .where(OrderLine.order_id == Order.id, OrderLine.cancelled_at.is_(None))
        .scalar_subquery()
    )
    db.session.flush()
    db.session.execute(
        update(Order)
        .where(Order.id.in_(order_ids))
        .values(total_cents=total)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        update(Order)
        .where(Order.id.in_(order_ids), Order.paid_at.is_not(None), Order.total_cents > Order.paid_cents)
        .values(paid_at=None)
        .execution_options(synchronize_session=False)
    )
