"""Acts on the draft timetable: place, move and unplace sessions, undo and redo, and the minutes of its checks.

Every change holds the lock of the edition's timetable, so that changes have an order: a revision each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select

from expo.accounts.models import Person
from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Room
from expo.errors import Conflict, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_missing
from expo.program.errors import SessionMissing
from expo.program.models import Placement, Session, Timetable, TimetableChange
from expo.program.queries.timetable import read_history
from expo.program.rules import SessionState
from expo.program.rules.timetable import (
    History,
    Slot,
    check_duration,
    check_minutes,
    slot_from_json,
    slot_to_json,
)


@dataclass(frozen=True)
class PlacementResult:
    """The place of a session after a change, and the revision of the timetable that contains it."""

    session_id: int
    slot: Slot | None
    revision: int
    is_changed: bool = True


def place_session(
    actor: Actor, edition_id: int, slug: str, slot: Slot, before: Slot | None, now: datetime, *, request_id: str = ""
) -> PlacementResult:
    """Place, move or resize a session in the draft timetable.

    `before` is the place that the actor saw. A repeated request, or a place that the session already has, changes
    nothing. Raises SessionMissing, Missing `room_missing`, Invalid `duration_out_of_range`, Conflict
    `placement_changed` if somebody else has moved the session, and Conflict `session_cancelled`.
    """
    check_duration(slot)
    slot = Slot(slot.room_id, slot.starts_at.astimezone(UTC), slot.ends_at.astimezone(UTC))
    return _move(actor, edition_id, slug, slot, before, now, request_id)


def unplace_session(
    actor: Actor, edition_id: int, slug: str, before: Slot | None, now: datetime, *, request_id: str = ""
) -> PlacementResult:
    """Remove a session from the draft timetable. Raises SessionMissing, Conflict `placement_changed`."""
    return _move(actor, edition_id, slug, None, before, now, request_id)


def undo_change(actor: Actor, edition_id: int, now: datetime, *, request_id: str = "") -> PlacementResult:
    """Revert the actor's last change. Raises Conflict `nothing_to_undo` or `placement_changed`."""
    return _revert(actor, edition_id, now, request_id, lambda history: history.to_undo, "nothing_to_undo")


def redo_change(actor: Actor, edition_id: int, now: datetime, *, request_id: str = "") -> PlacementResult:
    """Repeat the change that the actor undid last. Raises Conflict `nothing_to_redo` or `placement_changed`."""
    return _revert(actor, edition_id, now, request_id, lambda history: history.to_redo, "nothing_to_redo")


