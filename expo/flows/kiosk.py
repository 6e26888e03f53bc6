"""The kiosk: people print their own badge, once."""

from datetime import datetime
from enum import StrEnum

from expo.accounts.rules import Actor, Permission, fold_email, require
from expo.badges.queries import find_badge_of
from expo.badges.rules import PrintOrigin, is_valid
from expo.badges.services import request_print
from expo.checkin.queries.holders import find_holder
from expo.infra.db import atomic, retried
from expo.pure.similar_names import is_similar_name
from expo.registration.queries import AttendeeRow, list_attendees_at
from expo.registration.rules import HOLDING_STATES, AttendeeState


class KioskAnswer(StrEnum):
    """What the kiosk answers."""

    PRINTING = "printing"
    # Printed at a kiosk before, or waiting to be printed.
    PRINTED_BEFORE = "printed_before"
    # Registered, but the desk has to help: not paid, not confirmed, or the badge was revoked.
    ASK_DESK = "ask_desk"
    NOT_FOUND = "not_found"


def print_badge_by_code(actor: Actor, edition_id: int, code: str, now: datetime, *, station: str = "") -> KioskAnswer:
    """Queue the badge of the holder of a QR code. A code that was replaced by a newer one is sent to the desk."""
    require(actor, Permission.BADGES_ISSUE, edition_id)
    holder = find_holder(edition_id, code)
    if holder is None:
        return KioskAnswer.NOT_FOUND
    return _print(actor, holder.attendee, now, station) if holder.is_current else KioskAnswer.ASK_DESK


def print_badge_by_name(
    actor: Actor, edition_id: int, name: str, email: str, now: datetime, *, station: str = ""
) -> KioskAnswer:
    """Queue the badge of the person with exactly this address and a name like this.

    The answer is the same whichever is wrong, so that nobody learns who is registered.
    """
    require(actor, Permission.BADGES_ISSUE, edition_id)
    found = [
        each
        for each in list_attendees_at(edition_id, fold_email(email))
        if each.state in HOLDING_STATES and is_similar_name(name, each.name, each.latin_name)
    ]
    if not found:
        return KioskAnswer.NOT_FOUND
    # Two registrations of one person: the desk knows which one counts.
    return _print(actor, found[0], now, station) if len(found) == 1 else KioskAnswer.ASK_DESK


@retried
def _print(actor: Actor, attendee: AttendeeRow, now: datetime, station: str) -> KioskAnswer:
    badge = find_badge_of(attendee.id)
    is_ready = attendee.state is AttendeeState.CONFIRMED and attendee.is_paid
    if badge is None or not is_ready or not is_valid(badge.revoked_at):
        return KioskAnswer.ASK_DESK
    with atomic():
        is_queued = request_print(actor, attendee, now, station=station, origin=PrintOrigin.KIOSK)
    return KioskAnswer.PRINTING if is_queued else KioskAnswer.PRINTED_BEFORE
