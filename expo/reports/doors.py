"""Activity at the checkpoints of an edition: recent refusals."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import Attendee


@dataclass(frozen=True)
class RecentRefusal:
    """A refused scan; without an attendee if the badge could not be read or is unknown."""

    received_at: datetime
    checkpoint_code: str | None
    checkpoint_name: dict[str, str] | None
    reason: str
    attendee_code: str | None
    attendee_name: str | None


def list_recent_refusals(actor: Actor, edition: EditionFacts, limit: int = 25) -> list[RecentRefusal]:
    """Return the last refused scans of an edition, newest first."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition.id)
    rows = db.session.execute(
        select(Scan.received_at, Checkpoint.code, Checkpoint.name, Scan.reason, Attendee.code, Attendee.name)
        .outerjoin(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .outerjoin(Attendee, Attendee.id == Scan.attendee_id)
        .where(Scan.edition_id == edition.id, Scan.verdict == "refused")
        .order_by(Scan.received_at.desc(), Scan.id.desc())
        .limit(limit)
    )
    return [RecentRefusal(row[0], row[1], row[2], row[3] or "", row[4], row[5]) for row in rows]
