"""The demo's latest e-mails, as the product would have written them; stored but never sent."""

from collections.abc import Sequence
from typing import Any

from expo.demo.orders import DemoAttendee, page_language
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.mail.models import Email
from expo.mail.rules import EmailState
from expo.pure.codes import show_code
from expo.registration.rules import OrderState

EMAILS = 200


def load_emails(edition: EditionFacts, attendees: Sequence[DemoAttendee]) -> None:
    """Insert the e-mails for the newest orders."""
    by_order: dict[int, list[DemoAttendee]] = {}
    for each in attendees:
        by_order.setdefault(each.order["id"], []).append(each)
    insert_all(Email, [_email(edition, group) for group in list(by_order.values())[-EMAILS:]])


def _email(edition: EditionFacts, group: Sequence[DemoAttendee]) -> dict[str, Any]:
    order, orderer = group[0].order, group[0]
    is_confirmed = order["state"] == OrderState.CONFIRMED.value
    confirmed = [each for each in group if each.state.value == OrderState.CONFIRMED.value] if is_confirmed else []
    if order["state"] == OrderState.CANCELLED.value:
        message, at = "registration/cancelled", order["confirmed_at"]
    elif confirmed:
        message, at = "registration/confirmed", order["confirmed_at"]
    elif is_confirmed:
        message, at = "registration/awaiting_approval", order["confirmed_at"]
    else:
        message, at = "registration/confirm", order["created_at"]
    asks = message == "registration/confirm"
    details = {
        "edition_title": edition.title,
        "venue": edition.venue,
        "city": edition.city,
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "time_zone": edition.time_zone,
        "contact_email": edition.contact_email,
        "order_code": order["code"],
        "is_paid": orderer.is_paid,
        "total_cents": order["total_cents"],
        "currency": order["currency"],
        "attendees": [
            {"name": each.person.name, "code": show_code(each.code), "ticket_type": each.offer.name}
            for each in confirmed or group
        ],
    }
    if asks:
        details["expires_at"] = order["expires_at"].isoformat() if order["expires_at"] else at.isoformat()
    links: dict[str, Any] = (
        {"confirm_link": ["/confirm/", "confirm-order", [order["id"]]]}
        if asks
        else {"me_link": ["/me/open/", "me", [orderer.person_id]]}
    )
    return {
        "edition_id": edition.id,
        "person_id": orderer.person_id,
        "to_email": order["email"],
        "language": page_language(orderer.person.language),
        "message": message,
        "details": details,
        "links": links,
        "attachments": {"badges_of_attendees": [each.id for each in confirmed]} if confirmed else {},
        "state": EmailState.KEPT.value,
        "attempts": 0,
        "lease_until": None,
        "created_at": at,
        "sent_at": None,
        "last_error": None,
    }
