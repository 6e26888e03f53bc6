"""Queries on attendees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union

from expo.infra.db import db
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee, Order
from expo.registration.rules import AttendeeState, OrderState, is_paid
from expo.tickets.models import TicketType
from expo.tickets.rules import AddOnUnits


@dataclass(frozen=True)
class AttendeeRow:
    """An attendee with the details of the ticket type and order that pages, badges and the API show."""

    id: int
    edition_id: int
    code: str
    order_id: int
    order_code: str
    order_state: OrderState
    order_person_id: int
    is_paid: bool
    person_id: int
    name: str
    latin_name: str
    email: str
    country: str
    company: str
    job_title: str
    language: str
    state: AttendeeState
    ticket_type_id: int
    ticket_type_code: str
    ticket_type_number: int
    ticket_type_name: dict[str, str]
    band: int
    valid_from: date
    valid_days: int
    created_at: datetime
    updated_at: datetime
    # For staff only.
    door_note: str = ""
    # The add-ons whose places the caller has to take or release; empty unless returned by the service that placed or
    # ended the attendee. `list_add_ons_of` returns what an attendee has.
    add_on_units: tuple[AddOnUnits, ...] = ()


def get_attendee(edition_id: int, code: str) -> AttendeeRow:
    """Return the attendee of an edition with this code. Raises AttendeeMissing."""
    return _one_attendee(Attendee.edition_id == edition_id, Attendee.code == code)


def get_attendee_by_id(edition_id: int, attendee_id: int) -> AttendeeRow:
    """Return one attendee of an edition. Raises AttendeeMissing."""
    return _one_attendee(Attendee.edition_id == edition_id, Attendee.id == attendee_id)


def list_attendees(edition_id: int, attendee_ids: Sequence[int]) -> list[AttendeeRow]:
    """Return the attendees of an edition with these ids, in the order of the ids."""
    query = attendee_query().where(Attendee.edition_id == edition_id, Attendee.id.in_(attendee_ids))
    found = {row.id: row for row in map(attendee_row, db.session.execute(query))}
    return [found[attendee_id] for attendee_id in attendee_ids if attendee_id in found]


def list_attendees_of_person(person_id: int, edition_id: int) -> list[AttendeeRow]:
    """Return the attendees that a person sees under /me: themselves and those they registered."""
    # Two index look-ups, because one condition for both would scan every attendee of the edition.
    ids = union(
        select(Attendee.id).where(Attendee.person_id == person_id),
        select(Attendee.id).join(Order, Order.id == Attendee.order_id).where(Order.person_id == person_id),
    )
    query = attendee_query().where(Attendee.edition_id == edition_id, Attendee.id.in_(ids)).order_by(Attendee.id)
    return [attendee_row(row) for row in db.session.execute(query)]


def list_attendees_at(edition_id: int, email: str) -> list[AttendeeRow]:
    """Return the attendees of an edition with exactly this address, in any state, oldest first."""
    query = attendee_query().where(Attendee.edition_id == edition_id, Attendee.email == email).order_by(Attendee.id)
    return [attendee_row(row) for row in db.session.execute(query)]


def list_confirmed_ids(edition_id: int, *, ticket_type: str | None = None, limit: int | None = None) -> list[int]:
    """Return the ids of confirmed attendees of an edition in ascending order, for printing and lists of tokens."""
    query = (
        select(Attendee.id)
        .where(Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED.value)
        .order_by(Attendee.id)
    )
    if ticket_type is not None:
        query = query.join(TicketType, TicketType.id == Attendee.ticket_type_id).where(TicketType.code == ticket_type)
    return list(db.session.scalars(query.limit(limit) if limit is not None else query))


def attendee_query() -> Select[*tuple[Any, ...]]:
    """Return the query whose rows `attendee_row` reads."""
    return (
        select(
            Attendee.id,
            Attendee.edition_id,
            Attendee.code,
            Attendee.order_id,
            Order.code.label("order_code"),
            Order.state.label("order_state"),
            Order.person_id.label("order_person_id"),
            Order.total_cents,
            Order.paid_at,
            Attendee.person_id,
            Attendee.name,
            Attendee.latin_name,
            Attendee.email,
            Attendee.country,
            Attendee.company,
            Attendee.job_title,
            Attendee.language,
            Attendee.state,
            Attendee.ticket_type_id,
            TicketType.code.label("ticket_type_code"),
            TicketType.number.label("ticket_type_number"),
            TicketType.name.label("ticket_type_name"),
            TicketType.band,
            TicketType.valid_from,
            TicketType.valid_days,
            Attendee.created_at,
            Attendee.updated_at,
            Attendee.door_note,
        )
        .join(Order, Order.id == Attendee.order_id)
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
    )


def attendee_row(row: Any) -> AttendeeRow:
    """Convert a row of `attendee_query`."""
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    paid = is_paid(values.pop("total_cents"), values.pop("paid_at"))
    values.update(is_paid=paid, state=AttendeeState(values["state"]), order_state=OrderState(values["order_state"]))
    return AttendeeRow(**values)


def _one_attendee(*conditions: ColumnElement[bool]) -> AttendeeRow:
    row = db.session.execute(attendee_query().where(*conditions)).one_or_none()
    if row is None:
        raise AttendeeMissing
    return attendee_row(row)
