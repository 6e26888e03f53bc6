"""The words of a verdict: directions, reasons, and what forcing an admission may override. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from expo.badges.rules import Distrust

MAX_FORCE_NOTE = 200
# A scan that takes longer than this to arrive was made offline.
ANSWERED_AT_THE_DOOR = timedelta(minutes=1)


class Verdict(StrEnum):
    """What the steward should do: admit, refuse, or check with someone."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    NEEDS_ANSWERS = "needs_answers"


class Direction(StrEnum):
    """Entering or leaving."""

    ENTRY = "entry"
    EXIT = "exit"


class Decider(StrEnum):
    """Who decided on a scan: the server, or a device that could not ask it."""

    SERVER = "server"
    DEVICE = "device"


class Reason(StrEnum):
    """Why a scan is refused, in the order of checking."""

    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a reason, not a secret
    BAD_SIGNATURE = "bad_signature"
    WRONG_EDITION = "wrong_edition"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    UNPAID = "unpaid"
    NOT_APPROVED = "not_approved"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    WRONG_TICKET_TYPE = "wrong_ticket_type"
    WRONG_CHECKPOINT = "wrong_checkpoint"
    ALREADY_ADMITTED = "already_admitted"
    NOT_INSIDE = "not_inside"
    ZONE_FULL = "zone_full"
    RULE = "rule"


DISTRUSTED: Mapping[Distrust, Reason] = {
    Distrust.UNREADABLE: Reason.UNKNOWN_TOKEN,
    Distrust.FORGED: Reason.BAD_SIGNATURE,
    Distrust.OTHER_EDITION: Reason.WRONG_EDITION,
}


class ForceReason(StrEnum):
    """Why staff admitted somebody who was refused."""

    LEFT_UNSCANNED = "left_unscanned"
    IDENTITY_CHECKED = "identity_checked"
    PAYMENT_SEEN = "payment_seen"
    LEADER_AGREED = "leader_agreed"
    OTHER = "other"


# What forcing an admission may override. Never whose badge it is and whether it is valid (unknown, signature, edition,
# revoked, cancelled), never a checkpoint that does not exist or is closed, and never the capacity of a zone: that is
# raised in the checkpoint's settings, not at the entrance.
FORCEABLE = frozenset(
    {
        Reason.UNPAID,
        Reason.NOT_APPROVED,
        Reason.NOT_YET_VALID,
        Reason.EXPIRED,
        Reason.WRONG_TICKET_TYPE,
        Reason.ALREADY_ADMITTED,
        Reason.NOT_INSIDE,
        Reason.RULE,
    }
)


def deciding_reason(reasons: list[Reason], *, forced: bool) -> Reason | None:
    """Return the reason for refusal, or None; forcing skips the reasons that may be overridden."""
    if forced:
        return next((reason for reason in reasons if reason not in FORCEABLE), None)
    return reasons[0] if reasons else None


def is_passage(
    direction: Direction,
    refused: Reason | None,
    scanned_at: datetime,
    received_at: datetime,
    *,
    decided: Decider = Decider.SERVER,
) -> bool:
    """Return whether a scan shows that its holder entered or left, and therefore counts for presence.

    Someone scanned at the exit has left, even if no entry was known. A refused second entry turned its holder away only
    if the answer arrived while they were there: if the device refused it, or the server at once. When a scan is sent
    later without a decision, they had already passed.
    """
    if refused is None:
        return True
    if direction is Direction.EXIT:
        return refused is Reason.NOT_INSIDE
    is_late = decided is Decider.SERVER and not is_answered_at_the_door(scanned_at, received_at)
    return refused is Reason.ALREADY_ADMITTED and is_late


def is_answered_at_the_door(scanned_at: datetime, received_at: datetime) -> bool:
    """Return whether a scan arrives so soon that its answer reaches those who wait for it."""
    return abs(received_at - scanned_at) <= ANSWERED_AT_THE_DOOR
