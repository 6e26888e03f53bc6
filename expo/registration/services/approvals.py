"""Approve or reject attendees who await approval."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.db import atomic
from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeState
from expo.registration.services.attendees import lock_attendee, move_attendee, record_change
from expo.registration.services.cancellations import end_attendee


def approve_attendee(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Approve an attendee who awaits approval. Raises AttendeeMissing, Conflict `attendee_state`."""
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        _, attendee = lock_attendee(edition_id, attendee_id)
        before = attendee.state
        move_attendee(attendee, AttendeeState.CONFIRMED, now)
        states = [before, attendee.state]
        return record_change(actor, "registration.approve_attendee", attendee, now, values={"state": states})


def reject_attendee(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Reject an attendee who awaits approval; the caller must release the place last in the same transaction.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        if attendee.state != AttendeeState.AWAITING_APPROVAL.value:
            raise Conflict("attendee_state", state=attendee.state, wanted=AttendeeState.CANCELLED.value)
        return end_attendee(actor, "registration.refuse_attendee", order, attendee, now)
