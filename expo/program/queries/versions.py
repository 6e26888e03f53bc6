"""Reads of the draft timetable and of its published versions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from expo.editions.models import Room
from expo.infra.db import db
from expo.program.errors import VersionMissing
from expo.program.models import (
    Placement,
    ProgramVersion,
    Session,
    SessionSpeaker,
    Speaker,
    Timetable,
)
from expo.program.queries.sessions import SessionRow, Texts, is_public, read_sessions, select_sessions
from expo.program.rules import SessionState
from expo.program.rules.timetable import Slot
from expo.program.rules.versions import (
    ChangeKind,
    VersionChange,
    VersionEntry,
    change_from_json,
    compare_versions,
    entry_from_json,
)


@dataclass(frozen=True)
class TimetableFacts:
    """The draft of an edition: its revision, and whether and when it will be published automatically."""

    revision: int
    preview_key: str | None
    publish_at: datetime | None
    # The name of the version that will be published, and whether the people concerned get an e-mail.
    publish_label: str = ""
    publish_notify: bool = True


@dataclass(frozen=True)
class VersionRow:
    """A published version, with the number of changes of each kind."""

    id: int
    edition_id: int
    number: int
    label: str
    published_at: datetime
    published_by: int | None
    changes: tuple[VersionChange, ...]

    @property
    def counts(self) -> dict[ChangeKind, int]:
        """The number of changes of each kind that occurs."""
        return dict(Counter(change.kind for change in self.changes))


@dataclass(frozen=True)
class LatestChange:
    """When the published timetable last changed, and in how many ways."""

    published_at: datetime
    count: int


@dataclass(frozen=True)
class ChangeNames:
    """What the changes of a version refer to by id: rooms, sessions and speakers."""

    rooms: dict[int, Texts]
    slugs: dict[int, str]
    speakers: dict[int, Texts]


@dataclass(frozen=True)
class DuePublication:
    """A draft whose time to be published has come."""

    edition_id: int
    label: str
    notify: bool


def get_timetable(edition_id: int) -> TimetableFacts:
    """Return the facts of an edition's draft timetable."""
    row = db.session.get(Timetable, edition_id, populate_existing=True)
    if row is None:
        return TimetableFacts(0, None, None)
    return TimetableFacts(row.revision, row.preview_key, row.publish_at, row.publish_label, row.publish_notify)


def list_due_publications(now: datetime) -> list[DuePublication]:
    """Return the drafts that are to be published by now."""
    rows = db.session.execute(
        select(Timetable.edition_id, Timetable.publish_label, Timetable.publish_notify).where(
            Timetable.publish_at <= now
        )
    )
    return [DuePublication(*row) for row in rows]


def list_versions(edition_id: int, limit: int | None = None) -> list[VersionRow]:
    """Return the published versions of an edition, the latest first."""
    query = select(*_VERSION).where(ProgramVersion.edition_id == edition_id).order_by(ProgramVersion.number.desc())
    return [_version_row(row) for row in db.session.execute(query.limit(limit))]


def find_latest_change(edition_id: int) -> LatestChange | None:
    """Return what the latest version changed for visitors; None if nothing, as for the first version.

    The changes are counted in the database, because there may be a thousand.
    """
    query = (
        select(ProgramVersion.number, ProgramVersion.published_at, func.json_array_length(ProgramVersion.changes))
        .where(ProgramVersion.edition_id == edition_id)
        .order_by(ProgramVersion.number.desc())
        .limit(1)
    )
    number, published_at, count = db.session.execute(query).one_or_none() or (0, None, 0)
    return LatestChange(published_at, count) if published_at and number > 1 and count else None


def find_latest_number(edition_id: int) -> int | None:
    """Return the number of the latest version; None before the first one."""
    return db.session.scalar(select(func.max(ProgramVersion.number)).where(ProgramVersion.edition_id == edition_id))


def get_version(edition_id: int, number: int) -> VersionRow:
    """Return one version. Raises VersionMissing."""
    query = select(*_VERSION).where(ProgramVersion.edition_id == edition_id, ProgramVersion.number == number)
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise VersionMissing
    return _version_row(row)


def get_version_by_id(version_id: int) -> VersionRow:
    """Return one version. Raises VersionMissing."""
    row = db.session.execute(select(*_VERSION).where(ProgramVersion.id == version_id)).one_or_none()
    if row is None:
        raise VersionMissing
    return _version_row(row)


def read_version_entries(edition_id: int, number: int) -> dict[int, VersionEntry]:
    """Return the sessions of a version by id. Raises VersionMissing."""
    placements = db.session.scalar(
        select(ProgramVersion.placements).where(
            ProgramVersion.edition_id == edition_id, ProgramVersion.number == number
        )
    )
    if placements is None:
        raise VersionMissing
    return {int(session_id): entry_from_json(entry) for session_id, entry in placements.items()}


def compare_draft(edition_id: int) -> tuple[VersionChange, ...]:
    """Return what publishing the draft would change."""
    return compare_versions(read_published_entries(edition_id), read_draft_entries(edition_id))


