"""Process many scans at once: a handful of statements for all of them, and the same answers as one by one.

Everything that the scans depend on is locked and read first. Then they are judged in memory in the order in which they
were made, and what changed is written in the same transaction, so every answer given has its row.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from expo.accounts.rules import Actor
from expo.checkin.queries.checkpoints import Door, DoorFacts, clear_checkpoint_cache, door_facts
from expo.checkin.queries.scans import FirstScan, FoundHolder, RequiredItem, ScanAnswer, list_add_ons, list_seats
from expo.checkin.rules import Decider, Direction, Reason, Verdict
from expo.checkin.rules.needs import list_sufficient
from expo.checkin.services.admissions import lock_and_read, write_counters, write_presences, write_scans
from expo.checkin.services.hubs import hold_scans
from expo.checkin.services.passages import Movements
from expo.checkin.services.verdicts import (
    Outcome,
    ScanRequest,
    accept_device_decision,
    decide,
    is_passed,
    passage_of,
    verify,
)
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic_pipelined, db, is_atomic, retried
from expo.pure.tokens import BadgeToken

# Scans in one transaction: locks are held no longer than other doors can wait.
CHUNK = 250
ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class SentScan:
    """A scan, who sent it, and when it was received."""

    actor: Actor
    request: ScanRequest
    received_at: datetime
    # The hub that judged it and sends it on.
    hub_id: int | None = None
    is_after_revocation: bool = False


def process_scans(edition_id: int, sent: Sequence[SentScan]) -> list[ScanAnswer]:
    """Process scans in the order in which they were made, and return the answers in the order given.

    Each part of the queue is committed on its own: answers remain valid if a later one fails, and the whole queue may
    be sent again.
    """
    in_time = sorted(range(len(sent)), key=lambda n: (sent[n].request.scanned_at, n))
    answers: dict[int, ScanAnswer] = {}
    for start in range(0, len(in_time), CHUNK):
        part = in_time[start : start + CHUNK]
        answers.update(zip(part, _process_chunk(edition_id, [sent[n] for n in part]), strict=True))
    return [answers[n] for n in range(len(sent))]


@retried
def _process_chunk(edition_id: int, sent: Sequence[SentScan]) -> list[ScanAnswer]:
    for attempt in range(1, ATTEMPTS + 1):
        facts = door_facts(edition_id)
        trusted = [verify(facts, each.request) for each in sent]
        try:
            with _transaction():
                batch = _Batch(db.session.connection(), facts, edition_id)
                answers = batch.process(sent, trusted)
                batch.record_overrides()
                return answers
        except (IntegrityError, Conflict):
            # Another process stored one of these scans for another badge, or deleted the checkpoint.
            if attempt == ATTEMPTS:
                raise
            clear_checkpoint_cache(edition_id)
    raise AssertionError("unreachable")


def _transaction() -> AbstractContextManager[Any]:
    """Return a transaction, or a savepoint in the open one, so that no scan is stored partially."""
    return db.session().begin_nested() if is_atomic() else atomic_pipelined()


class _Batch:
    """Scans in one transaction, and what they change."""

    def __init__(self, connection: Connection, facts: DoorFacts, edition_id: int) -> None:
        self._connection = connection
        self._facts = facts
        self._edition_id = edition_id
        self._rows: list[dict[str, Any]] = []
        self._held: list[dict[str, str]] = []
        self._overrides: list[tuple[SentScan, Outcome]] = []
        self._seats: dict[int, list[str]] = {}
        self._add_ons: dict[int, list[str]] = {}

    def process(self, sent: Sequence[SentScan], trusted: Sequence[BadgeToken | Reason]) -> list[ScanAnswer]:
        """Judge scans that are in the order in which they were made, store them, and return their answers."""
        connection, facts = self._connection, self._facts
        doors = [facts.doors.get(each.request.checkpoint_code) for each in sent]
        zone_ids = {zone_id for door in doors if door for zone_id in facts.group_of(door.zone.id)}
        other_zone_ids = {
            zone_id
            for door in doors
            if door
            for other_id in door.other_zone_ids
            for zone_id in facts.group_of(other_id)
        }
        serials = {each.serial for each in trusted if not isinstance(each, Reason)}
        scan_ids = {each.request.scan_id for each in sent}
        before = lock_and_read(connection, facts, self._edition_id, zone_ids, other_zone_ids, serials, scan_ids)
        answers, counters = before.answers, before.counters
        found = [_holder_of(before.holders, each) for each in trusted]
        movements = Movements(connection, facts, counters, before.standings)
        seated = {who.attendee_id for who, door in zip(found, doors, strict=True) if who and door and door.needs_seats}
        self._seats = list_seats(connection, seated) if seated else {}
        booked = {
            who.attendee_id for who, door in zip(found, doors, strict=True) if who and door and door.needs_add_ons
        }
        self._add_ons = list_add_ons(connection, booked) if booked else {}
        movements.load_logs(
            (who.attendee_id, door, each.request)
            for each, door, who in zip(sent, doors, found, strict=True)
            if who and door and each.request.scan_id not in answers
        )
        for each, door, badge, who in zip(sent, doors, trusted, found, strict=True):
            if each.request.scan_id not in answers:
                outcome = self._judge(movements, each, door, badge, who)
                if not outcome.questions:
                    self._rows.append(_row(self._edition_id, each, door, outcome))
                    self._held.append(_held(each.request))
                answers[each.request.scan_id] = _answer(facts, door, outcome)
        write_presences(connection, movements.changed)
        write_counters(connection, {zone_id: counters[zone_id].inside for zone_id in movements.counted})
        write_scans(connection, self._rows)
        if facts.is_hub:
            hold_scans(connection, self._held)
        return [
            self._name_what_is_asked(movements, answers[each.request.scan_id], each, door, who)
            for each, door, who in zip(sent, doors, found, strict=True)
        ]

    def _name_what_is_asked(
        self, movements: Movements, answer: ScanAnswer, each: SentScan, door: Door | None, who: FoundHolder | None
    ) -> ScanAnswer:
        """Name the add-ons that the rule of an entrance asks for and the holder has, and what would let them in."""
        if who is None or door is None or each.request.direction is Direction.EXIT:
            return answer
        is_refused = Reason.RULE in (answer.reason, answer.disagrees)
        if not is_refused and not door.required_add_ons:
            return answer
        needed = answer.needed
        if is_refused and needed is None:  # a scan that is repeated, whose answer is read from its row
            needed = self._decide(movements, each, door, who).needed
        held, names = self._add_ons.get(who.attendee_id, []), self._facts.add_ons
        ticket_types, add_ons = list_sufficient(needed)
        types = {each.code: each.name for each in self._facts.ticket_types.values()} if ticket_types else {}
        return replace(
            answer,
            add_ons=tuple(RequiredItem(code, names.get(code, {})) for code in door.required_add_ons if code in held),
            needed=needed,
            missing_ticket_types=tuple(RequiredItem(code, types.get(code, {})) for code in ticket_types),
            missing_add_ons=tuple(RequiredItem(code, names.get(code, {})) for code in add_ons),
        )

    def _judge(
        self,
        movements: Movements,
        each: SentScan,
        door: Door | None,
        badge: BadgeToken | Reason,
        who: FoundHolder | None,
    ) -> Outcome:
        request = each.request
        if isinstance(badge, Reason):
            return accept_device_decision(Outcome(badge), request.decided)
        if who is None:
            return accept_device_decision(Outcome(Reason.UNKNOWN_TOKEN), request.decided)
        outcome = accept_device_decision(self._decide(movements, each, door, who), request.decided)
        if door is not None and is_passed(outcome, door, request, each.received_at):
            has_room = movements.move(
                who.attendee_id, door, request, passage_of(door, request, outcome), each.received_at
            )
            if not has_room and request.decided is None:
                return Outcome(Reason.ZONE_FULL, outcome.found)
            if not has_room:
                outcome = replace(outcome, disagrees=outcome.disagrees or Reason.ZONE_FULL.value)
        if outcome.passed_over is not None:
            self._overrides.append((each, outcome))
        return outcome

    def _decide(self, movements: Movements, each: SentScan, door: Door | None, who: FoundHolder) -> Outcome:
        """Return the outcome according to the rules."""
        request = each.request
        zone_ids = (door.zone.id, *door.other_zone_ids) if door else ()
        standings = {
            zone_id: movements.standing_before(who.attendee_id, zone_id, request, each.received_at)
            for zone_id in zone_ids
        }
        if door is not None and door.needs_seats:
            seats = self._seats.get(who.attendee_id, [])
            who = replace(who, holder={**who.holder, "seats": seats})
        if door is not None and door.needs_add_ons:
            who = replace(who, holder={**who.holder, "add_ons": self._add_ons.get(who.attendee_id, [])})
        return decide(self._facts, door, who, standings, request)

    def record_overrides(self) -> None:
        """Record forced admissions in the audit log."""
        for each, outcome in self._overrides:
            _record_override(self._edition_id, each, outcome)


def _holder_of(holders: dict[int, FoundHolder], badge: BadgeToken | Reason) -> FoundHolder | None:
    if isinstance(badge, Reason):
        return None
    found = holders.get(badge.serial)
    return replace(found, token_issue=badge.issue) if found else None


def _record_override(edition_id: int, each: SentScan, outcome: Outcome) -> None:
    """Record in the audit log who admitted whom despite which refusal, and why."""
    request = each.request
    record_act(
        each.actor,
        "checkin.force",
        each.received_at,
        edition_id=edition_id,
        subject="attendee",
        subject_id=outcome.found.attendee_id if outcome.found else None,
        checkpoint=request.checkpoint_code,
        direction=request.direction.value,
        refusal=outcome.passed_over,
        reason=request.force_reason,
        note=request.force_note,
    )


def _row(edition_id: int, each: SentScan, door: Door | None, outcome: Outcome) -> dict[str, Any]:
    request, actor, found = each.request, each.actor, outcome.found
    is_forced = outcome.passed_over is not None
    return {
        "edition_id": edition_id,
        "scan_id": request.scan_id,
        "checkpoint_id": door.id if door else None,
        "attendee_id": found.attendee_id if found else None,
        "badge_id": found.badge_id if found else None,
        "direction": request.direction.value,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason or outcome.passed_over,
        "forced": is_forced,
        "force_reason": request.force_reason if is_forced else None,
        "force_note": (request.force_note or None) if is_forced else None,
        "decided": (Decider.DEVICE if request.decided else Decider.SERVER).value,
        "disagrees": outcome.disagrees,
        "party": found.holder["party"] if found else 1,
        "answers": dict(request.answers) if request.answers and outcome.verdict is Verdict.ADMITTED else None,
        "attendee_state": found.attendee.state if found else None,
        "first_entered_at": outcome.entered_at,
        "first_checkpoint_id": outcome.entered_by,
        "scanned_at": request.scanned_at,
        "device_time": request.device_time,
        "skew_ms": request.skew_ms,
        "received_at": each.received_at,
        "undone_at": None,
        "device_id": actor.id if actor.kind == "device" else None,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "hub_id": each.hub_id,
        "is_after_revocation": each.is_after_revocation,
    }


def _held(request: ScanRequest) -> dict[str, str]:
    return {"scan_id": request.scan_id, "token": request.token_text, "checkpoint": request.checkpoint_code}


def _answer(facts: DoorFacts, door: Door | None, outcome: Outcome) -> ScanAnswer:
    place = facts.places.get(outcome.entered_by or 0)
    return ScanAnswer(
        verdict=outcome.verdict,
        reason=outcome.reason,
        attendee=outcome.found.attendee if outcome.found else None,
        first_scan=FirstScan(outcome.entered_at, place) if outcome.entered_at and place else None,
        disagrees=outcome.disagrees,
        questions=tuple(each for each in door.facts["questions"] if each["id"] in outcome.questions) if door else (),
        needed=outcome.needed,
    )
