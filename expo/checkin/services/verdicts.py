"""What is decided about one scan, before anything is written."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from expo.badges.rules import Distrust, trust_badge, trust_typed_badge
from expo.checkin.queries.checkpoints import Door, DoorFacts
from expo.checkin.queries.passages import list_passages
from expo.checkin.queries.scans import (
    NO_CHECKPOINT,
    Found,
    find_holder,
)
from expo.checkin.rules import DISTRUSTED, Direction, ForceReason, Reason, deciding_reason, is_passage, judge
from expo.pure.presence import Passage, Standing, end_day, stand
from expo.pure.tokens import BadgeToken


@dataclass(frozen=True, slots=True)
class ScanRequest:
    """One scan as a device sends it. `scan_id` is made by the device: the same one is the same scan."""

    scan_id: str
    token_text: str
    checkpoint_code: str
    direction: Direction
    scanned_at: datetime
    forced: bool = False
    # The same keys as a US keyboard has them, where the device could tell which were pressed.
    text_by_keys: str = ""
    # Why it is forced, where the device asks for it.
    force_reason: ForceReason | None = None
    force_note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided. `passed_over` is the reason that whoever forced did not mind."""

    reason: Reason | None
    found: Found | None = None
    passed_over: Reason | None = None
    entered_at: datetime | None = None


class AnsweredBeforeError(Exception):
    """This scan has its answer already, perhaps since a moment ago and by another process."""


def trust(facts: DoorFacts, request: ScanRequest) -> BadgeToken | Reason:
    """Return what a badge of this edition says, or why it is refused."""
    trusted = trust_badge(request.token_text, facts.keys, facts.edition_number)
    if isinstance(trusted, Distrust):
        texts = (request.text_by_keys, request.token_text)
        trusted = trust_typed_badge(texts, facts.keys, facts.edition_number) or trusted
    return DISTRUSTED[trusted] if isinstance(trusted, Distrust) else trusted


def is_passed(outcome: Outcome, door: Door | None, request: ScanRequest, now: datetime) -> bool:
    """Whether presence goes by this scan, if it is decided as it looks now."""
    is_of_somebody = outcome.found is not None and door is not None
    return is_of_somebody and is_passage(request.direction, outcome.reason, request.scanned_at, now)


def consider(
    connection: Connection, facts: DoorFacts, edition_id: int, request: ScanRequest, trusted: BadgeToken | Reason
) -> Outcome:
    """Return what the facts say; without a reason the holder may try to pass."""
    if isinstance(trusted, Reason):
        return Outcome(trusted)
    door = facts.doors.get(request.checkpoint_code)
    checkpoint_id = door.id if door else NO_CHECKPOINT
    found = find_holder(connection, facts, edition_id, trusted, checkpoint_id, request.scan_id)
    if found is None:
        return Outcome(Reason.UNKNOWN_TOKEN)
    if found.was_answered:
        raise AnsweredBeforeError
    standing = found.standing
    if standing.as_of is not None and standing.as_of >= request.scanned_at:
        passages = list_passages(connection, checkpoint_id, found.attendee_id)
        standing = standing_before(facts, passages, request)
    return decide(facts, door, found, end_day(standing, facts.calendar, request.scanned_at), request)


def decide(facts: DoorFacts, door: Door | None, found: Found, standing: Standing, request: ScanRequest) -> Outcome:
    """Return what the rules say of the holder, given whether they were inside just before the scan."""
    holder = replace(found.holder, is_inside=standing.is_inside)
    today = facts.calendar.day_of(request.scanned_at)
    rules = door.rules if door else None
    reasons = judge(holder, found.token_issue, rules, request.direction, request.scanned_at, today)
    reason = deciding_reason(reasons, forced=request.forced)
    if reason is None:
        return Outcome(None, found, passed_over=reasons[0] if reasons else None)
    return Outcome(reason, found, entered_at=standing.entered_at if reason is Reason.ALREADY_ADMITTED else None)


def standing_before(facts: DoorFacts, passages: list[Passage], request: ScanRequest) -> Standing:
    """Return what the passages before this scan come to at its moment; of two at the same moment one is before."""
    step = passage_of(request).order[:2]
    return stand((each for each in passages if each.order[:2] <= step), facts.calendar, request.scanned_at)


def passage_of(request: ScanRequest, *, is_forced: bool = False) -> Passage:
    """Return where a scan says its holder went."""
    return Passage(request.scanned_at, request.direction is Direction.ENTRY, request.scan_id, is_forced)
