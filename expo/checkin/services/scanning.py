"""One scan: a verdict, a row, and at most one admission.

The admission is one conditional statement on `presence`, the row of the scan is one on `scan`; both are in one
transaction, so an answer that was given is a row that stands. On PostgreSQL the frequent cases (a refusal, an entry
where nobody counts places) are one read and one statement that does all of it or nothing; every other case, and
SQLite, takes the transaction.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.checkpoints import Door, DoorFacts, door_facts
from expo.checkin.queries.scans import (
    NO_CHECKPOINT,
    FirstScan,
    Found,
    ScanAnswer,
    find_answer,
    find_entered_at,
    find_holder,
)
from expo.checkin.rules import Direction, Reason, TokenDays, Verdict, deciding_reason, judge
from expo.checkin.services.admissions import (
    admit,
    admit_and_write,
    count_entry,
    give_place_back,
    leave,
    take_place,
    write_scan,
)
from expo.infra.db import atomic, db, each_statement_alone, is_atomic, retried
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
        row = _row(actor, facts, edition_id, request, outcome, now)
        if outcome.reason:
            if not write_scan(connection, row):
                raise _AnsweredBeforeError
            return outcome
        is_plain = request.direction is Direction.ENTRY and outcome.passed_over is not Reason.ALREADY_ADMITTED
        if outcome.found is None or door is None or door.rules.capacity is not None or not is_plain:
            return None
        done = admit_and_write(connection, _presence(door, outcome.found, request), row)
        return outcome if done else None


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
        if outcome.reason is None and outcome.found is not None and door is not None:
            outcome = _pass_through(connection, door, outcome.found, request, outcome)
        if not write_scan(connection, _row(actor, facts, edition_id, request, outcome, now)):
            raise _AnsweredBeforeError
    return outcome


def _consider(
    connection: Connection, facts: DoorFacts, edition_id: int, request: ScanRequest, trusted: BadgeToken | Reason
) -> _Outcome:
    """Return what the facts say; without a reason the holder may try to pass."""
    if isinstance(trusted, Reason):
        return _Outcome(trusted)
    door = facts.doors.get(request.checkpoint_code)
    checkpoint_id = door.id if door else NO_CHECKPOINT
    found = find_holder(connection, facts, edition_id, trusted.serial, checkpoint_id, request.scan_id)
    if found is None:
        return _Outcome(Reason.UNKNOWN_TOKEN)
    if found.was_answered:
        raise _AnsweredBeforeError
    days = TokenDays(trusted.issue, facts.starts_on + timedelta(days=trusted.first_day), trusted.days)
    today = request.scanned_at.astimezone(facts.zone).date()
    rules = door.rules if door else None
    reasons = judge(found.holder, days, rules, request.direction, request.scanned_at, today)
    reason = deciding_reason(reasons, forced=request.forced)
    if reason is None:
        return _Outcome(None, found, passed_over=reasons[0] if reasons else None)
    return _Outcome(reason, found, entered_at=found.entered_at if reason is Reason.ALREADY_ADMITTED else None)


def _pass_through(
    connection: Connection, door: Door, found: Found, request: ScanRequest, outcome: _Outcome
) -> _Outcome:
    """Let the holder in or out; or return why it could not be done after all."""
    way = _enter if request.direction is Direction.ENTRY else _leave
    reason = way(connection, door, found, request)
    if reason is None:
        return outcome
    lost = reason is Reason.ALREADY_ADMITTED
    return _Outcome(reason, found, entered_at=find_entered_at(connection, door.id, found.attendee_id) if lost else None)


def _enter(connection: Connection, door: Door, found: Found, request: ScanRequest) -> Reason | None:
    if request.forced and found.holder.is_inside:
        count_entry(connection, door.id, found.attendee_id)
        return None
    is_counted = door.rules.capacity is not None
    if is_counted and not take_place(connection, door.id):
        return Reason.ZONE_FULL
    if admit(connection, _presence(door, found, request)):
        return None
    if is_counted:
        give_place_back(connection, door.id)
    return Reason.ALREADY_ADMITTED


def _leave(connection: Connection, door: Door, found: Found, request: ScanRequest) -> Reason | None:
    if request.forced and not found.holder.is_inside:
        return None
    gave_back = door.rules.capacity is not None and give_place_back(connection, door.id)
    if leave(connection, door.id, found.attendee_id, request.scanned_at):
        return None
    if gave_back:
        take_place(connection, door.id)
    return Reason.NOT_INSIDE


def _presence(door: Door, found: Found, request: ScanRequest) -> dict[str, Any]:
    return {
        "checkpoint_id": door.id,
        "attendee_id": found.attendee_id,
        "is_inside": True,
        "entries": 1,
        "first_scan_id": request.scan_id,
        "entered_at": request.scanned_at,
        "left_at": None,
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
