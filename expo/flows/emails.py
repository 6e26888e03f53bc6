"""E-mails about registrations: which one, its recipient and content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services.sessions import replace_me_link
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.cache import get_recent
from expo.infra.db import atomic
from expo.mail.queries import get_email
from expo.mail.services import queue_email, retry_email
from expo.pure.codes import show_code
from expo.registration.queries import (
    AttendeeRow,
    HeldAddOn,
    OrderRow,
    get_attendee_by_id,
    get_order_by_id,
    list_add_ons_of,
)
from expo.registration.rules import AttendeeState

EDITION_SECONDS = 5.0


def ask_to_confirm(order: OrderRow, now: datetime) -> None:
    """Queue the e-mail that asks to confirm the order's address."""
    _ask(order, "registration/confirm", now)


def invite_speaker(order: OrderRow, now: datetime) -> None:
    """Queue the e-mail that tells a speaker about their ticket, and asks to confirm the address."""
    _ask(order, "registration/invited", now)


def _ask(order: OrderRow, message: str, now: datetime) -> None:
    edition = _edition_of(order.edition_id)
    add_ons = list_add_ons_of([each.id for each in order.attendees])
    queue_email(
        message,
        to_email=order.email,
        language=order.language,
        now=now,
        edition_id=order.edition_id,
        person_id=order.person_id,
        details={
            **_of_edition(edition),
            **_of_order(order),
            "expires_at": order.expires_at.isoformat() if order.expires_at else now.isoformat(),
            "attendees": [_of_attendee(each, add_ons.get(each.id, ())) for each in order.attendees],
        },
        links={"confirm_link": ("/confirm/", "confirm-order", [order.id, order.person_id])},
    )


def notify_confirmed(order: OrderRow, attendees: Sequence[AttendeeRow], now: datetime) -> None:
    """Queue an e-mail to each person with the badges of their attendees; the order's person first."""
    _notify_each("registration/confirmed", order, attendees, now, with_badges=True)


def notify_awaiting_approval(order: OrderRow, attendees: Sequence[AttendeeRow], now: datetime) -> None:
    """Queue the e-mail that says the organizers will decide."""
    _notify_each("registration/awaiting_approval", order, attendees, now, with_badges=False)


def notify_attendee(message: str, attendee: AttendeeRow, now: datetime, *, with_badge: bool) -> None:
    """Queue an e-mail about one attendee, such as `registration/approved` or `registration/ticket_changed`."""
    edition = _edition_of(attendee.edition_id)
    queue_email(
        message,
        to_email=attendee.email,
        language=attendee.language,
        now=now,
        edition_id=attendee.edition_id,
        person_id=attendee.person_id,
        details={
            **_of_edition(edition),
            "order_code": attendee.order_code,
            "is_paid": attendee.is_paid,
            **_amount_due(attendee),
            "is_badge_attached": with_badge,
            "attendees": [_of_attendee(attendee, list_add_ons_of([attendee.id]).get(attendee.id, ()))],
        },
        links=_link_to_me(attendee.person_id),
        attachments={"badges_of_attendees": [attendee.id]} if with_badge else None,
    )


def notify_email_corrected(order: OrderRow, attendees: Sequence[AttendeeRow], now: datetime) -> None:
    """Queue the e-mail to a corrected address, with the badges that the wrong one should have received."""
    _notify_each("registration/email_corrected", order, attendees, now, with_badges=True)


def notify_cancelled(order: OrderRow, now: datetime) -> None:
    """Queue the e-mail that says the order's attendees are no longer registered."""
    _notify_each("registration/cancelled", order, order.attendees, now, with_badges=False)


def mail_me_link(attendee: AttendeeRow, now: datetime) -> None:
    """Queue an e-mail with a new link to the attendee's page and their badge; earlier links are invalidated."""
    replace_me_link(attendee.person_id)
    notify_attendee("registration/confirmed", attendee, now, with_badge=True)


