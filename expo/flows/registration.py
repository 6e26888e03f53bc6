"""Registration: an order, its attendees, their badges and e-mails, in one transaction each.

The places are taken or released last, so that a busy quota is locked only from there to the commit.
"""

from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.badges.services import issue_badges, revoke_badge
from expo.flows.emails import (
    ask_to_confirm,
    notify_attendee,
    notify_awaiting_approval,
    notify_cancelled,
    notify_confirmed,
)
from expo.flows.meetings import cancel_meetings_of_attendees
from expo.flows.seats import release_seats_of
from expo.infra.db import atomic, retried
from expo.registration import services
from expo.registration.queries import AttendeeRow, OrderRow
from expo.registration.rules import AttendeeState, OrderRequest, OrderState
from expo.registration.services import PreparedOrder, prepare_order, release_places, take_places


def register(actor: Actor, edition_id: int, request: OrderRequest, now: datetime) -> OrderRow:
    """Register one or more attendees, all or nothing.

    From the web, places are held for 48 hours and an e-mail asks to confirm the address. From the API, the desk or an
    import (ATTENDEES_WRITE), attendees are immediately confirmed, or await approval, with badges and an e-mail. Raises
    the errors of `prepare_order`, and SoldOut.
    """
    return register_prepared(actor, prepare_order(actor, edition_id, request, now), now)


@retried
def register_prepared(actor: Actor, prepared: PreparedOrder, now: datetime) -> OrderRow:
    """Register like `register`, on an order that has already been validated. Raises SoldOut."""
    with atomic():
        order = register_without_places(actor, prepared, now)
        if order.is_new:
            take_places(order.attendees)
        return order


def register_without_places(actor: Actor, prepared: PreparedOrder, now: datetime) -> OrderRow:
    """Create an order with its badges and e-mails; the caller must take the places of a new one last.

    For imports, which take the places of several orders at the end of their transaction.
    """
    with atomic():
        order = services.place_order(actor, prepared, now)
        if order.is_new and order.state is OrderState.UNCONFIRMED:
            ask_to_confirm(order, now)
        elif order.is_new:
            issue_and_notify(order, now)
        return order


@retried
def confirm_registration(order_id: int, now: datetime) -> OrderRow:
    """Confirm an order whose e-mailed link was opened; issue and e-mail its badges once, even if repeated.

    Raises OrderMissing, Conflict `order_expired` or `order_cancelled`.
    """
    with atomic():
        order = services.confirm_order(order_id, now)
        if order.is_new:
            issue_and_notify(order, now)
        return order


@retried
def approve(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Approve an attendee who awaits approval; issue and e-mail the badge.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        attendee = services.approve_attendee(actor, edition_id, attendee_id, now)
        issue_badges(SYSTEM, edition_id, [attendee], now)
        notify_attendee("registration/approved", attendee, now, with_badge=True)
        return attendee


@retried
def reject(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Reject an attendee who awaits approval; send an e-mail and release the place.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        attendee = services.reject_attendee(actor, edition_id, attendee_id, now)
        notify_attendee("registration/refused", attendee, now, with_badge=False)
        release_places([attendee])
        return attendee


@retried
def cancel_registration(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Cancel one attendee: revoke the badge, send an e-mail, release the place.

    Allowed for the attendee, the person who registered them, and with ATTENDEES_WRITE. Raises AttendeeMissing, Conflict
    `attendee_state`.
    """
    with atomic():
        attendee = services.cancel_attendee(actor, edition_id, attendee_id, now)
        _revoke(edition_id, attendee.id, now)
        notify_attendee("registration/cancelled", attendee, now, with_badge=False)
        release_seats_of(edition_id, [attendee.id], now)
        cancel_meetings_of_attendees(edition_id, [attendee.id], now)
        release_places([attendee])
        return attendee


@retried
def cancel_whole_order(actor: Actor, edition_id: int, order_id: int, now: datetime) -> OrderRow:
    """Cancel every attendee of an order: revoke badges, send e-mails, release places.

    Allowed for the order's person and with ORDERS_MANAGE. Raises OrderMissing, Conflict `order_cancelled` or
    `order_expired`.
    """
    with atomic():
        order = services.cancel_order(actor, edition_id, order_id, now)
        for attendee in order.attendees:
            _revoke(edition_id, attendee.id, now)
        notify_cancelled(order, now)
        release_seats_of(edition_id, [each.id for each in order.attendees], now)
        cancel_meetings_of_attendees(edition_id, [each.id for each in order.attendees], now)
        release_places(order.attendees)
        return order


def issue_and_notify(order: OrderRow, now: datetime) -> None:
    """Issue and e-mail the badges of a confirmed order; notify attendees who await approval."""
    confirmed = [each for each in order.attendees if each.state is AttendeeState.CONFIRMED]
    awaiting = [each for each in order.attendees if each.state is AttendeeState.AWAITING_APPROVAL]
    if confirmed:
        issue_badges(SYSTEM, order.edition_id, confirmed, now)
        notify_confirmed(order, confirmed, now)
    if awaiting:
        notify_awaiting_approval(order, awaiting, now)


def _revoke(edition_id: int, attendee_id: int, now: datetime) -> None:
    """Revoke the badge if there is one; cancelling does not require the permission to revoke badges."""
    if find_badge_of(attendee_id):
        revoke_badge(SYSTEM, edition_id, attendee_id, now, reason="cancelled")
