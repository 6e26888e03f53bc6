"""Acts on holds: take the time of people and tables for a meeting, and release it.

Each five minutes of each person and table are one row, whose primary key no other meeting can have. Rows are inserted
in one order, so that two acceptances wait for each other instead of deadlocking.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from expo.infra.db import db
from expo.infra.inserting import upsert
from expo.meetings.models import MeetingHold
from expo.meetings.rules import HoldKind
from expo.pure.free_slots import steps_between

Resource = tuple[HoldKind, int]


def reserve_time(
    meeting_id: int, resources: Iterable[Resource], starts_at: datetime, ends_at: datetime
) -> list[Resource]:
    """Hold people and tables from one moment to another, and return those of them that another meeting has.

    If there are any, the caller must give up, so that the transaction is undone, or release what was held.
    """
    steps = steps_between(starts_at, ends_at)
    rows: list[dict[str, Any]] = [
        {"kind": kind.value, "resource_id": resource_id, "slot_at": step, "meeting_id": meeting_id}
        for kind, resource_id in sorted(set(resources))
        for step in steps
    ]
    return _insert(rows)


def release_time(meeting_id: int, resources: Iterable[Resource] | None = None) -> None:
    """Release what a meeting holds: all, or only these people and tables."""
    held = delete(MeetingHold).where(MeetingHold.meeting_id == meeting_id)
    if resources is None:
        db.session.execute(held, execution_options={"synchronize_session": False})
        return
    for kind, resource_id in resources:
        db.session.execute(
            held.where(MeetingHold.kind == kind.value, MeetingHold.resource_id == resource_id),
            execution_options={"synchronize_session": False},
        )


def list_held(meeting_id: int) -> set[Resource]:
    """Return the people and tables that a meeting holds."""
    query = select(MeetingHold.kind, MeetingHold.resource_id).where(MeetingHold.meeting_id == meeting_id).distinct()
    return {(HoldKind(kind), resource_id) for kind, resource_id in db.session.execute(query)}


def _insert(rows: list[dict[str, Any]]) -> list[Resource]:
    """Insert the rows that nobody has, and return whose rows others have. Waits for others who are inserting them."""
    statement = upsert(MeetingHold).values(rows).on_conflict_do_nothing()
    taken = statement.returning(MeetingHold.kind, MeetingHold.resource_id, MeetingHold.slot_at)
    done = {(kind, resource_id, slot_at) for kind, resource_id, slot_at in db.session.execute(taken)}
    missing = {
        (HoldKind(row["kind"]), row["resource_id"])
        for row in rows
        if (row["kind"], row["resource_id"], row["slot_at"]) not in done
    }
    return sorted(missing)
