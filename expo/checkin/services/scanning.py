"""One scan: a verdict, a row, and at most one admission.

The admission is one conditional statement on `presence`, the row of the scan is one on `scan`; both are in one
transaction, so an answer that was given is a row that stands. Where a checkpoint has a capacity its row is changed
first, and given back if the presence was lost to another gate: checkpoint before presence, always.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Presence, Scan
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
from expo.infra.db import atomic, db, is_atomic, retried
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


_presence, _scan, _checkpoint = (cast("Table", model.__table__) for model in (Presence, Scan, Checkpoint))
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _admission(insert: Any) -> Any:
    """Return the statement that admits once: a row comes back only to the one that got in."""
    statement = insert(_presence)
    return statement.on_conflict_do_update(
        index_elements=[_presence.c.checkpoint_id, _presence.c.attendee_id],
        set_={
            "is_inside": True,
            "entries": _presence.c.entries + 1,
            "entered_at": statement.excluded.entered_at,
            "left_at": None,
        },
        where=_presence.c.is_inside.is_(False),
    ).returning(_presence.c.entries)


def _scan_once(insert: Any) -> Any:
    """Return the statement that writes a scan once: a row comes back only to the one that wrote it."""
    return (
        insert(_scan).on_conflict_do_nothing(index_elements=[_scan.c.edition_id, _scan.c.scan_id]).returning(_scan.c.id)
    )


_ADMIT = {name: _admission(insert) for name, insert in _INSERTS.items()}
_WRITE_SCAN = {name: _scan_once(insert) for name, insert in _INSERTS.items()}

_its_presence = (_presence.c.checkpoint_id == bindparam("door")) & (_presence.c.attendee_id == bindparam("attendee"))
_LEAVE = (
    update(_presence)
    .where(_its_presence, _presence.c.is_inside)
    .values(is_inside=False, left_at=bindparam("at"))
    .returning(_presence.c.entries)
)
_COUNT_ENTRY = update(_presence).where(_its_presence).values(entries=_presence.c.entries + 1)

_its_checkpoint = _checkpoint.c.id == bindparam("door")
_TAKE_PLACE = (
    update(_checkpoint)
    .where(_its_checkpoint, _checkpoint.c.inside < _checkpoint.c.capacity)
    .values(inside=_checkpoint.c.inside + 1)
    .returning(_checkpoint.c.inside)
)
_GIVE_PLACE_BACK = (
    update(_checkpoint)
    .where(_its_checkpoint, _checkpoint.c.inside > 0)
    .values(inside=_checkpoint.c.inside - 1)
    .returning(_checkpoint.c.inside)
)


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
        with _one_step():
            outcome = _decide(facts, edition_id, request, trusted)
            _write_down(actor, facts, edition_id, request, outcome, now)
    except _AnsweredBeforeError:
        answer = find_answer(facts, edition_id, request.scan_id)
        if answer is None:
            raise AssertionError("an answered scan has a row") from None
        return answer
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


def _decide(facts: DoorFacts, edition_id: int, request: ScanRequest, trusted: BadgeToken | Reason) -> _Outcome:
    if isinstance(trusted, Reason):
        return _Outcome(trusted)
    door = facts.doors.get(request.checkpoint_code)
    found = find_holder(facts, edition_id, trusted.serial, door.id if door else NO_CHECKPOINT, request.scan_id)
    if found is None:
        return _Outcome(Reason.UNKNOWN_TOKEN)
    if found.was_answered:
        raise _AnsweredBeforeError
    days = TokenDays(trusted.issue, facts.starts_on + timedelta(days=trusted.first_day), trusted.days)
    today = request.scanned_at.astimezone(facts.zone).date()
    rules = door.rules if door else None
    reasons = judge(found.holder, days, rules, request.direction, request.scanned_at, today)
    reason = deciding_reason(reasons, forced=request.forced)
    passed_over = reasons[0] if reasons and reason is None else None
    if reason is None and door is not None:
        reason = _pass_through(door, found, request)
    entered_at = None
    if reason is Reason.ALREADY_ADMITTED and door is not None:
        entered_at = found.entered_at if found.holder.is_inside else find_entered_at(door.id, found.attendee_id)
    return _Outcome(reason, found, None if reason else passed_over, entered_at)


def _pass_through(door: Door, found: Found, request: ScanRequest) -> Reason | None:
    """Let the holder in or out, and return None; or return why it could not be done after all."""
    if request.direction is Direction.ENTRY:
        return _enter(door, found, request)
    return _leave(door, found, request)


def _enter(door: Door, found: Found, request: ScanRequest) -> Reason | None:
    connection = db.session.connection()
    whose = {"door": door.id, "attendee": found.attendee_id}
    if request.forced and found.holder.is_inside:
        connection.execute(_COUNT_ENTRY, whose)
        return None
    is_counted = door.rules.capacity is not None
    if is_counted and connection.execute(_TAKE_PLACE, whose).first() is None:
        return Reason.ZONE_FULL
    admitted = connection.execute(
        _ADMIT[connection.dialect.name],
        {
            "checkpoint_id": door.id,
            "attendee_id": found.attendee_id,
            "is_inside": True,
            "entries": 1,
            "first_scan_id": request.scan_id,
            "entered_at": request.scanned_at,
            "left_at": None,
        },
    ).first()
    if admitted is None:
        if is_counted:
            connection.execute(_GIVE_PLACE_BACK, whose)
        return Reason.ALREADY_ADMITTED
    return None


def _leave(door: Door, found: Found, request: ScanRequest) -> Reason | None:
    connection = db.session.connection()
    whose = {"door": door.id, "attendee": found.attendee_id}
    if request.forced and not found.holder.is_inside:
        return None
    is_counted = door.rules.capacity is not None
    gave_back = is_counted and connection.execute(_GIVE_PLACE_BACK, whose).first() is not None
    if connection.execute(_LEAVE, {**whose, "at": request.scanned_at}).first() is None:
        if gave_back:
            connection.execute(_TAKE_PLACE, whose)
        return Reason.NOT_INSIDE
    return None


def _write_down(
    actor: Actor, facts: DoorFacts, edition_id: int, request: ScanRequest, outcome: _Outcome, now: datetime
) -> None:
    door = facts.doors.get(request.checkpoint_code)
    found = outcome.found
    connection = db.session.connection()
    written = connection.execute(
        _WRITE_SCAN[connection.dialect.name],
        {
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
        },
    ).first()
    if written is None:
        raise _AnsweredBeforeError


def _answer(facts: DoorFacts, request: ScanRequest, outcome: _Outcome) -> ScanAnswer:
    door = facts.doors.get(request.checkpoint_code)
    first = FirstScan(outcome.entered_at, door.place) if outcome.entered_at and door else None
    return ScanAnswer(
        verdict=Verdict.REFUSED if outcome.reason else Verdict.ADMITTED,
        reason=outcome.reason,
        attendee=outcome.found.attendee if outcome.found else None,
        first_scan=first,
    )
