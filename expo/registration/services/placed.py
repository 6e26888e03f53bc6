"""Orders as placed: what acts on orders return, and what letters and badges need to know of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from expo.infra.db import db
from expo.pure.names import joined_words, search_text
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.rules import AttendeeState, OrderState, is_paid
from expo.tickets.models import TicketType


@dataclass(frozen=True)
class PlacedAttendee:
    """An attendee of an order that was placed or confirmed."""

    id: int
    edition_id: int
    code: str
    name: str
    email: str
    language: str
    person_id: int
    state: AttendeeState
    ticket_type_id: int
    ticket_type_code: str
    ticket_type_name: dict[str, str]
    ticket_type_number: int
    valid_from: date
    valid_days: int


@dataclass(frozen=True)
class PlacedOrder:
    """An order that was placed or confirmed. `is_new` is False where the act found it done already."""

    id: int
    edition_id: int
    code: str
    person_id: int
    email: str
    language: str
    state: OrderState
    total_cents: int
    currency: str
    is_paid: bool
    expires_at: datetime | None
    attendees: tuple[PlacedAttendee, ...]
    is_new: bool = True


def read_order(order_id: int) -> PlacedOrder:
    """Return an order with its attendees. Raises OrderMissing."""
    order = db.session.execute(
        select(
            Order.id,
            Order.edition_id,
            Order.code,
            Order.person_id,
            Order.email,
            Order.language,
            Order.state,
            Order.total_cents,
            Order.currency,
            Order.paid_at,
            Order.expires_at,
        ).where(Order.id == order_id)
    ).one_or_none()
    if order is None:
        raise OrderMissing
    return PlacedOrder(
        id=order.id,
        edition_id=order.edition_id,
        code=order.code,
        person_id=order.person_id,
        email=order.email,
        language=order.language,
        state=OrderState(order.state),
        total_cents=order.total_cents,
        currency=order.currency,
        is_paid=is_paid(order.total_cents, order.paid_at),
        expires_at=order.expires_at,
        attendees=tuple(_read_attendees(Attendee.order_id == order_id)),
    )


def _read_attendees(*conditions: Any) -> Sequence[PlacedAttendee]:
    rows = db.session.execute(
        select(
            Attendee.id,
            Attendee.edition_id,
            Attendee.code,
            Attendee.name,
            Attendee.email,
            Attendee.language,
            Attendee.person_id,
            Attendee.state,
            Attendee.ticket_type_id,
            TicketType.code.label("ticket_type_code"),
            TicketType.name.label("ticket_type_name"),
            TicketType.number.label("ticket_type_number"),
            TicketType.valid_from,
            TicketType.valid_days,
        )
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(*conditions)
        .order_by(Attendee.position, Attendee.id)
    )
    return [PlacedAttendee(**{**row._mapping, "state": AttendeeState(row.state)}) for row in rows]  # noqa: SLF001


def attendee_search_text(name: str, latin_name: str, company: str, email: str, code: str, order_code: str) -> str:
    """Return what a search looks at for an attendee; the second half of the code stands alone too, as it is printed."""
    found = search_text(name, latin_name, company, email, code, code[4:], order_code)
    return found + joined_words(name, latin_name, company)
