"""One scan: a verdict, a row, and at most one admission.

The admission is one conditional statement on `presence`, the row of the scan is one on `scan`; both are in one
transaction, so an answer that was given is a row that stands. A scan that reaches us after a later one is fitted in by
its time: presence is recomputed from the log, under a lock. On PostgreSQL the frequent cases (a refusal, an entry
where nobody counts places) are one read and one statement that does all of it or nothing; every other case, and
SQLite, takes the transaction.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.checkpoints import Door, DoorFacts, door_facts
from expo.checkin.queries.passages import list_passages
from expo.checkin.queries.scans import (
    NO_CHECKPOINT,
    FirstScan,
    Found,
    ScanAnswer,
    find_answer,
    find_holder,
)
from expo.checkin.rules import Direction, ForceReason, Reason, Verdict, deciding_reason, is_passage, judge
from expo.checkin.services.admissions import (
    admit,
    admit_and_write,
    give_place_back,
    hold_checkpoint,
    hold_presence,
    leave,
    take_place,
    write_presence,
    write_scan,
)
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, each_statement_alone, is_atomic, retried
from expo.pure.keyboards import token_readings
from expo.pure.presence import Passage, Standing, end_day, stand
from expo.pure.tokens import BadgeToken, TokenError, parse_token, verify_signed


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
class _Outcome:
    """What was decided. `passed_over` is the reason that whoever forced did not mind."""

    reason: Reason | None
    found: Found | None = None
    passed_over: Reason | None = None
    entered_at: datetime | None = None


class _AnsweredBeforeError(Exception):
    """This scan has its answer already, perhaps since a moment ago and by another process."""


@retried
def scan(actor: Actor, edition_id: int, request: ScanRequest, now: datetime) -> ScanAnswer:
    """Judge one scan, write it down, and admit or let out who may pass.

    The same `scan_id` again gets the first answer, whatever else it says, and leaves no second row. A refusal is an
    answer. Raises PermissionMissing for an actor who may not scan, or not force; EditionMissing.
    """
    require(actor, Permission.SCAN, edition_id)
    if request.forced:
        require(actor, Permission.SCAN_FORCE, edition_id)
    facts = door_facts(edition_id)
    trusted = _trust(facts, request.token_text)
    if isinstance(trusted, Reason):
        trusted = _trust_a_reading(facts, request) or trusted
    try:
        outcome = _scan_by_statements(actor, facts, edition_id, request, trusted, now)
        if outcome is None:
            outcome = _scan_by_transaction(actor, facts, edition_id, request, trusted, now)
    except _AnsweredBeforeError:
        return _first_answer(facts, edition_id, request.scan_id)
    return _answer(facts, request, outcome)


def scan_batch(actor: Actor, edition_id: int, requests: list[ScanRequest], now: datetime) -> list[ScanAnswer]:
    """Judge a queue of scans in the order in which they were made, and return the answers in the order given.

    Each scan is a transaction of its own: what was answered stands even if the queue breaks off, and the whole queue
    may be sent again. Raises PermissionMissing before anything is written.
    """
    require(actor, Permission.SCAN, edition_id)
    if any(request.forced for request in requests):
        require(actor, Permission.SCAN_FORCE, edition_id)
    in_time = sorted(range(len(requests)), key=lambda n: (requests[n].scanned_at, n))
    answers = {n: scan(actor, edition_id, requests[n], now) for n in in_time}
    return [answers[n] for n in range(len(requests))]


def _first_answer(facts: DoorFacts, edition_id: int, scan_id: str) -> ScanAnswer:
    """Return the answer that this scan was given the first time."""
    if is_atomic() or db.engine.dialect.name != "postgresql":
        answer = find_answer(db.session.connection(), facts, edition_id, scan_id)
    else:
        with each_statement_alone() as connection:
            answer = find_answer(connection, facts, edition_id, scan_id)
    if answer is None:
        raise AssertionError("an answered scan has a row")
    return answer


def _one_step() -> AbstractContextManager[Any]:
    """Return a transaction of this scan's own, or a savepoint in the one that is open: half a scan never stays."""
    if not is_atomic():
        return atomic()
    return db.session().begin_nested()


def _trust(facts: DoorFacts, text: str) -> BadgeToken | Reason:
    """Return what a badge of this edition says, or why it is not to be believed."""
    try:
        signed = parse_token(text)
    except TokenError:
        return Reason.UNKNOWN_TOKEN
    try:
        token = verify_signed(signed, facts.keys.get(facts.edition_number, {}))
    except TokenError:
        try:
            token = verify_signed(signed, facts.keys.get(signed.token.edition, {}))
        except TokenError:
            return Reason.BAD_SIGNATURE
    return token if token.edition == facts.edition_number else Reason.WRONG_EDITION


