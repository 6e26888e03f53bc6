"""Admit or check out the holder of a badge.

A scan that arrives after a later one is merged by its time: presence is recomputed from the log, under a lock.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from expo.checkin.queries.checkpoints import Door, DoorFacts
from expo.checkin.queries.passages import list_passages
from expo.checkin.queries.scans import (
    Found,
)
from expo.checkin.rules import Direction, Reason
from expo.checkin.services.admissions import (
    admit,
    leave,
    lock_counter,
    lock_presence,
    release_place,
    take_place,
    write_presence,
)
from expo.checkin.services.verdicts import (
    AnsweredBeforeError,
    Outcome,
    ScanRequest,
    decide,
    is_passed,
    passage_of,
    standing_before,
)
from expo.pure.presence import stand


def pass_at_once(connection: Connection, facts: DoorFacts, door: Door, found: Found, request: ScanRequest) -> bool:
    """Admit or check out the holder in the usual case, without later passages; return False otherwise."""
    is_counted = door.zone.capacity is not None
    if request.direction is Direction.ENTRY:
        if is_counted and not take_place(connection, door.zone.id):
            return False
        if admit(connection, presence_of(facts, door, found, request)):
            return True
        if is_counted:
            release_place(connection, door.zone.id)
        return False
    released_place = is_counted and release_place(connection, door.zone.id)
    day_began_at = facts.calendar.begins_at(facts.calendar.day_of(request.scanned_at))
    if leave(connection, door.zone.id, found.attendee_id, request.scanned_at, day_began_at):
        return True
    if released_place:
        take_place(connection, door.zone.id)
    return False


def pass_by_the_log(
    connection: Connection, facts: DoorFacts, door: Door, found: Found, request: ScanRequest, now: datetime
) -> Outcome:
    """Merge the scan into the holder's passages by its time, and update presence and counter accordingly.

    The presence is locked first, so that no passage can be missing from the log.
    """
    if door.zone.capacity is not None:
        lock_counter(connection, door.zone.id)
    stored = lock_presence(connection, door.zone.id, found.attendee_id, request.scanned_at)
    passages = list_passages(connection, [door.zone.id], found.attendee_id)
    if any(each.scan_id == request.scan_id for each in passages):
        raise AnsweredBeforeError
    outcome = decide(facts, door, found, standing_before(facts, door, passages, request), request)
    until = None if facts.is_demo else max([now, request.scanned_at, *(each.at for each in passages)])
    after = stand(passages, [door.zone.id], facts.calendar, until)[door.zone.id]
    if is_passed(outcome, door, request, now):
        is_forced = outcome.passed_over is Reason.ALREADY_ADMITTED
        passages.append(passage_of(door, request, is_forced=is_forced))
        after = stand(passages, [door.zone.id], facts.calendar, until)[door.zone.id]
    if door.zone.capacity is not None:
        if after.is_inside and not stored.is_inside and not take_place(connection, door.zone.id):
            outcome, after = Outcome(Reason.ZONE_FULL, found), stored
        elif stored.is_inside and not after.is_inside:
            release_place(connection, door.zone.id)
    write_presence(connection, door.zone.id, found.attendee_id, after)
    return outcome


def presence_of(facts: DoorFacts, door: Door, found: Found, request: ScanRequest) -> dict[str, Any]:
    """Return the row for somebody who is admitted for the first time."""
    return {
        "zone_id": door.zone.id,
        "attendee_id": found.attendee_id,
        "is_inside": True,
        "entries": 1,
        "entries_today": 1,
        "day": facts.calendar.day_of(request.scanned_at),
        "checkpoint_id": door.id,
        "first_scan_id": request.scan_id,
        "entered_at": request.scanned_at,
        "left_at": None,
        "as_of": request.scanned_at,
    }
