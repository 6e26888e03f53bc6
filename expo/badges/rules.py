"""What a badge says, and when one may be issued. Pure."""

from datetime import date, datetime

from expo.pure.tokens import BadgeToken, count_day
from expo.registration.rules import AttendeeState

MAX_ISSUE = 255
MAX_KEY_ID = 255
SERIAL_BITS = 32


def may_have_badge(state: AttendeeState) -> bool:
    """Whether an attendee in this state gets a badge. Payment is asked for at the door, not here."""
    return state is AttendeeState.CONFIRMED


def is_valid(revoked_at: datetime | None) -> bool:
    """Whether a badge, at its present issue, is in force."""
    return revoked_at is None


def badge_token(
    *,
    key_id: int,
    edition_number: int,
    day_zero: date,
    serial: int,
    ticket_type_number: int,
    issue: int,
    valid_from: date,
    valid_days: int,
) -> BadgeToken:
    """Return what the badge's QR code will say."""
    return BadgeToken(
        key_id=key_id,
        edition=edition_number,
        serial=serial,
        ticket_type=ticket_type_number,
        issue=issue,
        first_day=count_day(day_zero, valid_from),
        days=valid_days,
    )
