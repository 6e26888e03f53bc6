"""Whose badge a scanned text is, away from the checkpoints."""

from dataclasses import dataclass

from expo.badges.queries import find_badge
from expo.badges.rules import is_valid, verify_badge, verify_typed_badge
from expo.checkin.queries.checkpoints import door_facts
from expo.pure.tokens import BadgeToken
from expo.registration.queries import AttendeeRow, get_attendee_by_id


@dataclass(frozen=True)
class Holder:
    """Whose badge a QR code is; `is_current` is False for a badge that was replaced or revoked."""

    attendee: AttendeeRow
    is_current: bool


def find_holder(edition_id: int, text: str) -> Holder | None:
    """Return whose badge of this edition a scanned text is; None if it is none that we signed."""
    facts = door_facts(edition_id)
    trusted = verify_badge(text, facts.keys, facts.edition_number)
    if not isinstance(trusted, BadgeToken):
        # A handheld scanner set to another keyboard layout types other characters.
        trusted = verify_typed_badge((text,), facts.keys, facts.edition_number) or trusted
    if not isinstance(trusted, BadgeToken):
        return None
    badge = find_badge(edition_id, trusted.serial)
    if badge is None:
        return None
    is_current = trusted.issue == badge.issue and is_valid(badge.revoked_at)
    return Holder(get_attendee_by_id(edition_id, badge.attendee_id), is_current)
