"""Decide on a scan from facts. Pure.

An entry is checked in the order of `Reason`, and the first reason that applies is the answer.

The signature is checked before anything is looked up, so that a forged text cannot be used to find out which serials
exist: `unknown_token` is an unreadable text, or a serial that we signed and no longer know.

A cancelled registration also has its badge revoked. The cancellation is checked first, so that the steward learns the
cause.

An exit only checks whose badge it is, where, and whether they are inside: nobody is prevented from leaving because a
payment is missing or the day is over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from expo.badges.rules import Distrust
from expo.errors import Invalid
from expo.pure.door_days import DayRange
from expo.registration.rules import AttendeeState, OrderState

MAX_PERCENT = 100
MAX_CODE_LENGTH = 32
MAX_FORCE_NOTE = 200
# A scan that takes longer than this to arrive was made offline.
ANSWERED_AT_THE_DOOR = timedelta(minutes=1)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Verdict(StrEnum):
    """What the steward should do: admit, refuse, or check with someone."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    NEEDS_ANSWERS = "needs_answers"


class Direction(StrEnum):
    """Entering or leaving."""

    ENTRY = "entry"
    EXIT = "exit"


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

_ENDED_ATTENDEE_STATES = frozenset({AttendeeState.CANCELLED.value, AttendeeState.EXPIRED.value})
_ENDED_ORDER_STATES = frozenset({OrderState.CANCELLED.value, OrderState.EXPIRED.value})


@dataclass(frozen=True, slots=True)
class DoorRules:
    """The rules of a checkpoint. `ticket_type_ids` is None if every type is admitted."""

    is_open: bool
    capacity: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    ticket_type_ids: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A badge and its holder at the moment of the scan."""

    badge_issue: int
    is_revoked: bool
    valid: DayRange
    attendee_state: str
    order_state: str
    is_paid: bool
    ticket_type_id: int
    is_inside: bool


def judge(
    holder: Holder, badge_issue: int, door: DoorRules | None, direction: Direction, at: datetime, today: date
) -> list[Reason]:
    """Return all reasons for refusing the holder, the deciding one first; an empty list admits them.

    `badge_issue` is the counter in the badge, `today` the checkpoint's day at the moment `at`. Whether a zone is full
    is only known by counting: see services.
    """
    if direction is Direction.EXIT:
        return _judge_exit(holder, door)
    reasons = [*_judge_badge(holder, badge_issue), *_judge_days(holder.valid, today)]
    if door is None:
        return [*reasons, Reason.WRONG_CHECKPOINT]
    if door.ticket_type_ids is not None and holder.ticket_type_id not in door.ticket_type_ids:
        reasons.append(Reason.WRONG_TICKET_TYPE)
    if not door.is_open:
        reasons.append(Reason.WRONG_CHECKPOINT)
    if holder.is_inside:
        reasons.append(Reason.ALREADY_ADMITTED)
    if (door.opens_at is not None and at < door.opens_at) or (door.closes_at is not None and at >= door.closes_at):
        reasons.append(Reason.RULE)
    return reasons


def deciding_reason(reasons: list[Reason], *, forced: bool) -> Reason | None:
    """Return the reason for refusal, or None; forcing skips the reasons that may be overridden."""
    if forced:
        return next((reason for reason in reasons if reason not in FORCEABLE), None)
    return reasons[0] if reasons else None


def _judge_exit(holder: Holder, door: DoorRules | None) -> list[Reason]:
    if door is None or not door.is_open:
        return [Reason.WRONG_CHECKPOINT]
    return [] if holder.is_inside else [Reason.NOT_INSIDE]


def _judge_badge(holder: Holder, badge_issue: int) -> list[Reason]:
    reasons = []
    if holder.attendee_state in _ENDED_ATTENDEE_STATES or holder.order_state in _ENDED_ORDER_STATES:
        reasons.append(Reason.CANCELLED)
    if holder.is_revoked or badge_issue < holder.badge_issue:
        reasons.append(Reason.REVOKED)
    if not holder.is_paid:
        reasons.append(Reason.UNPAID)
    if holder.attendee_state != AttendeeState.CONFIRMED.value:
        reasons.append(Reason.NOT_APPROVED)
    return reasons


def _judge_days(valid: DayRange, today: date) -> list[Reason]:
    if today < valid.first:
        return [Reason.NOT_YET_VALID]
    return [Reason.EXPIRED] if today > valid.last else []


def is_passage(direction: Direction, refused: Reason | None, scanned_at: datetime, received_at: datetime) -> bool:
    """Return whether a scan shows that its holder entered or left, and therefore counts for presence.

    Someone scanned at the exit has left, even if no entry was known. A refused second entry turned its holder away only
    if the answer arrived while they were there; when a scan is sent later, they had already passed.
    """
    if refused is None:
        return True
    if direction is Direction.EXIT:
        return refused is Reason.NOT_INSIDE
    return refused is Reason.ALREADY_ADMITTED and abs(received_at - scanned_at) > ANSWERED_AT_THE_DOOR


def check_code(code: str) -> str:
    """Return a checkpoint's code. Raises Invalid `checkpoint_code_invalid` if it cannot be part of a URL."""
    code = code.strip()
    if len(code) > MAX_CODE_LENGTH or not _CODE.fullmatch(code):
        raise Invalid("checkpoint_code_invalid", field="code", maximum=MAX_CODE_LENGTH)
    return code


