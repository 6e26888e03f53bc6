"""Acts on sessions: create, change, duplicate, cancel, reinstate and delete. Their places belong to the timetable."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.program.errors import SessionMissing
from expo.program.models import (
    AgendaEntry,
    Placement,
    SeatHold,
    Session,
    SessionFeedback,
    SessionSpeaker,
    SessionType,
    Speaker,
    Timetable,
    TimetableChange,
    Track,
)
from expo.program.queries import count_session_uses
from expo.program.rules import (
    SessionRequest,
    SessionState,
    SpeakerPart,
    check_session,
    require_cancellable,
    require_cancelled,
)
from expo.program.services.filters import fill_search_texts
from expo.program.services.materials import delete_materials
from expo.program.services.versions import record_planned_changes
from expo.pure.slugs import make_slug
from expo.pure.versions import require_version

# The rows that exist only for their session, and are deleted with it.
DEPENDENTS: tuple[Any, ...] = (AgendaEntry, SeatHold, SessionFeedback, TimetableChange, Placement, SessionSpeaker)
# What is stored under the same name as in the request.
SIMPLE_FIELDS = (
    "title", "subtitle", "abstract", "description", "kind", "language", "level", "stream_url", "recording_url",
    "seat_limit", "expected_audience", "takes_all_rooms", "is_recording_refused", "notes",
)  # fmt: skip
LIST_FIELDS = ("tags", "interpretation", "needs")
LINK_FIELDS = ("links", "attachments")
# The facts that a calendar shows; a change of them raises `sequence`.
CALENDAR_FIELDS = frozenset({"title", "track", "attachments", "stream_url"})


def create_session(actor: Actor, edition_id: int, request: SessionRequest, now: datetime) -> str:
    """Create a session as a draft and return its slug. Raises Invalid."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_session(request)
    with atomic():
        session = _add_session(edition_id, request, now)
        _record(actor, "create", session, now, title=session.title)
        return session.slug


@retried
def change_session(
    actor: Actor, edition_id: int, slug: str, request: SessionRequest, version: str | None, now: datetime
) -> None:
    """Change a session; if it is published, the change is public at once.

    Raises SessionMissing, Invalid, or Outdated if its version is not `version`; None allows any.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    request = check_session(request)
    with atomic():
        session = _lock_session(edition_id, slug, version)
        changed = _fill(session, request)
        if not changed:
            return
        if changed & CALENDAR_FIELDS:
            session.sequence += 1
        _touch(session, now)
        fill_search_texts([session.id])
        _record(actor, "change", session, now, fields=sorted(changed), title=session.title)


def duplicate_session(actor: Actor, edition_id: int, slug: str, now: datetime) -> str:
    """Create a draft with the values of a session, but without its place and recording, and return its slug."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        original = _find_session(edition_id, slug)
        parts = db.session.execute(
            select(Speaker.slug, SessionSpeaker.role)
            .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
            .where(SessionSpeaker.session_id == original.id)
            .order_by(SessionSpeaker.position)
        ).all()
        copy = Session(edition_id=edition_id, slug=_make_slug(edition_id, original.title), state=SessionState.DRAFT)
        for name in (*SIMPLE_FIELDS, *LIST_FIELDS, *LINK_FIELDS, "track_id"):
            setattr(copy, name, getattr(original, name))
        copy.recording_url = ""
        copy.position, copy.changed_at = _next_position(edition_id), now
        db.session.add(copy)
        db.session.flush()
        _set_speakers(copy, tuple(SpeakerPart(each.slug, each.role) for each in parts))
        fill_search_texts([copy.id])
        _record(actor, "create", copy, now, title=copy.title, duplicate_of=original.slug)
        return copy.slug


