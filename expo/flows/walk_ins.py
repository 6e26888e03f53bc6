"""A walk-in at the desk: registered, paid, badge queued for printing and admitted, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor
from expo.badges.services import request_print
from expo.checkin.queries.scans import ScanAnswer
from expo.flows.desk import check_in_by_hand, register_walk_in
from expo.infra.db import atomic, retried
from expo.registration.queries import AttendeeRow, get_attendee_by_id
from expo.registration.rules import AttendeeState, OrderRequest, PaymentMethod
from expo.registration.services import record_payment


@dataclass(frozen=True)
class WalkIn:
    """What the desk does for a walk-in. Without a checkpoint nobody is admitted, without a method nothing is paid."""

    order: OrderRequest
    # Identifies the check-in, so that submitting the form twice makes one.
    scan_id: str
    checkpoint_code: str = ""
    payment: PaymentMethod | None = None
    reference: str = ""
    is_printed: bool = True
    station: str = ""
    # Register even if the same person may be registered already.
    anyway: bool = False


@dataclass(frozen=True)
class ServedWalkIn:
    """What was done: the attendee, the answer of the checkpoint if asked, and whether the badge is being printed."""

    attendee: AttendeeRow
    answer: ScanAnswer | None
    is_printing: bool


@retried
def serve_walk_in(actor: Actor, edition_id: int, walk_in: WalkIn, now: datetime) -> ServedWalkIn:
    """Register a walk-in, record the payment, queue the badge and check in, all or nothing.

    A refusal at the checkpoint is an answer, not an error: the rest is done. Raises the errors of `register_walk_in`.
    """
    with atomic():
        order = register_walk_in(actor, edition_id, walk_in.order, now, anyway=walk_in.anyway)
        if order.is_new and walk_in.payment is not None and not order.is_paid:
            record_payment(actor, edition_id, order.id, now, walk_in.reference, method=walk_in.payment)
        attendee = get_attendee_by_id(edition_id, order.attendees[0].id)
        if attendee.state is not AttendeeState.CONFIRMED:
            return ServedWalkIn(attendee, None, is_printing=False)
        if order.is_new and walk_in.is_printed:
            request_print(actor, attendee, now, station=walk_in.station)
        answer = None
        if walk_in.checkpoint_code:
            # Last, because many doors count the same people.
            answer = check_in_by_hand(actor, edition_id, attendee.id, walk_in.checkpoint_code, walk_in.scan_id, now)
        return ServedWalkIn(attendee, answer, is_printing=walk_in.is_printed)
