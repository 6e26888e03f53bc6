"""Services for attendees: change their details, address and ticket."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email, ensure_person
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.pure.names import identity_key
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries import AttendeeRow, get_attendee_by_id
from expo.registration.rules import (
    HOLDING_STATES,
    AttendeeChange,
    AttendeeState,
    attendee_search_text,
    check_change,
    check_door_note,
    next_state,
    require_own,
)
from expo.registration.services.badge_texts import check_printable
from expo.registration.services.lines import NewLine, replace_ticket_line
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.models import TicketType
from expo.tickets.services import lock_ticket_types


@dataclass(frozen=True)
class TicketExchange:
    """An attendee whose ticket type was changed; the caller still has to exchange the place."""

    attendee: AttendeeRow
    from_type_id: int


@retried
def change_attendee(
    actor: Actor, edition_id: int, attendee_id: int, change: AttendeeChange, now: datetime
) -> AttendeeRow:
    """Change an attendee's details; a printed badge stays valid, because it contains no name.

    Allowed for the attendee, the person who registered them, and staff. Raises AttendeeMissing, Invalid with the field.
    """
    values = check_change(change)
    check_printable(values)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, order.person_id])
        changed = sorted(field for field, value in values.items() if getattr(attendee, field) != value)
        before_after = {field: [getattr(attendee, field), values[field]] for field in changed}
        if not changed:
            return get_attendee_by_id(edition_id, attendee_id)
        for field in changed:
            setattr(attendee, field, values[field])
        attendee.updated_at = now
        _refresh_search(attendee, order.code)
        return record_change(actor, "registration.change_attendee", attendee, now, changed=changed, values=before_after)


@retried
def set_door_note(actor: Actor, edition_id: int, attendee_id: int, note: str, now: datetime) -> AttendeeRow:
    """Set what staff at the doors should know about an attendee; an empty note removes it.

    Raises AttendeeMissing, Invalid `door_note_too_long`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    text = check_door_note(note)
    with atomic():
        _order, attendee = lock_attendee(edition_id, attendee_id)
        if attendee.door_note == text:
            return get_attendee_by_id(edition_id, attendee_id)
        values = {"door_note": [attendee.door_note, text]}
        attendee.door_note, attendee.updated_at = text, now
        return record_change(actor, "registration.set_door_note", attendee, now, changed=["door_note"], values=values)


def correct_email(
    actor: Actor, edition_id: int, attendee_id: int, email: str, now: datetime, *, whole_order: bool = False
) -> AttendeeRow:
    """Change an attendee's address: the registration moves to that person and old links end.

    With `whole_order`, the order and all its attendees at the old address are changed too. An order with one attendee
    always is. Raises AttendeeMissing, Invalid `email_invalid`, Conflict `attendee_state` or `email_unchanged`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    address = check_email(email)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_holding(attendee)
        old = attendee.email
        if address == old:
            raise Conflict("email_unchanged")
        person_id = ensure_person(address, attendee.name, attendee.language, now)
        others = list(
            db.session.scalars(
                select(Attendee)
                .where(Attendee.order_id == order.id, Attendee.id != attendee.id)
                .order_by(Attendee.id)
                .with_for_update(),
                execution_options={"populate_existing": True},
            )
        )
        updates_order = order.email == old and (whole_order or not others)
        if updates_order:
            order.email, order.person_id = address, person_id
        for each in [attendee, *(each for each in others if updates_order and each.email == old)]:
            each.email, each.person_id, each.updated_at = address, person_id, now
            _refresh_search(each, order.code)
        return record_change(
            actor,
            "registration.correct_email",
            attendee,
            now,
            changed=["email"],
            values={"email": [old, address]},
            whole_order=updates_order,
        )


def change_attendee_ticket(
    actor: Actor, edition_id: int, attendee_id: int, ticket_type_code: str, now: datetime
) -> TicketExchange:
    """Change an attendee's ticket type; price and total are updated, status and add-ons do not change.

    The caller must exchange the place last in the same transaction. An order that now costs more than was paid becomes
    unpaid. Raises AttendeeMissing, TicketTypeMissing, Conflict `attendee_state` or `ticket_unchanged`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_holding(attendee)
        wanted = db.session.execute(
            select(TicketType.id, TicketType.code).where(
                TicketType.edition_id == edition_id, TicketType.code == ticket_type_code
            )
        ).one_or_none()
        if wanted is None:
            raise TicketTypeMissing(ticket_type_code)
        old = attendee.ticket_type_id
        old_code = db.session.scalar(select(TicketType.code).where(TicketType.id == old))
        if wanted.id == old:
            raise Conflict("ticket_unchanged")
        lock_ticket_types((old, wanted.id))
        price = db.session.execute(select(TicketType.price_cents).where(TicketType.id == wanted.id)).scalar_one()
        attendee.ticket_type_id = wanted.id
        attendee.updated_at = now
        db.session.flush()
        replace_ticket_line(order.id, NewLine(attendee.id, wanted.id, price), now)
        row = record_change(
            actor,
            "registration.change_ticket",
            attendee,
            now,
            changed=["ticket_type"],
            to=wanted.code,
            values={"ticket_type": [old_code, wanted.code]},
        )
        return TicketExchange(row, old)


def lock_attendee(edition_id: int, attendee_id: int) -> tuple[Order, Attendee]:
    """Return the order and the attendee, locked in the order that all services use."""
    order_id = db.session.scalar(
        select(Attendee.order_id).where(Attendee.id == attendee_id, Attendee.edition_id == edition_id)
    )
    order = lock(Order, order_id) if order_id is not None else None
    attendee = lock(Attendee, attendee_id) if order is not None else None
    if order is None or attendee is None:
        raise AttendeeMissing
    return order, attendee


def move_attendee(attendee: Attendee, wanted: AttendeeState, now: datetime) -> None:
    """Move an attendee to another state. Raises Conflict `attendee_state`."""
    attendee.state = next_state(AttendeeState(attendee.state), wanted).value
    attendee.updated_at = now


def record_change(actor: Actor, action: str, attendee: Attendee, now: datetime, **details: object) -> AttendeeRow:
    """Record a change of an attendee in the audit log, and return the attendee as changed."""
    db.session.flush()
    record_act(
        actor,
        action,
        now,
        edition_id=attendee.edition_id,
        subject="attendee",
        subject_id=attendee.id,
        code=attendee.code,
        **details,
    )
    return get_attendee_by_id(attendee.edition_id, attendee.id)


def _refresh_search(attendee: Attendee, order_code: str) -> None:
    """Update the text used for searching."""
    attendee.search_text = attendee_search_text(
        attendee.name, attendee.latin_name, attendee.company, attendee.email, attendee.code, order_code
    )
    attendee.identity_key = identity_key(attendee.name, attendee.company)


def require_holding(attendee: Attendee) -> None:
    """Check that an attendee holds a place. Raises Conflict `attendee_state`."""
    if AttendeeState(attendee.state) not in HOLDING_STATES:
        raise Conflict("attendee_state", state=attendee.state, wanted=AttendeeState.CONFIRMED.value)
