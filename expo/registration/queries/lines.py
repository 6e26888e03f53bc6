"""Reads of order lines: what each attendee costs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.infra.db import db
from expo.registration.models import OrderLine


@dataclass(frozen=True)
class LineRow:
    """What one attendee of an order costs, with tax and discount."""

    attendee_id: int
    ticket_type_id: int
    price_cents: int
    discount_cents: int
    tax_rate: int
    tax_cents: int
    total_cents: int
    cancelled_at: datetime | None


def list_lines(order_id: int) -> list[LineRow]:
    """Return the lines of an order, cancelled ones too, in the order in which they were written."""
    columns = [getattr(OrderLine, name) for name in LineRow.__dataclass_fields__]
    rows = db.session.execute(select(*columns).where(OrderLine.order_id == order_id).order_by(OrderLine.id))
    return [LineRow(*row) for row in rows]