@retried
def set_check_minutes(actor: Actor, edition_id: int, walking: int, buffer: int, now: datetime) -> None:
    """Set the walking time between halls and the pause between sessions in a room. Raises Invalid."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    check_minutes(walking, buffer)
    with atomic():
        timetable = lock_timetable(edition_id)
        timetable.walking_minutes, timetable.buffer_minutes = walking, buffer
        record_act(
            actor,
            "timetable.set_minutes",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            walking=walking,
            buffer=buffer,
        )


def lock_timetable(edition_id: int) -> Timetable:
    """Return the edition's timetable, locked against other changes until the transaction ends; create it if needed."""
    insert_missing(Timetable, [{"edition_id": edition_id, "revision": 0}])
    query = select(Timetable).where(Timetable.edition_id == edition_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


@retried
def _move(
    actor: Actor,
    edition_id: int,
    slug: str,
    slot: Slot | None,
    before: Slot | None,
    now: datetime,
    request_id: str,
) -> PlacementResult:
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        timetable = lock_timetable(edition_id)
        if (repeated := _find_repeated(edition_id, request_id)) is not None:
            return repeated
        session = db.session.scalars(
            select(Session).where(Session.edition_id == edition_id, Session.slug == slug)
        ).one_or_none()
        if session is None:
            raise SessionMissing
        current = find_slot(session.id)
        if current == slot:
            return PlacementResult(session.id, current, timetable.revision, is_changed=False)
        if current != before:
            raise _describe_change(edition_id, session.id, current)
        if slot is not None:
            _check_place(edition_id, session, slot)
        return _write(actor, timetable, session.id, current, slot, now, request_id)


@retried
def _revert(
    actor: Actor,
    edition_id: int,
    now: datetime,
    request_id: str,
    choose: Callable[[History], int | None],
    code: str,
) -> PlacementResult:
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        timetable = lock_timetable(edition_id)
        if (repeated := _find_repeated(edition_id, request_id)) is not None:
            return repeated
        revision = choose(read_history(actor, edition_id))
        if revision is None:
            raise Conflict(code)
        change = db.session.get_one(TimetableChange, (edition_id, revision))
        current = find_slot(change.session_id)
        if current != slot_from_json(change.after):
            raise _describe_change(edition_id, change.session_id, current)
        slot = slot_from_json(change.before)
        if slot is not None:
            _check_place(edition_id, db.session.get_one(Session, change.session_id), slot)
        return _write(actor, timetable, change.session_id, current, slot, now, request_id, undoes=revision)


def find_slot(session_id: int) -> Slot | None:
    """Return the place of a session in the draft, freshly read."""
    row = db.session.execute(
        select(Placement.room_id, Placement.starts_at, Placement.ends_at).where(Placement.session_id == session_id)
    ).one_or_none()
    return Slot(row.room_id, row.starts_at, row.ends_at) if row else None


def _check_place(edition_id: int, session: Session, slot: Slot) -> None:
    if session.state == SessionState.CANCELLED:
        raise Conflict("session_cancelled")
    if slot.room_id is None:
        return
    rooms = select(Room.id).where(Room.id == slot.room_id, Room.edition_id == edition_id)
    if db.session.scalar(rooms) is None:
        raise Missing("room_missing")


def _find_repeated(edition_id: int, request_id: str) -> PlacementResult | None:
    """Return the result of an earlier request with the same id."""
    if not request_id:
        return None
    change = db.session.scalars(
        select(TimetableChange).where(
            TimetableChange.edition_id == edition_id, TimetableChange.request_id == request_id
        )
    ).one_or_none()
    if change is None:
        return None
    return PlacementResult(change.session_id, slot_from_json(change.after), change.revision, is_changed=False)


def _write(
    actor: Actor,
    timetable: Timetable,
    session_id: int,
    before: Slot | None,
    slot: Slot | None,
    now: datetime,
    request_id: str,
    *,
    undoes: int | None = None,
) -> PlacementResult:
    """Store the new place, and log it under the next revision."""
    edition_id = timetable.edition_id
    timetable.revision += 1
    db.session.execute(delete(Placement).where(Placement.session_id == session_id))
    if slot is not None:
        db.session.add(
            Placement(
                session_id=session_id,
                edition_id=edition_id,
                room_id=slot.room_id,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
            )
        )
    db.session.add(
        TimetableChange(
            edition_id=edition_id,
            revision=timetable.revision,
            session_id=session_id,
            before=slot_to_json(before),
            after=slot_to_json(slot),
            changed_by=_person_id(actor),
            changed_at=now,
            request_id=request_id or None,
            undoes=undoes,
        )
    )
    db.session.flush()
    record_act(
        actor,
        "timetable.unplace" if slot is None else "timetable.place",
        now,
        edition_id=edition_id,
        subject="session",
        subject_id=session_id,
        before=slot_to_json(before),
        after=slot_to_json(slot),
    )
    return PlacementResult(session_id, slot, timetable.revision)


def _person_id(actor: Actor) -> int | None:
    return actor.id if actor.kind == "person" else None


def _describe_change(edition_id: int, session_id: int, current: Slot | None) -> Conflict:
    """Return the error that says where the session is now, where it was before, and who moved it (empty if unknown)."""
    last = db.session.execute(
        select(TimetableChange.before, Person.name, Person.email)
        .outerjoin(Person, Person.id == TimetableChange.changed_by)
        .where(TimetableChange.edition_id == edition_id, TimetableChange.session_id == session_id)
        .order_by(TimetableChange.revision.desc())
        .limit(1)
    ).one_or_none()
    before, name = (slot_from_json(last.before), last.name or last.email or "") if last else (None, "")
    return Conflict("placement_changed", session_id=session_id, slot=current, before=before, name=name)
