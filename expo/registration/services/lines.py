"""Lines of an order: the price of each ticket and add-on, fixed on the day it was agreed.

The order's total is the sum of its lines that are not cancelled. Cancelled lines are stored for invoices and refunds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update

from expo.infra.db import Base, core_connection, db
from expo.infra.direct import insert_many_direct
from expo.registration.models import Order, OrderLine
from expo.tickets.rules import AddOnUnits


@dataclass(frozen=True)
class NewLine:
    """The price of an attendee's ticket, or of all units of an add-on."""

    attendee_id: int
    ticket_type_id: int
    price_cents: int
    add_on_id: int | None = None
    quantity: int = 1


# A Core statement, built once, because every registration runs it.
_INSERT_LINES = insert(Base.metadata.tables[OrderLine.__tablename__])


def insert_lines(order_id: int, lines: Sequence[NewLine]) -> None:
    """Insert lines of an order; the caller updates the total of one that exists already."""
    insert_many_direct(
        core_connection(),
        _INSERT_LINES,
        [
            {
                "order_id": order_id,
                "attendee_id": line.attendee_id,
                "ticket_type_id": line.ticket_type_id,
                "add_on_id": line.add_on_id,
                "quantity": line.quantity,
                "price_cents": line.price_cents,
                "total_cents": line.price_cents,
            }
            for line in lines
        ],
    )


def cancel_lines(
    order_ids: Iterable[int], now: datetime, attendee_ids: Iterable[int] | None = None
) -> dict[int, tuple[AddOnUnits, ...]]:
    """Cancel the lines of orders, or of some of their attendees, and update the totals.

    Returns the add-ons among them by attendee. Each line is returned once, so that its places are released once.
    """
    ids = sorted(set(order_ids))
    conditions = [OrderLine.order_id.in_(ids)]
    if attendee_ids is not None:
        conditions.append(OrderLine.attendee_id.in_(list(attendee_ids)))
    ended = _cancel(now, *conditions)
    _update_totals(ids)
    return ended


def replace_ticket_line(order_id: int, line: NewLine, now: datetime) -> None:
    """Replace the line of an attendee's ticket by one at the price of another ticket type, and update the total."""
    _cancel(now, OrderLine.attendee_id == line.attendee_id, OrderLine.add_on_id.is_(None))
    insert_lines(order_id, [line])
    _update_totals([order_id])


def replace_add_on_lines(
    order_id: int, attendee_id: int, add_on_ids: Iterable[int], lines: Sequence[NewLine], now: datetime
) -> None:
    """Replace the lines of some of an attendee's add-ons by others, and update the total."""
    _cancel(now, OrderLine.attendee_id == attendee_id, OrderLine.add_on_id.in_(sorted(add_on_ids)))
    if lines:
        insert_lines(order_id, lines)
    _update_totals([order_id])


def _cancel(now: datetime, *conditions: ColumnElement[bool]) -> dict[int, tuple[AddOnUnits, ...]]:
    """Cancel lines, and return the add-ons among them by attendee."""
    rows = db.session.execute(
        update(OrderLine)
        .where(OrderLine.cancelled_at.is_(None), *conditions)
        .values(cancelled_at=now)
        .returning(OrderLine.attendee_id, OrderLine.add_on_id, OrderLine.quantity)
        .execution_options(synchronize_session=False)
    ).all()
    found: dict[int, tuple[AddOnUnits, ...]] = {}
    for row in rows:
        if row.add_on_id is not None:
            found[row.attendee_id] = (
                *found.get(row.attendee_id, ()),
                AddOnUnits(row.add_on_id, "", row.quantity),
            )
    return found


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
