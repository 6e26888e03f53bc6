"""Acts on versions: publish the draft timetable, plan its publication, share a preview, go back to a version."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select, update

from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.editions.models import Room
from expo.editions.queries import get_edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_missing
from expo.program.models import (
    Placement,
    ProgramVersion,
    Session,
    SessionSpeaker,
    Speaker,
    Timetable,
    TimetableChange,
    VersionNotice,
)
from expo.program.queries.notices import list_planning
from expo.program.queries.versions import (
    compare_draft,
    find_latest_number,
    read_draft_entries,
    read_public_entries,
    read_version_entries,
)
from expo.program.rules import SessionState
from expo.program.rules.timetable import Slot, slot_to_json
from expo.program.rules.versions import (
    MAX_LABEL_LENGTH,
    VersionChange,
    VersionEntry,
    change_to_json,
    compare_versions,
    entry_to_json,
)
from expo.program.services.timetable import lock_timetable
from expo.pure.door_days import DoorCalendar


@dataclass(frozen=True)
class Published:
    """A version that was just published."""

    id: int
    number: int
    changes: tuple[VersionChange, ...]


def publish_timetable(
    actor: Actor, edition_id: int, label: str, now: datetime, *, revision: int | None = None
) -> Published:
    """Publish the draft as the next version: placed drafts become public, moved sessions say where they were.

    `revision` is that of the draft the actor has seen. Raises Conflict `timetable_changed` if it has changed since,
    `timetable_unchanged` if there is nothing to publish, Invalid `label_too_long`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    label = _check_label(label)
    with atomic():
        timetable = lock_timetable(edition_id)
        if revision is not None and revision != timetable.revision:
            raise Conflict("timetable_changed")
        changes = compare_draft(edition_id)
        number = _next_number(edition_id)
        if not changes and number > 1:
            raise Conflict("timetable_unchanged")
        entries = read_draft_entries(edition_id)
        _publish_entries(edition_id, entries, now)
        version = ProgramVersion(
            edition_id=edition_id,
            number=number,
            label=label,
            placements={str(session_id): entry_to_json(entry) for session_id, entry in entries.items()},
            changes=[change_to_json(change) for change in changes],
            published_at=now,
            published_by=actor.id,
        )
        db.session.add(version)
        _clear_plan(timetable)
        increment_content_version(edition_id, now)
        db.session.flush()
        record_act(
            actor,
            "program.publish",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            version=number,
            changed=len(changes),
        )
        return Published(version.id, number, changes)


def record_imported(
    actor: Actor,
    edition_id: int,
    session_ids: Collection[int],
    before: Mapping[int, VersionEntry],
    now: datetime,
) -> int | None:
    """Make a version of what an import has published, in the open transaction; return its number, None without one.

    It differs from `before`, what visitors saw until then, in the given sessions and in those that the import has
    deleted. What else differs in the draft stays unpublished. The first import into an expo makes none; before the
    first version, what visitors saw becomes one, so that it can be compared, and returned to.
    """
    number = _next_number(edition_id)
    if number == 1 and not before:
        return None
    public = read_public_entries(edition_id)
    existing = set(db.session.scalars(select(Session.id).where(Session.edition_id == edition_id)))
    after = {session_id: entry for session_id, entry in before.items() if session_id in existing}
    after |= {session_id: public[session_id] for session_id in sorted(session_ids) if session_id in public}
    changes = compare_versions(before, after)
    if not changes:
        return None
    if number == 1:
        db.session.add(_imported_version(SYSTEM, edition_id, number, before, (), now))
        number += 1
    db.session.add(_imported_version(actor, edition_id, number, after, changes, now))
    db.session.flush()
    return number


def record_planned_changes(edition_id: int, session_id: int) -> None:
    """Note in the latest version who planned to see a session that is being deleted, to tell them of it."""
    version = db.session.scalars(
        select(ProgramVersion).where(
            ProgramVersion.edition_id == edition_id, ProgramVersion.number == find_latest_number(edition_id)
        )
    ).one_or_none()
    entry = version.placements.get(str(session_id)) if version else None
    if version is not None and entry is not None:
        noted = entry | {"attendee_ids": list_planning([session_id]).get(session_id, [])}
        version.placements = version.placements | {str(session_id): noted}


def plan_publication(
    actor: Actor, edition_id: int, publish_at: datetime | None, now: datetime, *, label: str = "", notify: bool = True
) -> None:
    """Plan the publication of the draft, or cancel it with None; with `notify`, those concerned get an e-mail then.

    Raises Invalid `publish_at_past`, `label_too_long`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    label = _check_label(label)
    if publish_at is not None and publish_at <= now:
        raise Invalid("publish_at_past", field="publish_at")
    with atomic():
        timetable = lock_timetable(edition_id)
        _clear_plan(timetable)
        if publish_at is not None:
            timetable.publish_at, timetable.publish_by = publish_at, actor.id
            timetable.publish_label, timetable.publish_notify = label, notify
        record_act(
            actor,
            "program.plan_publication",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            publish_at=publish_at.isoformat() if publish_at else None,
            notify=notify if publish_at else None,
        )


def end_plan(edition_id: int) -> None:
    """End a planned publication whose time has come."""
    with atomic():
        _clear_plan(lock_timetable(edition_id))


def share_preview(actor: Actor, edition_id: int, now: datetime) -> str:
    """Make a new secret key for the preview of the draft, which replaces the former one, and return it."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    key = secrets.token_urlsafe(24)
    _set_preview_key(actor, edition_id, key, "program.share_preview", now)
    return key


