"""Orders whose stored total differs from the sum of their lines."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.infra.db import db
from expo.registration.models import Order, OrderLine


@dataclass(frozen=True)
class WrongTotal:
    """An order with its stored total and the sum of its lines that are not cancelled."""

    code: str
    currency: str
    total_cents: int
    sum_of_lines: int


def list_wrong_totals(edition_id: int) -> list[WrongTotal]:
    """Return the orders of an edition whose stored total is not the sum of their lines, sorted by code."""
    of_lines = func.coalesce(func.sum(OrderLine.total_cents), 0)
    rows = db.session.execute(
        select(Order.code, Order.currency, Order.total_cents, of_lines)
        .outerjoin(OrderLine, (OrderLine.order_id == Order.id) & OrderLine.cancelled_at.is_(None))
        .where(Order.edition_id == edition_id)
        .group_by(Order.id, Order.code, Order.currency, Order.total_cents)
        .having(Order.total_cents != of_lines)
        .order_by(Order.code)
    )
    return [WrongTotal(*row) for row in rows]
