"""Acts on holds: take the time of people and tables for a meeting, and release it.

Each five minutes of each person and table are one row, whose primary key no other meeting can have. Rows are inserted
in one order, so that two acceptances wait for each other instead of deadlocking.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from expo.infra.db import db, lock_numbers
from expo.infra.inserting import upsert
from expo.meetings.models import MeetingHold
from expo.meetings.queries import People, Resource, find_people
from expo.meetings.rules import HoldKind
from expo.pure.free_slots import steps_between

# What is locked is a number: of people of this kind.
_LOCKED_KINDS = {HoldKind.ATTENDEE: 1, HoldKind.MEMBER: 2}
_NUMBERS_OF_A_KIND = 2**48


def lock_people(edition_id: int, attendee_ids: Iterable[int], exhibitor_id: int | None) -> People:
    """Lock attendees and the team of a company until the commit, and return them.

    Before any act that gives a meeting people, a time or a place: holds alone let two acts at once give somebody two
    meetings with too little time to walk from one to the other.
    """
    people = find_people(edition_id, attendee_ids, exhibitor_id)
    lock_numbers(_LOCKED_KINDS[kind] * _NUMBERS_OF_A_KIND + each for kind, each in people.resources)
    return people


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
