"""Decide on a scan from the rows of the database. Pure.

The scan service calls this; `judging` decides from plain facts, on the server as on the devices.
"""

from dataclasses import dataclass
from datetime import date, datetime

from expo.checkin.rules.reasons import Direction, Reason
from expo.pure.door_days import DayRange
from expo.registration.rules import AttendeeState, OrderState

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