@retried
def cancel_session(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Cancel a published session; it stays visible as cancelled. Raises SessionMissing, Outdated or Conflict."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        session = _lock_session(edition_id, slug, version)
        require_cancellable(session.state)
        session.state = SessionState.CANCELLED
        if session.starts_at is not None:
            session.moved_from = _place_of(session)
        session.sequence += 1
        _touch(session, now)
        _record(actor, "cancel", session, now, title=session.title)


@retried
def reinstate_session(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Undo the cancellation of a session. Raises SessionMissing, Outdated or Conflict `session_not_cancelled`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        session = _lock_session(edition_id, slug, version)
        require_cancelled(session.state)
        session.state = SessionState.PUBLISHED
        if session.moved_from == _place_of(session):
            session.moved_from = None
        session.sequence += 1
        _touch(session, now)
        _record(actor, "reinstate", session, now, title=session.title)


@retried
def delete_session(
    actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime, *, with_uses: bool = True
) -> None:
    """Delete a session with everything that depends on it.

    Raises SessionMissing, Outdated, or Conflict `session_in_use` if attendees chose it and `with_uses` is false.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        # The timetable is locked first, as by every act that changes a placement.
        timetable = db.session.scalars(
            select(Timetable)
            .where(Timetable.edition_id == edition_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        session = _lock_session(edition_id, slug, version)
        uses = count_session_uses(session.id)
        if (uses.agendas or uses.seats or uses.feedback) and not with_uses:
            raise Conflict("session_in_use", **asdict(uses))
        if uses.is_placed and timetable is not None:
            timetable.revision += 1
        record_planned_changes(edition_id, session.id)
        for table in DEPENDENTS:
            db.session.execute(delete(table).where(table.session_id == session.id))
        delete_materials([session.id])
        title = session.title
        db.session.delete(session)
        db.session.flush()
        _record(actor, "delete", session, now, title=title, **asdict(uses))


def _find_session(edition_id: int, slug: str) -> Session:
    session = db.session.scalars(
        select(Session).where(Session.edition_id == edition_id, Session.slug == slug)
    ).one_or_none()
    if session is None:
        raise SessionMissing
    return session


def _lock_session(edition_id: int, slug: str, version: str | None) -> Session:
    """Return a session, locked until the commit. Raises SessionMissing or Outdated."""
    session = lock(Session, _find_session(edition_id, slug).id)
    if session is None:
        raise SessionMissing
    require_version(version, str(session.version))
    return session


def _add_session(edition_id: int, request: SessionRequest, now: datetime) -> Session:
    session = Session(
        edition_id=edition_id,
        slug=_make_slug(edition_id, request.title),
        title=request.title,
        state=SessionState.DRAFT,
        position=_next_position(edition_id),
        changed_at=now,
    )
    db.session.add(session)
    db.session.flush()
    _fill(session, request)
    fill_search_texts([session.id])
    return session


def _make_slug(edition_id: int, title: dict[str, str]) -> str:
    """Return a free slug; the edition is locked, so that nobody takes it in the meantime."""
    lock(Edition, edition_id)
    taken = set(db.session.scalars(select(Session.slug).where(Session.edition_id == edition_id)))
    return make_slug(title.get("en") or next(iter(title.values())), taken)


def _next_position(edition_id: int) -> int:
    last = db.session.scalar(
        select(Session.position).where(Session.edition_id == edition_id).order_by(Session.position.desc()).limit(1)
    )
    return 0 if last is None else last + 1


def _fill(session: Session, request: SessionRequest) -> set[str]:
    """Set the requested values and return the names of those that changed. Raises Invalid."""
    if request.kind != session.kind:
        _check_type(session.edition_id, request.kind)
    values = {name: getattr(request, name) for name in SIMPLE_FIELDS}
    values |= {name: list(getattr(request, name)) for name in LIST_FIELDS}
    values |= {name: [asdict(link) for link in getattr(request, name)] for name in LINK_FIELDS}
    changed = {name for name, value in values.items() if (getattr(session, name) or _empty(value)) != value}
    for name in changed:
        setattr(session, name, values[name])
    track_id = _find_track(session.edition_id, request.track)
    if track_id != session.track_id:
        session.track_id = track_id
        changed.add("track")
    db.session.flush()
    if _set_speakers(session, request.speakers):
        changed.add("speakers")
    return changed


def _empty(value: object) -> object:
    """Return what a column that was never set is compared as."""
    return type(value)() if isinstance(value, (str, dict, list, bool)) else None


def _check_type(edition_id: int, kind: str) -> None:
    known = select(SessionType.id).where(SessionType.edition_id == edition_id, SessionType.code == kind)
    if kind and db.session.scalar(known) is None:
        raise Invalid("session_type_missing", field="kind")


def _find_track(edition_id: int, slug: str | None) -> int | None:
    if not slug:
        return None
    track_id = db.session.scalar(select(Track.id).where(Track.edition_id == edition_id, Track.slug == slug))
    if track_id is None:
        raise Invalid("track_missing", field="track")
    return track_id


def _set_speakers(session: Session, parts: tuple[SpeakerPart, ...]) -> bool:
    """Set the speakers of a session in order, and return whether that changed anything. Raises Invalid."""
    wanted = [each.slug for each in parts]
    rows = db.session.execute(
        select(Speaker.slug, Speaker.id).where(Speaker.edition_id == session.edition_id, Speaker.slug.in_(wanted))
    ).all()
    ids = {row.slug: row.id for row in rows}
    if len(ids) < len(wanted):
        raise Invalid("speaker_missing", field="speakers")
    known = db.session.scalars(
        select(SessionSpeaker)
        .where(SessionSpeaker.session_id == session.id)
        .order_by(SessionSpeaker.position, SessionSpeaker.speaker_id)
    ).all()
    after = [(ids[each.slug], str(each.role)) for each in parts]
    if session.state != SessionState.DRAFT:
        _publish_speakers([speaker_id for speaker_id, _ in after])
    if [(each.speaker_id, each.role) for each in known] == after:
        return False
    rows_by_id = {each.speaker_id: each for each in known}
    for row in known:
        if row.speaker_id not in ids.values():
            db.session.delete(row)
    for position, (speaker_id, role) in enumerate(after):
        row = rows_by_id.get(speaker_id) or SessionSpeaker(session_id=session.id, speaker_id=speaker_id)
        row.position, row.role = position, role
        db.session.add(row)
    db.session.flush()
    return True


def _publish_speakers(speaker_ids: list[int]) -> None:
    """Make the speakers of a public session public."""
    db.session.execute(update(Speaker).where(Speaker.id.in_(speaker_ids), ~Speaker.is_public).values(is_public=True))


def _touch(session: Session, now: datetime) -> None:
    session.version += 1
    session.changed_at = now
    db.session.flush()


def _place_of(session: Session) -> dict[str, Any]:
    starts_at = session.starts_at.isoformat() if session.starts_at else None
    return {"starts_at": starts_at, "room_id": session.room_id}


def _record(actor: Actor, act: str, session: Session, now: datetime, **details: Any) -> None:
    record_act(
        actor,
        f"program.{act}_session",
        now,
        edition_id=session.edition_id,
        subject="session",
        subject_id=session.id,
        version=str(session.version),
        **details,
    )
    increment_content_version(session.edition_id, now)
