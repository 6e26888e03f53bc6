"""Take back a scan that was a mistake: it stays in the log, but no longer counts."""

from datetime import datetime, timedelta

from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import ScanMissing
from expo.checkin.models import Checkpoint, Scan
from expo.checkin.queries.checkpoints import DoorFacts, door_facts
from expo.checkin.queries.scans import ScanAnswer, find_answers
from expo.checkin.services.admissions import lock_attendees, lock_counters
from expo.checkin.services.hubs import hold_undo
from expo.checkin.services.passages import recompute_from_log
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried

UNDO_WITHIN = timedelta(minutes=2)


@retried
def undo_scan(
    actor: Actor,
    edition_id: int,
    scan_id: str,
    now: datetime,
    *,
    undone_at: datetime | None = None,
    is_from_hub: bool = False,
) -> ScanAnswer:
    """Take back a scan, and return the answer that it had. Repeating it changes nothing.

    The person who scanned and supervisors may do so for two minutes. `undone_at` is the time of an undo made without a
    network, which is compared with the time of the scan; what was taken back at a hub is not judged again. Raises
    ScanMissing, PermissionMissing for another's scan, or Conflict `undo_too_late`.
    """
    require(actor, Permission.SCAN, edition_id)
    facts = door_facts(edition_id)
    with atomic():
        connection = db.session.connection()
        scan = _find_scan(edition_id, scan_id)
        is_own = (scan.actor_kind, scan.actor_id) == (actor.kind, actor.id)
        if not is_own and not is_from_hub and not actor.may(Permission.SCAN_FORCE, edition_id):
            raise PermissionMissing(Permission.SCAN_FORCE.value)
        if scan.undone_at is None:
            since = scan.received_at if undone_at is None else scan.scanned_at
            if not is_from_hub and (undone_at or now) - since > UNDO_WITHIN:
                raise Conflict("undo_too_late", minutes=UNDO_WITHIN.seconds // 60)
            _undo(facts, scan.id, now)
            if facts.is_hub:
                hold_undo(scan_id, now)
            record_act(
                actor,
                "checkin.undo_scan",
                now,
                edition_id=edition_id,
                subject="attendee" if scan.attendee_id else "edition",
                subject_id=scan.attendee_id or edition_id,
                scan=scan_id,
                verdict=scan.verdict,
                direction=scan.direction,
            )
        return find_answers(connection, facts, edition_id, [scan_id])[scan_id]


def _find_scan(edition_id: int, scan_id: str) -> Scan:
    query = select(Scan).where(Scan.edition_id == edition_id, Scan.scan_id == scan_id)
    scan = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if scan is None:
        raise ScanMissing
    return scan


def _undo(facts: DoorFacts, row_id: int, now: datetime) -> None:
    """Mark a scan, and compute presence again without it. Locks are taken in the order of `admissions`."""
    connection = db.session.connection()
    scan = db.session.get_one(Scan, row_id)
    zone_id = db.session.scalar(select(Checkpoint.zone_id).where(Checkpoint.id == scan.checkpoint_id))
    if scan.attendee_id is None or zone_id is None:
        scan.undone_at = now
        db.session.flush()
        return
    group = facts.group_of(zone_id)
    counters = lock_counters(connection, group)
    lock_attendees(connection, [scan.attendee_id])
    locked = lock(Scan, row_id)
    if locked is None or locked.undone_at is not None:
        return
    locked.undone_at = now
    db.session.flush()
    recompute_from_log(connection, facts, counters, [group], [scan.attendee_id], now)
