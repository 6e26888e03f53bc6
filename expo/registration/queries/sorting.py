"""The order of attendee lists, with pages that continue behind the last attendee shown."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from expo.registration.models import Attendee, Order
from expo.tickets.models import TicketType


class OrderKey(StrEnum):
    """What a list of attendees can be sorted by."""

    NAME = "name"
    COMPANY = "company"
    JOB_TITLE = "job_title"
    COUNTRY = "country"
    TICKET = "ticket"
    STATE = "state"
    EMAIL = "email"
    CODE = "code"
    ORDER = "order"
    LANGUAGE = "language"
    REGISTERED = "registered"


@dataclass(frozen=True)
class AttendeeOrder:
    """How to sort attendees. `countries`: country codes in the order of their names in the reader's language."""

    by: OrderKey
    is_descending: bool = False
    countries: tuple[str, ...] = ()

    def key(self) -> ColumnElement[Any]:
        """Return what the attendees are compared by."""
        if self.by is OrderKey.COUNTRY and self.countries:
            ranks = {code: rank for rank, code in enumerate(self.countries)}
            return case(ranks, value=Attendee.country, else_=len(ranks))
        return _KEYS[self.by]


# Names by their Latin form where there is one: 张伟 (Zhang Wei) stands among the Z.
_KEYS: dict[OrderKey, ColumnElement[Any]] = {
    OrderKey.NAME: func.lower(func.coalesce(func.nullif(Attendee.latin_name, ""), Attendee.name)),
    OrderKey.COMPANY: func.lower(Attendee.company),
    OrderKey.JOB_TITLE: func.lower(Attendee.job_title),
    OrderKey.COUNTRY: Attendee.country.expression,
    OrderKey.TICKET: select(TicketType.code)
    .where(TicketType.id == Attendee.ticket_type_id)
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
    """Sort attendees by the key, the newest first among equals, and leave out all up to the one with id `cursor`."""
    query = query.order_by(key.desc() if is_descending else key.asc(), Attendee.id.desc())
    if cursor is None:
        return query
    reached = select(key).where(Attendee.id == cursor).correlate(None).scalar_subquery()
    behind = key < reached if is_descending else key > reached
    return query.where(behind | ((key == reached) & (Attendee.id < cursor)))
