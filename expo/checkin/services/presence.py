"""Repair presence from the log of scans."""

from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Presence
from expo.checkin.queries.passages import compare, list_wrong_presences
from expo.checkin.services.admissions import lock_checkpoint, lock_presence, write_presence
from expo.editions.queries import get_edition
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried


@retried
def repair_presence(actor: Actor, edition_id: int, now: datetime) -> int:
    """Set every presence of an edition, and the counters, to match the scans; return how many were wrong.

    Raises Conflict `capacity_below_inside` if more people are inside by the scans than a checkpoint may hold: raise its
    capacity first.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    edition = get_edition(edition_id)
    wrong = list_wrong_presences(edition, now)
    repaired = 0
    with atomic():
        connection = db.session.connection()
        for checkpoint_id in sorted({each.checkpoint_id for each in wrong}):
            lock_checkpoint(connection, checkpoint_id)
            for each in wrong:
                if each.checkpoint_id != checkpoint_id:
                    continue
                lock_presence(connection, checkpoint_id, each.attendee_id, now)
                found = compare(edition, checkpoint_id, each.attendee_id, now)
                if found is not None:
                    write_presence(connection, checkpoint_id, each.attendee_id, found.true)
                    repaired += 1
            _recount(checkpoint_id)
        if repaired:
            record_act(
                actor,
                "checkin.repair_presence",
                now,
                edition_id=edition_id,
                subject="edition",
                subject_id=edition_id,
                people=repaired,
            )
    return repaired


def _recount(checkpoint_id: int) -> None:
    checkpoint = db.session.get_one(Checkpoint, checkpoint_id, populate_existing=True)
    if checkpoint.capacity is None:
        return
    inside = db.session.scalar(select(func.count()).where(Presence.checkpoint_id == checkpoint_id, Presence.is_inside))
    if inside is not None and inside > checkpoint.capacity:
        raise Conflict("capacity_below_inside", field="capacity", inside=inside)
    checkpoint.inside = inside or 0
    db.session.flush()
