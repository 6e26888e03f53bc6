"""Writes the log of changes of booths, which the editors of a plan follow."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from expo.accounts.rules import Actor
from expo.exhibitors.models import Booth, BoothEdit
from expo.exhibitors.queries import place_of
from expo.exhibitors.rules import BoothShape
from expo.infra.db import db


def log_edits(
    actor: Actor,
    hall_id: int,
    edits: Sequence[tuple[int, BoothShape | None, BoothShape | None]],
    now: datetime,
    request_id: str = "",
) -> None:
    """Log changes of booths (id, before, after) in the open transaction, in which the hall or its plan is locked."""
    if not edits:
        return
    rows = [
        {
            "hall_id": hall_id,
            "booth_id": booth_id,
            "before": before.to_json() if before else None,
            "after": after.to_json() if after else None,
            "changed_by": actor.id if actor.kind == "person" else None,
            "changed_at": now,
            "request_id": request_id or None,
        }
        for booth_id, before, after in edits
    ]
    db.session.execute(insert(BoothEdit), rows)


def shape_of(booth: Booth) -> BoothShape:
    """Return the number and place that a booth has now."""
    return BoothShape(booth.code, place_of(booth))
