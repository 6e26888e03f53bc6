"""Queries on order lines: the price of each ticket and add-on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.infra.db import db
from expo.registration.models import OrderLine


@dataclass(frozen=True)
class LineRow:
    """The price of an attendee's ticket or add-on in an order, with tax and discount."""

    attendee_id: int
    ticket_type_id: int
    add_on_id: int | None
    quantity: int
    price_cents: int
    discount_cents: int
    tax_rate: int
    tax_cents: int
    total_cents: int
    cancelled_at: datetime | None


def list_lines(order_id: int) -> list[LineRow]:
    """Return the lines of an order, including cancelled ones, in the order they were added."""
    columns = [getattr(OrderLine, name) for name in LineRow.__dataclass_fields__]
    rows = db.session.execute(select(*columns).where(OrderLine.order_id == order_id).order_by(OrderLine.id))
    return [LineRow(*row) for row in rows]