def revoke_preview(actor: Actor, edition_id: int, now: datetime) -> None:
    """End the preview of the draft: its address no longer works."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    _set_preview_key(actor, edition_id, None, "program.revoke_preview", now)


def restore_version(actor: Actor, edition_id: int, number: int, now: datetime) -> int:
    """Set the draft to the rooms and times of a version and return how many placements that changed.

    Sessions that are not in the version are taken out of the draft; rooms deleted since are left open. Cancelled
    sessions stay cancelled. Raises VersionMissing.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        timetable = lock_timetable(edition_id)
        wanted = _slots_of(edition_id, read_version_entries(edition_id, number))
        placed = {
            row.session_id: Slot(row.room_id, row.starts_at, row.ends_at)
            for row in db.session.scalars(select(Placement).where(Placement.edition_id == edition_id))
        }
        changed = [each for each in {*wanted, *placed} if wanted.get(each) != placed.get(each)]
        db.session.execute(delete(Placement).where(Placement.session_id.in_(changed)))
        for session_id in sorted(changed):
            slot = wanted.get(session_id)
            timetable.revision += 1
            if slot is not None:
                db.session.add(Placement(session_id=session_id, edition_id=edition_id, **vars(slot)))
            db.session.add(
                TimetableChange(
                    edition_id=edition_id,
                    revision=timetable.revision,
                    session_id=session_id,
                    before=slot_to_json(placed.get(session_id)),
                    after=slot_to_json(slot),
                    changed_by=actor.id,
                    changed_at=now,
                )
            )
        db.session.flush()
        record_act(
            actor,
            "program.restore_version",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            version=number,
            changed=len(changed),
        )
        return len(changed)


def record_informed(version_id: int, person_id: int) -> bool:
    """Note in the open transaction that a person is notified of a version; False if that was noted before."""
    return insert_missing(VersionNotice, [{"version_id": version_id, "person_id": person_id}]) == 1


def _imported_version(
    actor: Actor,
    edition_id: int,
    number: int,
    entries: Mapping[int, VersionEntry],
    changes: Sequence[VersionChange],
    now: datetime,
) -> ProgramVersion:
    return ProgramVersion(
        edition_id=edition_id,
        number=number,
        label="",
        placements={str(session_id): entry_to_json(entry) for session_id, entry in entries.items()},
        changes=[change_to_json(change) for change in changes],
        published_at=now,
        published_by=actor.id if actor.kind == "person" else None,
    )


def _check_label(label: str) -> str:
    label = " ".join(label.split())
    if len(label) > MAX_LABEL_LENGTH:
        raise Invalid("label_too_long", field="label", maximum=MAX_LABEL_LENGTH)
    return label


def _clear_plan(timetable: Timetable) -> None:
    timetable.publish_at = timetable.publish_by = None
    timetable.publish_label, timetable.publish_notify = "", True


def _next_number(edition_id: int) -> int:
    return (find_latest_number(edition_id) or 0) + 1


def _publish_entries(edition_id: int, entries: Mapping[int, VersionEntry], now: datetime) -> None:
    calendar = get_edition(edition_id).door_calendar
    for session in db.session.scalars(select(Session).where(Session.id.in_(entries))):
        _publish_session(session, entries[session.id], calendar, now)
    db.session.flush()
    db.session.execute(
        update(Speaker)
        .where(
            Speaker.edition_id == edition_id,
            Speaker.is_public.is_(False),
            Speaker.id.in_(select(SessionSpeaker.speaker_id).where(SessionSpeaker.session_id.in_(entries))),
        )
        .values(is_public=True)
        .execution_options(synchronize_session=False)
    )


def _publish_session(session: Session, entry: VersionEntry, calendar: DoorCalendar, now: datetime) -> None:
    slot = entry.slot
    was_public = session.state != SessionState.DRAFT
    session.state = entry.state
    published = None
    if session.starts_at and session.ends_at:
        published = Slot(session.room_id, session.starts_at, session.ends_at)
    if was_public and slot == published:
        return
    if was_public and published:
        session.moved_from = {"starts_at": published.starts_at.isoformat(), "room_id": published.room_id}
    session.room_id = slot.room_id if slot else session.room_id
    session.starts_at = slot.starts_at if slot else None
    session.ends_at = slot.ends_at if slot else None
    session.day = calendar.day_of(slot.starts_at) if slot else None
    session.changed_at = now
    if was_public:
        session.sequence += 1


def _set_preview_key(actor: Actor, edition_id: int, key: str | None, action: str, now: datetime) -> None:
    with atomic():
        lock_timetable(edition_id).preview_key = key
        record_act(actor, action, now, edition_id=edition_id, subject="edition", subject_id=edition_id)


def _slots_of(edition_id: int, entries: Mapping[int, VersionEntry]) -> dict[int, Slot]:
    """Return the slots of the entries whose sessions still exist, without rooms that do not."""
    sessions = set(db.session.scalars(select(Session.id).where(Session.edition_id == edition_id)))
    rooms = set(db.session.scalars(select(Room.id).where(Room.edition_id == edition_id)))
    slots = {session_id: entry.slot for session_id, entry in entries.items() if entry.slot and session_id in sessions}
    return {
        session_id: slot if slot.room_id in rooms else replace(slot, room_id=None) for session_id, slot in slots.items()
    }