def check_name(name: dict[str, str]) -> dict[str, str]:
    """Return a checkpoint's name by language. Raises Invalid `checkpoint_name_empty`."""
    names = {code: text.strip() for code, text in name.items() if text.strip()}
    if not names:
        raise Invalid("checkpoint_name_empty", field="name")
    return names


def check_limits(capacity: int | None, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Check capacity and opening times. Raises Invalid `capacity_invalid` or `checkpoint_times_reversed`."""
    check_capacity(capacity)
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise Invalid("checkpoint_times_reversed", field="closes_at")


def check_capacity(capacity: int | None) -> int | None:
    """Return the capacity of a zone. Raises Invalid `capacity_invalid`."""
    if capacity is not None and capacity < 1:
        raise Invalid("capacity_invalid", field="capacity")
    return capacity


def check_thresholds(warning: int | None, alarm: int | None) -> tuple[int | None, int | None]:
    """Return when the control room warns and raises an alarm, in percent. Raises Invalid `zone_percent_invalid`.

    A warning that comes with the alarm, or after it, would say nothing.
    """
    for field, percent in (("warning_percent", warning), ("alarm_percent", alarm)):
        if percent is not None and not 1 <= percent <= MAX_PERCENT:
            raise Invalid("zone_percent_invalid", field=field)
    if warning is not None and alarm is not None and warning >= alarm:
        raise Invalid("zone_percent_reversed", field="warning_percent")
    return warning, alarm


def check_zone_code(code: str) -> str:
    """Return a zone's code. Raises Invalid `zone_code_invalid` if it cannot be part of a URL."""
    code = code.strip()
    if len(code) > MAX_CODE_LENGTH or not _CODE.fullmatch(code):
        raise Invalid("zone_code_invalid", field="code", maximum=MAX_CODE_LENGTH)
    return code


def check_zone_name(name: dict[str, str]) -> dict[str, str]:
    """Return a zone's name by language. Raises Invalid `zone_name_empty`."""
    names = {code: text.strip() for code, text in name.items() if text.strip()}
    if not names:
        raise Invalid("zone_name_empty", field="name")
    return names


def check_zone_group(group: str | None) -> str | None:
    """Return the group of a zone, or None without one. Raises Invalid `zone_group_invalid`."""
    group = (group or "").strip()
    if group and (len(group) > MAX_CODE_LENGTH or not _CODE.fullmatch(group)):
        raise Invalid("zone_group_invalid", field="exclusive_group", maximum=MAX_CODE_LENGTH)
    return group or None
