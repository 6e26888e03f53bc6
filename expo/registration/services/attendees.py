"""Acts on attendees: cancel, change."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission
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
    OrderState,
    check_change,
    next_state,
    require_own,
)
from expo.registration.services.lines import cancel_lines
from expo.registration.services.placed import attendee_search_text
from expo.registration.services.printing import check_printable
from expo.tickets.services.places import give_back_places

Beside = Callable[[AttendeeRow], None]


@retried
def cancel_attendee(
    actor: Actor, edition_id: int, attendee_id: int, now: datetime, beside: Beside | None = None
) -> AttendeeRow:
    """Cancel one attendee and give the place back: by the person concerned or who registered them, or by staff.

    An order whose last attendee is cancelled is cancelled. `beside` is called in the same transaction, before the
    place is given back. Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, order.person_id])
        return end_attendee(actor, "registration.cancel_attendee", order, attendee, now, beside)


@retried
def change_attendee(
    actor: Actor, edition_id: int, attendee_id: int, change: AttendeeChange, now: datetime
) -> AttendeeRow:
    """Change what is known of an attendee; a badge that is printed stays valid, as no name is in it.

    By the person concerned or who registered them, or by staff. Raises AttendeeMissing, Invalid with the field.
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
        refresh_search(attendee, order.code)
        return finish_change(
            actor, "registration.change_attendee", attendee, now, None, changed=changed, values=before_after
        )


def refresh_search(attendee: Attendee, order_code: str) -> None:
    """Make what searches look at follow the attendee."""
    attendee.search_text = attendee_search_text(
        attendee.name, attendee.latin_name, attendee.company, attendee.email, attendee.code, order_code
    )
    attendee.identity_key = identity_key(attendee.name, attendee.company)


def lock_attendee(edition_id: int, attendee_id: int) -> tuple[Order, Attendee]:
    """Return the order and the attendee, locked in the order in which every act locks them."""
    order_id = db.session.scalar(
        select(Attendee.order_id).where(Attendee.id == attendee_id, Attendee.edition_id == edition_id)
    )
    order = lock(Order, order_id) if order_id is not None else None
    attendee = lock(Attendee, attendee_id) if order is not None else None
    if order is None or attendee is None:
        raise AttendeeMissing
    return order, attendee


def move_attendee(attendee: Attendee, wanted: AttendeeState, now: datetime) -> None:
    """Take an attendee to another state. Raises Conflict `attendee_state`."""
    attendee.state = next_state(AttendeeState(attendee.state), wanted).value
    attendee.updated_at = now


def end_attendee(
    actor: Actor, action: str, order: Order, attendee: Attendee, now: datetime, beside: Beside | None
) -> AttendeeRow:
    """Cancel an attendee with their line and give the place back; the last one ends the order."""
    before = attendee.state
    move_attendee(attendee, AttendeeState.CANCELLED, now)
    db.session.flush()
    holding = db.session.scalar(
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.order_id == order.id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
    )
    if not holding:
        order.state = OrderState.CANCELLED.value
        order.expires_at = None
        order.client_key = None
    cancel_lines([order.id], now, [attendee.id])
    row = finish_change(actor, action, attendee, now, beside, values={"state": [before, attendee.state]})
    give_back_places([attendee.ticket_type_id])
    return row


def finish_change(
    actor: Actor, action: str, attendee: Attendee, now: datetime, beside: Beside | None, **details: object
) -> AttendeeRow:
    """Write down what was done to an attendee, do what belongs to it, and return the attendee as changed."""
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
    row = get_attendee_by_id(attendee.edition_id, attendee.id)
    if beside:
        beside(row)
    return row
