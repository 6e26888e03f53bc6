"""Registration: an order, its attendees, their badges and letters, in one transaction each.

The places are taken or released last, so that the lock on a hot quota is held only from there to the commit.
"""

from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.badges.services import issue_badges, revoke_badge
from expo.flows.emails import (
    ask_to_confirm,
    tell_attendee,
    tell_awaiting_approval,
    tell_cancelled,
    tell_confirmed,
)
from expo.infra.db import atomic, retried
from expo.registration import services
from expo.registration.queries import AttendeeRow, OrderRow
from expo.registration.rules import AttendeeState, OrderRequest, OrderState
from expo.registration.services import PreparedOrder, prepare_order, release_places, take_places


def register(actor: Actor, edition_id: int, request: OrderRequest, now: datetime) -> OrderRow:
    """Register 1..n attendees: all of them or none.

    From the web the places are held for 48 hours and a letter asks to confirm the address. From the API, the desk or
    an import (ATTENDEES_WRITE) they are confirmed, or await approval, at once, with badges and a letter.
    Raises what `prepare_order` raises, and SoldOut.
    """
    return _register(actor, prepare_order(actor, edition_id, request, now), now)


@retried
def _register(actor: Actor, prepared: PreparedOrder, now: datetime) -> OrderRow:
    with atomic():
        order = register_without_places(actor, prepared, now)
        if order.is_new:
            take_places(order.attendees)
        return order


def register_without_places(actor: Actor, prepared: PreparedOrder, now: datetime) -> OrderRow:
    """Write an order with its badges and letters; whoever calls this takes the places of a new one last.

    For an import, which takes the places of several orders at the end of its transaction.
    """
    with atomic():
        order = services.place_order(actor, prepared, now)
        if order.is_new and order.state is OrderState.UNCONFIRMED:
            ask_to_confirm(order, now)
        elif order.is_new:
            issue_and_tell(order, now)
        return order


@retried
def confirm_registration(order_id: int, now: datetime) -> OrderRow:
    """Confirm an order whose mailed link was opened: badges are issued and mailed, once however often it is opened.

    Raises OrderMissing, Conflict `order_expired` or `order_cancelled`.
    """
    with atomic():
        order = services.confirm_order(order_id, now)
        if order.is_new:
            issue_and_tell(order, now)
        return order


@retried
def approve(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Let an attendee come who awaits approval: the badge is issued and mailed.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        attendee = services.approve_attendee(actor, edition_id, attendee_id, now)
        issue_badges(SYSTEM, edition_id, [attendee], now)
        tell_attendee("registration/approved", attendee, now, with_badge=True)
        return attendee


@retried
def reject(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Turn down an attendee who awaits approval: a letter says so and the place is released.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        attendee = services.reject_attendee(actor, edition_id, attendee_id, now)
        tell_attendee("registration/refused", attendee, now, with_badge=False)
        release_places([attendee])
        return attendee


@retried
def cancel_registration(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Cancel one attendee: the badge stops working, a letter says so, the place is released.

    By the person concerned or who registered them, or with ATTENDEES_WRITE.
    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    with atomic():
        attendee = services.cancel_attendee(actor, edition_id, attendee_id, now)
        _revoke(edition_id, attendee.id, now)
        tell_attendee("registration/cancelled", attendee, now, with_badge=False)
        release_places([attendee])
        return attendee


@retried
def cancel_whole_order(actor: Actor, edition_id: int, order_id: int, now: datetime) -> OrderRow:
    """Cancel every attendee of an order: badges stop working, letters say so, places are released.

    By the order's person, or with ORDERS_MANAGE. Raises OrderMissing, Conflict `order_cancelled` or `order_expired`.
    """
    with atomic():
        order = services.cancel_order(actor, edition_id, order_id, now)
        for attendee in order.attendees:
            _revoke(edition_id, attendee.id, now)
        tell_cancelled(order, now)
        release_places(order.attendees)
        return order


def issue_and_tell(order: OrderRow, now: datetime) -> None:
    """Issue and mail the badges of a confirmed order; who awaits approval is told that."""
    confirmed = [each for each in order.attendees if each.state is AttendeeState.CONFIRMED]
    awaiting = [each for each in order.attendees if each.state is AttendeeState.AWAITING_APPROVAL]
    if confirmed:
        issue_badges(SYSTEM, order.edition_id, confirmed, now)
        tell_confirmed(order, confirmed, now)
    if awaiting:
        tell_awaiting_approval(order, awaiting, now)


def _revoke(edition_id: int, attendee_id: int, now: datetime) -> None:
    """Revoke the badge, if there is one; the one who cancels needs no right to do that for itself."""
    if find_badge_of(attendee_id):
        revoke_badge(SYSTEM, edition_id, attendee_id, now, reason="cancelled")
