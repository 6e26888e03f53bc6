"""Queries on orders with their attendees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expo.infra.db import db
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries.attendees import AttendeeRow, attendee_query, attendee_row
from expo.registration.rules import OrderState, is_paid

_NOT_COLUMNS = frozenset({"is_paid", "attendees", "is_new"})


@dataclass(frozen=True)
class OrderRow:
    """An order with its attendees in the order they were entered.

    `is_new` is True only when returned by the service that placed or confirmed the order.
    """

    id: int
    edition_id: int
    code: str
    person_id: int
    email: str
    language: str
    state: OrderState
    total_cents: int
    currency: str
    paid_at: datetime | None
    paid_cents: int
    is_paid: bool
    source: str
    terms_version: str | None
    created_at: datetime
    confirmed_at: datetime | None
    expires_at: datetime | None
    attendees: tuple[AttendeeRow, ...]
    is_new: bool = False


def get_order(edition_id: int, code: str) -> OrderRow:
    """Return the order of an edition with this code. Raises OrderMissing."""
    return _one_order(Order.edition_id == edition_id, Order.code == code)


def get_order_by_id(order_id: int) -> OrderRow:
    """Return one order of any edition, for links that contain its id. Raises OrderMissing."""
    return _one_order(Order.id == order_id)


def _one_order(*conditions: ColumnElement[bool]) -> OrderRow:
    names = [name for name in OrderRow.__dataclass_fields__ if name not in _NOT_COLUMNS]
    order = db.session.execute(select(*(getattr(Order, name) for name in names)).where(*conditions)).one_or_none()
    if order is None:
        raise OrderMissing
    query = attendee_query().where(Attendee.order_id == order.id).order_by(Attendee.position, Attendee.id)
    values = dict(order._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    values["state"] = OrderState(order.state)
    return OrderRow(
        **values,
        is_paid=is_paid(order.total_cents, order.paid_at),
        attendees=tuple(attendee_row(row) for row in db.session.execute(query)),
    )