def resend_email(actor: Actor, edition_id: int, attendee_id: int, now: datetime) -> None:
    """Resend an attendee the e-mail for their status, on request by staff.

    Confirmed: page link and badge. Unconfirmed: the request to confirm, to the order's address. Raises AttendeeMissing,
    Conflict `attendee_state`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        attendee = get_attendee_by_id(edition_id, attendee_id)
        if attendee.state is AttendeeState.CONFIRMED:
            mail_me_link(attendee, now)
        elif attendee.state is AttendeeState.UNCONFIRMED:
            ask_to_confirm(get_order_by_id(attendee.order_id), now)
        elif attendee.state is AttendeeState.AWAITING_APPROVAL:
            notify_attendee("registration/awaiting_approval", attendee, now, with_badge=False)
        else:
            raise Conflict("attendee_state", state=attendee.state.value, wanted=AttendeeState.CONFIRMED.value)
        record_act(actor, "letters.resend", now, edition_id=edition_id, subject="attendee", subject_id=attendee_id)


def retry_failed_email(actor: Actor, edition_id: int, email_id: int, now: datetime) -> None:
    """Retry an e-mail of an edition that failed or was stored unsent. Raises EmailMissing for any other."""
    require(actor, Permission.EMAILS_READ, edition_id)
    with atomic():
        get_email(edition_id, email_id)
        retry_email(email_id, now)
        record_act(actor, "letters.send_again", now, edition_id=edition_id, subject="letter", subject_id=email_id)


def _notify_each(
    message: str, order: OrderRow, attendees: Sequence[AttendeeRow], now: datetime, *, with_badges: bool
) -> None:
    edition = _edition_of(order.edition_id)
    add_ons = list_add_ons_of([each.id for each in attendees])
    by_address: dict[str, list[AttendeeRow]] = {}
    for attendee in attendees:
        by_address.setdefault(attendee.email, []).append(attendee)
    for email, group in by_address.items():
        queue_email(
            message,
            to_email=email,
            language=order.language if email == order.email else group[0].language,
            now=now,
            edition_id=order.edition_id,
            person_id=group[0].person_id,
            details={
                **_of_edition(edition),
                **_of_order(order),
                "attendees": [_of_attendee(each, add_ons.get(each.id, ())) for each in group],
            },
            links=_link_to_me(group[0].person_id),
            attachments={"badges_of_attendees": [each.id for each in group]} if with_badges else None,
        )


def _link_to_me(person_id: int) -> dict[str, tuple[str, str, list[int]]]:
    return {"me_link": ("/me/open/", "me", [person_id])}


def _edition_of(edition_id: int) -> EditionFacts:
    """Return the edition from a short-lived cache: registration is busy, and slightly old data will do."""
    recent = get_recent()
    found: EditionFacts | None = recent.get(("letters.edition", edition_id))
    if found is None:
        found = get_edition(edition_id)
        recent.set(("letters.edition", edition_id), found, EDITION_SECONDS)
    return found


def _of_edition(edition: EditionFacts) -> dict[str, Any]:
    return {
        "edition_title": edition.title,
        "venue": edition.venue,
        "city": edition.city,
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "time_zone": edition.time_zone,
        "contact_email": edition.contact_email,
    }


def _of_order(order: OrderRow) -> dict[str, Any]:
    return {
        "order_code": order.code,
        "is_paid": order.is_paid,
        "total_cents": order.total_cents,
        "currency": order.currency,
    }


def _amount_due(attendee: AttendeeRow) -> dict[str, Any]:
    """Return the amount due for the attendee's order; empty if it is paid."""
    if attendee.is_paid:
        return {}
    order = get_order_by_id(attendee.order_id)
    return {"total_cents": order.total_cents, "currency": order.currency}


def _of_attendee(attendee: AttendeeRow, add_ons: Sequence[HeldAddOn]) -> dict[str, Any]:
    return {
        "name": attendee.name,
        "code": show_code(attendee.code),
        "ticket_type": attendee.ticket_type_name,
        "add_ons": [{"name": each.name, "quantity": each.quantity} for each in add_ons],
    }
