"""The content of a badge, when one may be issued, and when it is trusted. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from expo.errors import Invalid
from expo.pure.keyboards import token_readings
from expo.pure.tokens import BadgeToken, TokenError, count_day, parse_token, verify_signed
from expo.registration.rules import AttendeeState

MAX_ISSUE = 255
MIN_PIN_LENGTH = 6
MAX_PIN_LENGTH = 12
MAX_STATIONS = 20
MAX_STATION_NAME = 40
MAX_KEY_ID = 255
SERIAL_BITS = 32

# Public keys by edition number and key id.
TrustedKeys = Mapping[int, Mapping[int, bytes]]


class Distrust(StrEnum):
    """Why a text is not accepted as a badge of an edition."""

    UNREADABLE = "unreadable"
    FORGED = "forged"
    OTHER_EDITION = "other_edition"


class PrintState(StrEnum):
    """The state of a print job."""

    WAITING = "waiting"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"


class PrintOrigin(StrEnum):
    """Where a print job was asked for."""

    DESK = "desk"
    KIOSK = "kiosk"


def check_pin(pin: str) -> str:
    """Return a PIN of 6 to 12 digits that are not all the same. Raises Invalid `pin_weak`."""
    pin = pin.strip()
    is_number = pin.isascii() and pin.isdigit()
    if not is_number or not MIN_PIN_LENGTH <= len(pin) <= MAX_PIN_LENGTH or len(set(pin)) == 1:
        raise Invalid("pin_weak", field="pin", minimum=MIN_PIN_LENGTH, maximum=MAX_PIN_LENGTH)
    return pin


def check_stations(names: Iterable[str]) -> list[str]:
    """Return the names of print stations without spaces around them, each once. Raises Invalid `station_invalid`."""
    stations = list(dict.fromkeys(each for name in names if (each := " ".join(name.split()))))
    if len(stations) > MAX_STATIONS or any(len(each) > MAX_STATION_NAME or "\0" in each for each in stations):
        raise Invalid("station_invalid", field="stations", maximum=MAX_STATIONS, length=MAX_STATION_NAME)
    return stations


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


def verify_badge(text: str, keys: TrustedKeys, edition_number: int) -> BadgeToken | Distrust:
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


def verify_typed_badge(texts: Iterable[str], keys: TrustedKeys, edition_number: int) -> BadgeToken | Distrust | None:
    """Return a badge read by a handheld scanner that types in another keyboard layout; None if it is not ours.

    A reading counts only if one of our keys signed it, so that a wrong guess can neither admit anyone nor be reported
    as a forgery.
    """
    for text in texts:
        for reading in token_readings(text):
            trusted = verify_badge(reading, keys, edition_number)
            if trusted is Distrust.OTHER_EDITION or isinstance(trusted, BadgeToken):
                return trusted
    return None
