"""Process a scan: a verdict, a row, and at most one admission.

The admission is one conditional statement on `presence`, the row of the scan one on `scan`; both are in one
transaction, so every answer given has its row. A scan that arrives after a later one is merged by its time: presence is
recomputed from the log, under a lock. On PostgreSQL the frequent cases (a refusal, an entry without a capacity to
count) take one read and one statement that does all of it or nothing; every other case, and SQLite, uses a transaction.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.checkpoints import DoorFacts, door_facts
from expo.checkin.queries.scans import (
    FirstScan,
    ScanAnswer,
    find_answer,
)
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.services.admissions import (
    admit_and_write,
    write_scan,
)
from expo.checkin.services.passages import pass_at_once, pass_by_the_log, presence_of
from expo.checkin.services.verdicts import AnsweredBeforeError, Outcome, ScanRequest, consider, is_passed, trust
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, each_statement_alone, is_atomic, retried
from expo.pure.tokens import BadgeToken


@retried
def scan(actor: Actor, edition_id: int, request: ScanRequest, now: datetime) -> ScanAnswer:
    """Judge a scan, store it, and admit or check out the holder if allowed.

    Repeating a `scan_id` returns the first answer, regardless of its other values, and stores no second row. A refusal
    is returned, not raised. Raises PermissionMissing for an actor who may not scan, or not force; EditionMissing.
    """
    require(actor, Permission.SCAN, edition_id)
    if request.forced:
        require(actor, Permission.SCAN_FORCE, edition_id)
    facts = door_facts(edition_id)
    trusted = trust(facts, request)
    try:
        outcome = _scan_by_statements(actor, facts, edition_id, request, trusted, now)
        if outcome is None:
            outcome = _scan_by_transaction(actor, facts, edition_id, request, trusted, now)
    except AnsweredBeforeError:
        return _first_answer(facts, edition_id, request.scan_id)
    return _answer(facts, request, outcome)


def scan_batch(actor: Actor, edition_id: int, requests: list[ScanRequest], now: datetime) -> list[ScanAnswer]:
    """Process a queue of scans in the order they were made, and return the answers in the order given.

    Each scan is a transaction of its own: answers remain valid even if the queue is interrupted, and the whole queue
    may be sent again. Raises PermissionMissing before anything is written.
    """
    require(actor, Permission.SCAN, edition_id)
    if any(request.forced for request in requests):
        require(actor, Permission.SCAN_FORCE, edition_id)
    in_time = sorted(range(len(requests)), key=lambda n: (requests[n].scanned_at, n))
    answers = {n: scan(actor, edition_id, requests[n], now) for n in in_time}
    return [answers[n] for n in range(len(requests))]


def _first_answer(facts: DoorFacts, edition_id: int, scan_id: str) -> ScanAnswer:
    """Return the first answer given to this scan."""
    if is_atomic() or db.engine.dialect.name != "postgresql":
        answer = find_answer(db.session.connection(), facts, edition_id, scan_id)
    else:
        with each_statement_alone() as connection:
            answer = find_answer(connection, facts, edition_id, scan_id)
    if answer is None:
        raise AssertionError("an answered scan has a row")
    return answer


def _scan_transaction() -> AbstractContextManager[Any]:
    """Return a transaction for this scan, or a savepoint in the open one, so that a scan is never stored partially."""
    if not is_atomic():
        return atomic()
    return db.session().begin_nested()


def _scan_by_statements(
    actor: Actor,
    facts: DoorFacts,
    edition_id: int,
    request: ScanRequest,
    trusted: BadgeToken | Reason,
    now: datetime,
) -> Outcome | None:
    """Return the outcome of a scan that one statement could store; None if it needs a transaction."""
    if is_atomic() or db.engine.dialect.name != "postgresql":
        return None
    door = facts.doors.get(request.checkpoint_code)
    with each_statement_alone() as connection:
        outcome = consider(connection, facts, edition_id, request, trusted)
        if is_passed(outcome, door, request, now):
            found = outcome.found
            is_simple_entry = (
                request.direction is Direction.ENTRY and outcome.reason is None and not outcome.passed_over
            )
            if found is None or door is None or door.zone.capacity is not None or not is_simple_entry:
                return None
            row = _row(actor, facts, edition_id, request, outcome, now)
            return outcome if admit_and_write(connection, presence_of(facts, door, found, request), row) else None
        if not write_scan(connection, _row(actor, facts, edition_id, request, outcome, now)):
            raise AnsweredBeforeError
        return outcome


def _scan_by_transaction(
    actor: Actor,
    facts: DoorFacts,
    edition_id: int,
    request: ScanRequest,
    trusted: BadgeToken | Reason,
    now: datetime,
) -> Outcome:
    door = facts.doors.get(request.checkpoint_code)
    with _scan_transaction():
        connection = db.session.connection()
        outcome = consider(connection, facts, edition_id, request, trusted)
        if is_passed(outcome, door, request, now) and outcome.found is not None and door is not None:
            is_done = outcome.reason is None and pass_at_once(connection, facts, door, outcome.found, request)
            if not is_done:
                outcome = pass_by_the_log(connection, facts, door, outcome.found, request, now)
        if not write_scan(connection, _row(actor, facts, edition_id, request, outcome, now)):
            raise AnsweredBeforeError
        if outcome.passed_over is not None:
            _record_override(actor, edition_id, request, outcome, now)
    return outcome


def _record_override(actor: Actor, edition_id: int, request: ScanRequest, outcome: Outcome, now: datetime) -> None:
    """Record in the audit log who admitted whom despite which refusal, and why."""
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


def _row(
    actor: Actor, facts: DoorFacts, edition_id: int, request: ScanRequest, outcome: Outcome, now: datetime
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
        "answers": None,
        "attendee_state": found.attendee.state if found else None,
        "first_entered_at": outcome.entered_at,
        "scanned_at": request.scanned_at,
        "received_at": now,
        "decided": "server",
        "disagrees": None,
        "party": 1,
        "device_time": None,
        "skew_ms": None,
        "undone_at": None,
        "device_id": None,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
    }


def _answer(facts: DoorFacts, request: ScanRequest, outcome: Outcome) -> ScanAnswer:
    door = facts.doors.get(request.checkpoint_code)
    first = FirstScan(outcome.entered_at, door.place) if outcome.entered_at and door else None
    return ScanAnswer(
        verdict=Verdict.REFUSED if outcome.reason else Verdict.ADMITTED,
        reason=outcome.reason,
        attendee=outcome.found.attendee if outcome.found else None,
        first_scan=first,
    )
