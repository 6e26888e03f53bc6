"""Reads of orders with their attendees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expo.infra.db import db
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries.attendees import AttendeeRow, attendee_query, attendee_row
from expo.registration.rules import OrderState, is_paid


@dataclass(frozen=True)
class OrderRow:
    """An order with its attendees in the order in which they were entered."""

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


def get_order(edition_id: int, code: str) -> OrderRow:
    """Return the order of an edition with this code. Raises OrderMissing."""
    return _one_order(Order.edition_id == edition_id, Order.code == code)


def get_order_by_id(order_id: int) -> OrderRow:
    """Return one order, whatever its edition: for links that name it. Raises OrderMissing."""
    return _one_order(Order.id == order_id)


def _one_order(*conditions: ColumnElement[bool]) -> OrderRow:
    order = db.session.scalars(
        select(Order).where(*conditions), execution_options={"populate_existing": True}
    ).one_or_none()
    if order is None:
        raise OrderMissing
    query = attendee_query().where(Attendee.order_id == order.id).order_by(Attendee.position, Attendee.id)
    return OrderRow(
        id=order.id,
        edition_id=order.edition_id,
        code=order.code,
        person_id=order.person_id,
        email=order.email,
        language=order.language,
        state=OrderState(order.state),
        total_cents=order.total_cents,
        currency=order.currency,
        paid_at=order.paid_at,
        paid_cents=order.paid_cents,
        is_paid=is_paid(order.total_cents, order.paid_at),
        source=order.source,
        terms_version=order.terms_version,
        created_at=order.created_at,
        confirmed_at=order.confirmed_at,
        expires_at=order.expires_at,
        attendees=tuple(attendee_row(row) for row in db.session.execute(query)),
    )
