"""Registering: an order, its attendees, their badges and letters, in one transaction each."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.badges.services import issue_badges, revoke_badge
from expo.flows.letters import ask_to_confirm, tell_attendee, tell_awaiting_approval, tell_cancelled, tell_confirmed
from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeState, OrderState, OrderWish
from expo.registration.services import (
    PlacedOrder,
    approve_attendee,
    cancel_attendee,
    cancel_order,
    confirm_order,
    place_order,
    refuse_attendee,
)
from expo.tickets.services.places import PlaceTaker


@dataclass(frozen=True)
class RegisteredAttendee:
    """An attendee as told to whoever registered."""

    id: int
    code: str
    name: str
    state: AttendeeState
    ticket_type_code: str


@dataclass(frozen=True)
class Registration:
    """What came of a registration. `is_new` is False where it had been confirmed before."""

    edition_id: int
    order_id: int
    order_code: str
    person_id: int
    email: str
    state: OrderState
    total_cents: int
    currency: str
    is_paid: bool
    expires_at: datetime | None
    attendees: tuple[RegisteredAttendee, ...]
    is_new: bool


def register(
    actor: Actor, edition_id: int, wish: OrderWish, now: datetime, take: PlaceTaker | None = None
) -> Registration:
    """Register 1..n attendees: all of them or none.

    From the web the places are held for 48 hours and a letter asks to confirm the address. From the API, the desk or
    an import (ATTENDEES_WRITE) they are confirmed, or await approval, at once, with badges and a letter. `take` lets
    an import take the places of several orders at the end of its transaction.
    Raises what `place_order` raises.
    """

    def write_what_belongs(order: PlacedOrder) -> None:
        if order.state is OrderState.UNCONFIRMED:
            ask_to_confirm(order, now)
        else:
            issue_and_tell(order, now)

    return _registration(place_order(actor, edition_id, wish, now, write_what_belongs, take))


def confirm_registration(order_id: int, now: datetime) -> Registration:
    """Confirm an order whose mailed link was opened: badges are issued and mailed, once however often it is opened.

    Raises OrderMissing, Conflict `order_expired` or `order_cancelled`.
    """
    return _registration(confirm_order(order_id, now, lambda order: issue_and_tell(order, now)))


def approve(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Let an attendee come who awaits approval: the badge is issued and mailed.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """

    def issue_and_tell(attendee: AttendeeRow) -> None:
        issue_badges(SYSTEM, edition_id, [attendee], now)
        tell_attendee("registration/approved", attendee, now, with_badge=True)

    return approve_attendee(actor, edition_id, attendee_id, now, issue_and_tell)


def refuse(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Turn down an attendee who awaits approval: the place is given back and a letter says so.

    Raises AttendeeMissing, Conflict `attendee_state`.
    """
    return refuse_attendee(
        actor,
        edition_id,
        attendee_id,
        now,
        lambda attendee: tell_attendee("registration/refused", attendee, now, with_badge=False),
    )


def cancel_registration(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> AttendeeRow:
    """Cancel one attendee: the badge stops working, the place is given back, a letter says so.

    By the person concerned or who registered them, or with ATTENDEES_WRITE.
    Raises AttendeeMissing, Conflict `attendee_state`.
    """

    def revoke_and_tell(attendee: AttendeeRow) -> None:
        _revoke(edition_id, attendee.id, now)
        tell_attendee("registration/cancelled", attendee, now, with_badge=False)

    return cancel_attendee(actor, edition_id, attendee_id, now, revoke_and_tell)


def cancel_whole_order(actor: Actor, edition_id: int, order_id: int, now: datetime) -> PlacedOrder:
    """Cancel every attendee of an order: badges stop working, places are given back, letters say so.

    By the order's person, or with ORDERS_MANAGE. Raises OrderMissing, Conflict `order_cancelled` or `order_expired`.
    """

    def revoke_and_tell(order: PlacedOrder) -> None:
        for attendee in order.attendees:
            _revoke(edition_id, attendee.id, now)
        tell_cancelled(order, now)

    return cancel_order(actor, edition_id, order_id, now, revoke_and_tell)


def issue_and_tell(order: PlacedOrder, now: datetime) -> None:
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


def _registration(order: PlacedOrder) -> Registration:
    return Registration(
        edition_id=order.edition_id,
        order_id=order.id,
        order_code=order.code,
        person_id=order.person_id,
        email=order.email,
        state=order.state,
        total_cents=order.total_cents,
        currency=order.currency,
        is_paid=order.is_paid,
        expires_at=order.expires_at,
        attendees=tuple(
            RegisteredAttendee(each.id, each.code, each.name, each.state, each.ticket_type_code)
            for each in order.attendees
        ),
        is_new=order.is_new,
    )