def _trust_a_reading(facts: DoorFacts, request: ScanRequest) -> BadgeToken | Reason | None:
    """Return what the badge says that a hand scanner typed on a keyboard of another layout; None for none of ours.

    A reading counts only if a key of ours signed it, so that no guess can let anybody in or be called forged.
    """
    for text in (request.text_by_keys, request.token_text):
        for reading in token_readings(text):
            trusted = _trust(facts, reading)
            if trusted is Reason.WRONG_EDITION or isinstance(trusted, BadgeToken):
                return trusted
    return None


def _scan_by_statements(
    actor: Actor,
    facts: DoorFacts,
    edition_id: int,
    request: ScanRequest,
    trusted: BadgeToken | Reason,
    now: datetime,
) -> _Outcome | None:
    """Return the outcome of a scan that one statement could write; None where it takes a transaction."""
    if is_atomic() or db.engine.dialect.name != "postgresql":
        return None
    door = facts.doors.get(request.checkpoint_code)
    with each_statement_alone() as connection:
        outcome = _consider(connection, facts, edition_id, request, trusted)
        if _is_passage(outcome, door, request, now):
            found = outcome.found
            is_plain = request.direction is Direction.ENTRY and outcome.reason is None and not outcome.passed_over
            if found is None or door is None or door.rules.capacity is not None or not is_plain:
                return None
            row = _row(actor, facts, edition_id, request, outcome, now)
            return outcome if admit_and_write(connection, _presence(door, found, request), row) else None
        if not write_scan(connection, _row(actor, facts, edition_id, request, outcome, now)):
            raise _AnsweredBeforeError
        return outcome


def _scan_by_transaction(
    actor: Actor,
    facts: DoorFacts,
    edition_id: int,
    request: ScanRequest,
    trusted: BadgeToken | Reason,
    now: datetime,
) -> _Outcome:
    door = facts.doors.get(request.checkpoint_code)
    with _one_step():
        connection = db.session.connection()
        outcome = _consider(connection, facts, edition_id, request, trusted)
        if _is_passage(outcome, door, request, now) and outcome.found is not None and door is not None:
            is_done = outcome.reason is None and _pass_at_once(connection, facts, door, outcome.found, request)
            if not is_done:
                outcome = _pass_by_the_log(connection, facts, door, outcome.found, request, now)
        if not write_scan(connection, _row(actor, facts, edition_id, request, outcome, now)):
            raise _AnsweredBeforeError
        if outcome.passed_over is not None:
            _record_override(actor, edition_id, request, outcome, now)
    return outcome


def _record_override(actor: Actor, edition_id: int, request: ScanRequest, outcome: _Outcome, now: datetime) -> None:
    """Write into the audit who let whom through against which refusal, and why."""
    record_act(
        actor,
        "checkin.force",
        now,
        edition_id=edition_id,
        subject="attendee",
        subject_id=outcome.found.attendee_id if outcome.found else None,
        checkpoint=request.checkpoint_code,
        direction=request.direction.value,
        refusal=outcome.passed_over,
        reason=request.force_reason,
        note=request.force_note,
    )


def _is_passage(outcome: _Outcome, door: Door | None, request: ScanRequest, now: datetime) -> bool:
    """Whether presence goes by this scan, if it is decided as it looks now."""
    is_of_somebody = outcome.found is not None and door is not None
    return is_of_somebody and is_passage(request.direction, outcome.reason, request.scanned_at, now)


def _consider(
    connection: Connection, facts: DoorFacts, edition_id: int, request: ScanRequest, trusted: BadgeToken | Reason
) -> _Outcome:
    """Return what the facts say; without a reason the holder may try to pass."""
    if isinstance(trusted, Reason):
        return _Outcome(trusted)
    door = facts.doors.get(request.checkpoint_code)
    checkpoint_id = door.id if door else NO_CHECKPOINT
    found = find_holder(connection, facts, edition_id, trusted, checkpoint_id, request.scan_id)
    if found is None:
        return _Outcome(Reason.UNKNOWN_TOKEN)
    if found.was_answered:
        raise _AnsweredBeforeError
    standing = found.standing
    if standing.as_of is not None and standing.as_of >= request.scanned_at:
        passages = list_passages(connection, checkpoint_id, found.attendee_id)
        standing = _standing_before(facts, passages, request)
    return _decide(facts, door, found, end_day(standing, facts.calendar, request.scanned_at), request)


def _decide(facts: DoorFacts, door: Door | None, found: Found, standing: Standing, request: ScanRequest) -> _Outcome:
    """Return what the rules say of the holder, given whether they were inside just before the scan."""
    holder = replace(found.holder, is_inside=standing.is_inside)
    today = facts.calendar.day_of(request.scanned_at)
    rules = door.rules if door else None
    reasons = judge(holder, found.token_issue, rules, request.direction, request.scanned_at, today)
    reason = deciding_reason(reasons, forced=request.forced)
    if reason is None:
        return _Outcome(None, found, passed_over=reasons[0] if reasons else None)
    return _Outcome(reason, found, entered_at=standing.entered_at if reason is Reason.ALREADY_ADMITTED else None)


