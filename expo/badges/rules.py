"""The content of a badge, when one may be issued, and when it is trusted. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from expo.pure.keyboards import token_readings
from expo.pure.tokens import BadgeToken, TokenError, count_day, parse_token, verify_signed
from expo.registration.rules import AttendeeState

MAX_ISSUE = 255
MAX_KEY_ID = 255
SERIAL_BITS = 32

# Public keys by edition number and key id.
TrustedKeys = Mapping[int, Mapping[int, bytes]]


class Distrust(StrEnum):
    """Why a text is not accepted as a badge of an edition."""

    UNREADABLE = "unreadable"
    FORGED = "forged"
    OTHER_EDITION = "other_edition"


def may_have_badge(state: AttendeeState) -> bool:
    """Return whether an attendee in this state gets a badge. Payment is checked at checkpoints, not here."""
    return state is AttendeeState.CONFIRMED


def is_valid(revoked_at: datetime | None) -> bool:
    """Return whether the current issue of a badge is valid."""
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
    """Return the content of the badge's QR code."""
    return BadgeToken(
        key_id=key_id,
        edition=edition_number,
        serial=serial,
        ticket_type=ticket_type_number,
        issue=issue,
        first_day=count_day(day_zero, valid_from),
        days=valid_days,
    )


def trust_badge(text: str, keys: TrustedKeys, edition_number: int) -> BadgeToken | Distrust:
    """Return the content of a badge of this edition, or why it is not trusted."""
    try:
        signed = parse_token(text)
    except TokenError:
        return Distrust.UNREADABLE
    for number in (edition_number, signed.token.edition):
        try:
            token = verify_signed(signed, keys.get(number, {}))
        except TokenError:
            continue
        return token if token.edition == edition_number else Distrust.OTHER_EDITION
    return Distrust.FORGED


def trust_typed_badge(texts: Iterable[str], keys: TrustedKeys, edition_number: int) -> BadgeToken | Distrust | None:
    """Return a badge read by a hand scanner that types in another keyboard layout; None if it is not ours.

    A reading counts only if one of our keys signed it, so that a wrong guess can neither admit anyone nor be reported
    as a forgery.
    """
    for text in texts:
        for reading in token_readings(text):
            trusted = trust_badge(reading, keys, edition_number)
            if trusted is Distrust.OTHER_EDITION or isinstance(trusted, BadgeToken):
                return trusted
    return None
