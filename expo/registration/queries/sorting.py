"""Sorting of attendee lists, with keyset pagination."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from expo.registration.models import Attendee, Order, OrderLine
from expo.tickets.models import TicketType


class OrderKey(StrEnum):
    """The keys by which a list of attendees can be sorted."""

    NAME = "name"
    COMPANY = "company"
    JOB_TITLE = "job_title"
    COUNTRY = "country"
    TICKET = "ticket"
    ADD_ONS = "add_ons"
    STATE = "state"
    EMAIL = "email"
    CODE = "code"
    ORDER = "order"
    LANGUAGE = "language"
    REGISTERED = "registered"


@dataclass(frozen=True)
class AttendeeOrder:
    """A sort order for attendees. `countries`: country codes sorted by name in the reader's language."""

    by: OrderKey
    is_descending: bool = False
    countries: tuple[str, ...] = ()

    def key(self) -> ColumnElement[Any]:
        """Return the SQL expression to sort by."""
        if self.by is OrderKey.COUNTRY and self.countries:
            ranks = {code: rank for rank, code in enumerate(self.countries)}
            return case(ranks, value=Attendee.country, else_=len(ranks))
        return _KEYS[self.by]


# Sort names by their Latin form if there is one: 张伟 (Zhang Wei) is sorted under Z.
_KEYS: dict[OrderKey, ColumnElement[Any]] = {
    OrderKey.NAME: func.lower(func.coalesce(func.nullif(Attendee.latin_name, ""), Attendee.name)),
    OrderKey.COMPANY: func.lower(Attendee.company),
    OrderKey.JOB_TITLE: func.lower(Attendee.job_title),
    OrderKey.COUNTRY: Attendee.country.expression,
    OrderKey.TICKET: select(TicketType.code)
    .where(TicketType.id == Attendee.ticket_type_id)
    .correlate(Attendee)
    .scalar_subquery(),
    # By how many units were booked.
    OrderKey.ADD_ONS: select(func.coalesce(func.sum(OrderLine.quantity), 0))
    .where(OrderLine.attendee_id == Attendee.id, OrderLine.add_on_id.is_not(None), OrderLine.cancelled_at.is_(None))
    .correlate(Attendee)
    .scalar_subquery(),
    OrderKey.STATE: Attendee.state.expression,
    OrderKey.EMAIL: Attendee.email.expression,
    OrderKey.CODE: Attendee.code.expression,
    OrderKey.ORDER: select(Order.code).where(Order.id == Attendee.order_id).correlate(Attendee).scalar_subquery(),
    OrderKey.LANGUAGE: Attendee.language.expression,
    OrderKey.REGISTERED: Attendee.created_at.expression,
}


def order_by(
    query: Select[Any], key: ColumnElement[Any], *, is_descending: bool, cursor: int | None = None
) -> Select[Any]:
    """Sort attendees by the key, newest first among equals, and skip everything up to the attendee with id `cursor`."""
    query = query.order_by(key.desc() if is_descending else key.asc(), Attendee.id.desc())
    if cursor is None:
        return query
    cursor_key = select(key).where(Attendee.id == cursor).correlate(None).scalar_subquery()
    after_cursor = key < cursor_key if is_descending else key > cursor_key
    return query.where(after_cursor | ((key == cursor_key) & (Attendee.id < cursor)))