def compare_restored(edition_id: int, number: int) -> tuple[VersionChange, ...]:
    """Return what publishing the rooms and times of an earlier version again would change. Raises VersionMissing."""
    published, wanted = read_published_entries(edition_id), read_version_entries(edition_id, number)
    restored = {
        session_id: replace(entry, slot=wanted[session_id].slot if session_id in wanted else None)
        for session_id, entry in published.items()
    }
    return compare_versions(published, restored)


def find_edition_by_preview_key(key: str) -> int | None:
    """Return the id of the edition whose draft is shared under this key, or None."""
    return db.session.scalar(select(Timetable.edition_id).where(Timetable.preview_key == key))


def read_published_entries(edition_id: int) -> dict[int, VersionEntry]:
    """Return the latest version by session; before the first one, what is public now."""
    latest = find_latest_number(edition_id)
    return read_public_entries(edition_id) if latest is None else read_version_entries(edition_id, latest)


def read_public_entries(edition_id: int) -> dict[int, VersionEntry]:
    """Return the public sessions as a version would contain them."""
    rows = db.session.execute(
        select(Session.id, Session.title, Session.state, Session.room_id, Session.starts_at, Session.ends_at)
        .where(*is_public(edition_id))
        .order_by(Session.id)
    )
    return _entries(edition_id, rows.all())


def read_draft_entries(edition_id: int) -> dict[int, VersionEntry]:
    """Return the version that publishing the draft would make: drafts join it once they are placed."""
    rows = db.session.execute(
        select(Session.id, Session.title, Session.state, Placement.room_id, Placement.starts_at, Placement.ends_at)
        .outerjoin(Placement, Placement.session_id == Session.id)
        .where(
            Session.edition_id == edition_id,
            (Session.state != SessionState.DRAFT) | Placement.starts_at.is_not(None),
        )
        .order_by(Session.id)
    )
    entries = _entries(edition_id, rows.all())
    return {
        session_id: entry
        if entry.state != SessionState.DRAFT
        else VersionEntry(entry.title, SessionState.PUBLISHED, entry.slot, entry.speaker_ids)
        for session_id, entry in entries.items()
    }


def list_draft_sessions(edition_id: int) -> list[SessionRow]:
    """Return the sessions as they would be public if the draft were published now, by time and room.

    Their `day` is the published one.
    """
    query = select_sessions(Placement).where(
        Session.edition_id == edition_id, (Session.state != SessionState.DRAFT) | Placement.starts_at.is_not(None)
    )
    return read_sessions(query)


def name_changes(edition_id: int, changes: Sequence[VersionChange], *, with_drafts: bool = False) -> ChangeNames:
    """Return the names that a list of changes needs, in three queries; `with_drafts` is for programme managers."""
    room_ids = {slot.room_id for change in changes for slot in (change.before, change.after) if slot}
    speaker_ids = {each for change in changes for each in (*change.speakers_before, *change.speakers_after)}
    rooms = db.session.execute(select(Room.id, Room.name).where(Room.edition_id == edition_id, Room.id.in_(room_ids)))
    slugs = db.session.execute(
        select(Session.id, Session.slug).where(
            *((Session.edition_id == edition_id,) if with_drafts else is_public(edition_id)),
            Session.id.in_({change.session_id for change in changes}),
        )
    )
    speakers = db.session.execute(
        select(Speaker.id, Speaker.name).where(Speaker.edition_id == edition_id, Speaker.id.in_(speaker_ids))
    )
    return ChangeNames(
        rooms={room_id: name for room_id, name in rooms},  # noqa: C416 - a row is not a pair to mypy
        slugs={session_id: slug for session_id, slug in slugs},  # noqa: C416
        speakers={speaker_id: name for speaker_id, name in speakers},  # noqa: C416
    )


_VERSION = (
    ProgramVersion.id,
    ProgramVersion.edition_id,
    ProgramVersion.number,
    ProgramVersion.label,
    ProgramVersion.published_at,
    ProgramVersion.published_by,
    ProgramVersion.changes,
)


def _version_row(row: Any) -> VersionRow:
    version_id, edition_id, number, label, published_at, published_by, changes = row
    changed = tuple(map(change_from_json, changes))
    return VersionRow(version_id, edition_id, number, label, published_at, published_by, changed)


def _entries(edition_id: int, rows: Sequence[Any]) -> dict[int, VersionEntry]:
    speakers: dict[int, list[int]] = {}
    for session_id, speaker_id in db.session.execute(
        select(SessionSpeaker.session_id, SessionSpeaker.speaker_id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Session.edition_id == edition_id)
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    ):
        speakers.setdefault(session_id, []).append(speaker_id)
    return {
        session_id: VersionEntry(
            title,
            state,
            Slot(room_id, starts_at, ends_at) if starts_at and ends_at else None,
            tuple(speakers.get(session_id, ())),
        )
        for session_id, title, state, room_id, starts_at, ends_at in rows
    }