def _pass_at_once(connection: Connection, facts: DoorFacts, door: Door, found: Found, request: ScanRequest) -> bool:
    """Let the holder in or out where their last passage is older than this scan; return False where it took more."""
    is_counted = door.rules.capacity is not None
    if request.direction is Direction.ENTRY:
        if is_counted and not take_place(connection, door.id):
            return False
        if admit(connection, _presence(door, found, request)):
            return True
        if is_counted:
            give_place_back(connection, door.id)
        return False
    gave_back = is_counted and give_place_back(connection, door.id)
    day_began_at = facts.calendar.begins_at(facts.calendar.day_of(request.scanned_at))
    if leave(connection, door.id, found.attendee_id, request.scanned_at, day_began_at):
        return True
    if gave_back:
        take_place(connection, door.id)
    return False


def _pass_by_the_log(
    connection: Connection, facts: DoorFacts, door: Door, found: Found, request: ScanRequest, now: datetime
) -> _Outcome:
    """Fit the scan in among all passages of the holder by its time, and set presence and counter to what they come to.

    The presence is locked first: nobody passes meanwhile whom the log does not hold.
    """
    if door.rules.capacity is not None:
        hold_checkpoint(connection, door.id)
    stored = hold_presence(connection, door.id, found.attendee_id, request.scanned_at)
    passages = list_passages(connection, door.id, found.attendee_id)
    if any(each.scan_id == request.scan_id for each in passages):
        raise _AnsweredBeforeError
    outcome = _decide(facts, door, found, _standing_before(facts, passages, request), request)
    until = None if facts.is_demo else max([now, request.scanned_at, *(each.at for each in passages)])
    after = stand(passages, facts.calendar, until)
    if _is_passage(outcome, door, request, now):
        is_forced = outcome.passed_over is Reason.ALREADY_ADMITTED
        after = stand([*passages, _passage(request, is_forced=is_forced)], facts.calendar, until)
    if door.rules.capacity is not None:
        if after.is_inside and not stored.is_inside and not take_place(connection, door.id):
            outcome, after = _Outcome(Reason.ZONE_FULL, found), stored
        elif stored.is_inside and not after.is_inside:
            give_place_back(connection, door.id)
    write_presence(connection, door.id, found.attendee_id, after)
    return outcome


def _standing_before(facts: DoorFacts, passages: list[Passage], request: ScanRequest) -> Standing:
    """Return what the passages before this scan come to at its moment; of two at the same moment one is before."""
    step = _passage(request).order[:2]
    return stand((each for each in passages if each.order[:2] <= step), facts.calendar, request.scanned_at)


def _passage(request: ScanRequest, *, is_forced: bool = False) -> Passage:
    return Passage(request.scanned_at, request.direction is Direction.ENTRY, request.scan_id, is_forced)


def _presence(door: Door, found: Found, request: ScanRequest) -> dict[str, Any]:
    return {
        "checkpoint_id": door.id,
        "attendee_id": found.attendee_id,
        "is_inside": True,
        "entries": 1,
        "first_scan_id": request.scan_id,
        "entered_at": request.scanned_at,
        "left_at": None,
        "as_of": request.scanned_at,
    }


def _row(
    actor: Actor, facts: DoorFacts, edition_id: int, request: ScanRequest, outcome: _Outcome, now: datetime
) -> dict[str, Any]:
    door, found = facts.doors.get(request.checkpoint_code), outcome.found
    return {
        "edition_id": edition_id,
        "scan_id": request.scan_id,
        "checkpoint_id": door.id if door else None,
        "attendee_id": found.attendee_id if found else None,
        "badge_id": found.badge_id if found else None,
        "direction": request.direction.value,
        "verdict": (Verdict.REFUSED if outcome.reason else Verdict.ADMITTED).value,
        "reason": outcome.reason or outcome.passed_over,
        "forced": outcome.passed_over is not None,
        "force_reason": request.force_reason if outcome.passed_over else None,
        "force_note": (request.force_note or None) if outcome.passed_over else None,
        "attendee_state": found.attendee.state if found else None,
        "first_entered_at": outcome.entered_at,
        "scanned_at": request.scanned_at,
        "received_at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
    }


def _answer(facts: DoorFacts, request: ScanRequest, outcome: _Outcome) -> ScanAnswer:
    door = facts.doors.get(request.checkpoint_code)
    first = FirstScan(outcome.entered_at, door.place) if outcome.entered_at and door else None
    return ScanAnswer(
        verdict=Verdict.REFUSED if outcome.reason else Verdict.ADMITTED,
        reason=outcome.reason,
        attendee=outcome.found.attendee if outcome.found else None,
        first_scan=first,
    )
