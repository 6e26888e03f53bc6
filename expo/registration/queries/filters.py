"""Filters for lists of attendees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select

from expo.registration.models import Attendee, Order, OrderLine
from expo.registration.rules import AttendeeState, OrderState
from expo.tickets.models import AddOn, TicketType


@dataclass(frozen=True)
class AttendeeFilter:
    """Search criteria for attendees; None or empty values are ignored."""

    q: str = ""
    ticket_type: str | None = None
    # The code of an add-on that they have booked.
    add_on: str | None = None
    state: AttendeeState | None = None
    country: str | None = None
    updated_since: datetime | None = None
    is_paid: bool | None = None
    registered_after: datetime | None = None
    # Only attendees whose order expires by then unless it is confirmed.
    expires_by: datetime | None = None
    codes: tuple[str, ...] = ()
    # A subquery for ids from a domain on a higher floor.
    among: Select[int] | None = None


def conditions_of(edition_id: int, filters: AttendeeFilter) -> list[ColumnElement[bool]]:
    """Return the SQL conditions of a filter, except for its search words."""
    conditions = [Attendee.edition_id == edition_id, *_tickets_of(edition_id, filters)]
    if filters.state:
        conditions.append(Attendee.state == filters.state.value)
    if filters.country:
        conditions.append(Attendee.country == filters.country.upper())
    if filters.is_paid is not None:
        unpaid_orders = select(Order.id).where(
            Order.edition_id == edition_id, Order.total_cents > 0, Order.paid_at.is_(None)
        )
        unpaid = Attendee.order_id.in_(unpaid_orders)
        conditions.append(~unpaid if filters.is_paid else unpaid)
    if filters.updated_since:
        conditions.append(Attendee.updated_at >= filters.updated_since)
    if filters.registered_after:
        conditions.append(Attendee.created_at > filters.registered_after)
    if filters.expires_by:
        expiring = select(Order.id).where(
            Order.edition_id == edition_id,
            Order.state == OrderState.UNCONFIRMED.value,
            Order.expires_at <= filters.expires_by,
        )
        conditions.append(Attendee.order_id.in_(expiring))
    if filters.codes:
        conditions.append(Attendee.code.in_(filters.codes))
    if filters.among is not None:
        conditions.append(Attendee.id.in_(filters.among))
    return conditions


def _tickets_of(edition_id: int, filters: AttendeeFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on tickets and add-ons."""
    conditions: list[ColumnElement[bool]] = []
    if filters.ticket_type:
        type_id = select(TicketType.id).where(
            TicketType.edition_id == edition_id, TicketType.code == filters.ticket_type
        )
        conditions.append(Attendee.ticket_type_id == type_id.scalar_subquery())
    if filters.add_on:
        booked = (
            select(OrderLine.id)
            .join(AddOn, AddOn.id == OrderLine.add_on_id)
            .where(
                OrderLine.attendee_id == Attendee.id,
                OrderLine.cancelled_at.is_(None),
                AddOn.edition_id == edition_id,
                AddOn.code == filters.add_on,
            )
            .correlate(Attendee)
        )
        conditions.append(booked.exists())
    return conditions
