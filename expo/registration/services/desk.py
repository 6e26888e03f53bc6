"""Acts of the help desk: correct an address, exchange a ticket, confirm for somebody who cannot open their e-mail."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email, ensure_person
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.registration.errors import OrderMissing
from expo.registration.models import Attendee, Order
from expo.registration.queries import AttendeeRow
from expo.registration.rules import HOLDING_STATES, AttendeeState, OrderState
from expo.registration.services.attendees import Beside, finish_change, lock_attendee, refresh_search
from expo.registration.services.lines import NewLine, replace_line
from expo.registration.services.orders import confirm_attendees, refuse_ended
from expo.registration.services.placed import PlacedOrder, read_order
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.models import TicketType
from expo.tickets.services.places import lock_ticket_types, move_place


@retried
def correct_email(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    email: str,
    now: datetime,
    *,
    whole_order: bool = False,
    beside: Beside | None = None,
) -> AttendeeRow:
    """Give an attendee another address: the registration goes to the person of that address, and links end.

    With `whole_order` the order and all its attendees at the old address follow. An order of one always follows.
    Raises AttendeeMissing, Invalid `email_invalid`, Conflict `attendee_state` or `email_unchanged`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    address = check_email(email)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        _require_holding(attendee)
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
        follows = order.email == old and (whole_order or not others)
        if follows:
            order.email, order.person_id = address, person_id
        for each in [attendee, *(each for each in others if follows and each.email == old)]:
            each.email, each.person_id, each.updated_at = address, person_id, now
            refresh_search(each, order.code)
        return finish_change(
            actor,
            "registration.correct_email",
            attendee,
            now,
            beside,
            changed=["email"],
            values={"email": [old, address]},
            whole_order=follows,
        )


@retried
def change_attendee_ticket(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    ticket_type_code: str,
    now: datetime,
    beside: Beside | None = None,
) -> AttendeeRow:
    """Exchange an attendee's ticket for one of another type: place, price and total follow, or nothing changes.

    A place of the new type is needed; a quota that both types share is left as it is. The status stays. An order that
    now costs more than was paid is unpaid. Raises AttendeeMissing, TicketTypeMissing, SoldOut, Conflict
    `attendee_state` or `ticket_unchanged`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        _require_holding(attendee)
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
        replace_line(order.id, NewLine(attendee.id, wanted.id, price), now)
        row = finish_change(
            actor,
            "registration.change_ticket",
            attendee,
            now,
            beside,
            changed=["ticket_type"],
            to=wanted.code,
            values={"ticket_type": [old_code, wanted.code]},
        )
        move_place(old, wanted.id, {wanted.id: wanted.code})
        return row


@retried
def confirm_order_by_hand(
    actor: Actor, edition_id: int, order_id: int, now: datetime, beside: Callable[[PlacedOrder], None] | None = None
) -> PlacedOrder:
    """Confirm an order for people who stand at the counter. Their address counts as unproven still.

    Raises OrderMissing, Conflict `order_confirmed`, `order_expired` or `order_cancelled`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        row = lock(Order, order_id)
        if row is None or row.edition_id != edition_id:
            raise OrderMissing
        refuse_ended(OrderState(row.state))
        if row.state == OrderState.CONFIRMED.value:
            raise Conflict("order_confirmed")
        db.session.execute(
            update(Order)
            .where(Order.id == order_id)
            .values(state=OrderState.CONFIRMED.value, confirmed_at=now, expires_at=None)
            .execution_options(synchronize_session=False)
        )
        confirm_attendees(order_id, now)
        record_act(
            actor,
            "registration.confirm_by_hand",
            now,
            edition_id=edition_id,
            subject="order",
            subject_id=order_id,
        )
        order = read_order(order_id)
        if beside:
            beside(order)
        return order


def _require_holding(attendee: Attendee) -> None:
    if AttendeeState(attendee.state) not in HOLDING_STATES:
        raise Conflict("attendee_state", state=attendee.state, wanted=AttendeeState.CONFIRMED.value)
