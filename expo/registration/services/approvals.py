"""Acts on attendees who await approval: approve, refuse."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.db import atomic, retried
from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeState
from expo.registration.services.attendees import Beside, end_attendee, finish_change, lock_attendee, move_attendee


@retried
def approve_attendee(
    actor: Actor, edition_id: int, attendee_id: int, now: datetime, beside: Beside | None = None
) -> AttendeeRow:
    """Let an attendee come who awaits approval. Raises AttendeeMissing, Conflict `attendee_state`."""
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        _, attendee = lock_attendee(edition_id, attendee_id)
        before = attendee.state
        move_attendee(attendee, AttendeeState.CONFIRMED, now)
        states = [before, attendee.state]
        return finish_change(actor, "registration.approve_attendee", attendee, now, beside, values={"state": states})


@retried
def refuse_attendee(
    actor: Actor, edition_id: int, attendee_id: int, now: datetime, beside: Beside | None = None
) -> AttendeeRow:
    """Turn down an attendee who awaits approval and give the place back.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        if attendee.state != AttendeeState.AWAITING_APPROVAL.value:
            raise Conflict("attendee_state", state=attendee.state, wanted=AttendeeState.CANCELLED.value)
        return end_attendee(actor, "registration.refuse_attendee", order, attendee, now, beside)
