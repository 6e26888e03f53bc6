"""Replacing the programme with an imported schedule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Room
from expo.editions.services import note_content_change
from expo.errors import Conflict
from expo.formats.schedule import Schedule, ScheduleEvent, SchedulePerson, Texts
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.program.models import (
    AgendaEntry,
    Placement,
    ScheduleSource,
    SeatHold,
    Session,
    SessionFeedback,
    SessionSpeaker,
    SessionType,
    Speaker,
    TimetableChange,
    Track,
)
from expo.pure.names import search_text
from expo.pure.slugs import make_slug

# For sessions whose duration is not in the file.
DEFAULT_MINUTES = 30
Row = TypeVar("Row", Room, Track, Speaker, Session)


@dataclass(frozen=True)
class ScheduleChange:
    """What an import changes or would change: sessions by their titles."""

    added: tuple[Texts, ...]
    changed: tuple[Texts, ...]
    unchanged: int
    removed: tuple[Texts, ...]

    @property
    def total(self) -> int:
        """The number of sessions before the import."""
        return len(self.changed) + self.unchanged + len(self.removed)

    @property
    def removes_much(self) -> bool:
        """Whether more than a tenth of the programme would be removed, which must be confirmed by typing the number."""
        return len(self.removed) * 10 > self.total


def preview_schedule(actor: Actor, edition_id: int, schedule: Schedule) -> ScheduleChange:
    """Return what importing this schedule would change, without changing anything."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    known = _by_key(db.session.scalars(select(Session).where(Session.edition_id == edition_id)))
    rooms = {room.id: _key_of(room) for room in db.session.scalars(select(Room).where(Room.edition_id == edition_id))}
    added, changed, unchanged = [], [], 0
    for event in schedule.events:
        session = known.get(event.key)
        if session is None:
            added.append(event.title)
        elif _is_same(session, event, rooms.get(session.room_id or 0)):
            unchanged += 1
        else:
            changed.append(event.title)
    keys = {event.key for event in schedule.events}
    removed = [session.title for key, session in known.items() if key not in keys]
    return ScheduleChange(tuple(added), tuple(changed), unchanged, tuple(removed))


def import_schedule(
    actor: Actor, edition_id: int, schedule: Schedule, now: datetime, *, allowed_removals: int | None = None
) -> ScheduleChange:
    """Replace the edition's programme. Sessions that remain keep their address and their place in agendas.

    Sessions, tracks and speakers missing from the schedule are removed; rooms are not. Raises Conflict
    `too_many_removals` if more than a tenth of the sessions, and more than `allowed_removals`, would be removed; None
    allows any number.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        change = preview_schedule(actor, edition_id, schedule)
        if allowed_removals is not None and change.removes_much and len(change.removed) > allowed_removals:
            raise Conflict("too_many_removals", field="removals", count=len(change.removed), total=change.total)
        rooms = _import_rooms(edition_id, schedule)
        tracks = _import_tracks(edition_id, schedule)
        speakers = _import_speakers(edition_id, schedule)
        _import_sessions(edition_id, schedule, rooms, tracks, speakers)
        _store_source(edition_id, schedule, now)
        note_content_change(edition_id, now)
        record_act(
            actor,
            "program.import_schedule",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            added=len(change.added),
            changed=len(change.changed),
            removed=len(change.removed),
        )
    return change


def _key_of(row: Row) -> str:
    """Return a row's key in the imported file; for rows created here, their slug."""
    return str(row.source.get("key") or row.slug)


def _by_key(rows: Iterable[Row]) -> dict[str, Row]:
    return {_key_of(row): row for row in rows}


def _is_same(session: Session, event: ScheduleEvent, room_key: str | None) -> bool:
    return (
        session.title == event.title
        and session.abstract == event.abstract
        and session.description == event.description
        and session.starts_at == event.start
        and session.ends_at == _end_of(event)
        and session.level == event.level
        and room_key == event.room
        and session.source.get("raw") == event.raw
    )


def _end_of(event: ScheduleEvent) -> datetime | None:
    if event.start is None:
        return None
    return event.start + timedelta(minutes=DEFAULT_MINUTES if event.minutes is None else event.minutes)


def _import_rooms(edition_id: int, schedule: Schedule) -> dict[str, int]:
    known = _by_key(db.session.scalars(select(Room).where(Room.edition_id == edition_id)))
    taken = {room.slug for room in known.values()}
    for position, each in enumerate(schedule.rooms):
        room = known.get(each.key)
        if room is None:
            room = Room(edition_id=edition_id, slug=make_slug(next(iter(each.name.values())), taken), name=each.name)
            db.session.add(room)
            known[each.key] = room
        room.name, room.position = each.name, position
        room.source = {"key": each.key, "raw": each.raw}
    db.session.flush()
    return {key: room.id for key, room in known.items()}


def _import_tracks(edition_id: int, schedule: Schedule) -> dict[str, int]:
    known = _by_key(db.session.scalars(select(Track).where(Track.edition_id == edition_id)))
    taken = {track.slug for track in known.values()}
    for position, each in enumerate(schedule.tracks):
        track = known.get(each.key)
        if track is None:
            track = Track(edition_id=edition_id, slug=make_slug(next(iter(each.name.values())), taken), name=each.name)
            db.session.add(track)
            known[each.key] = track
        track.name, track.position = each.name, position
        track.source = {"key": each.key, "raw": each.raw}
    db.session.flush()
    return {key: track.id for key, track in known.items()}


def _import_speakers(edition_id: int, schedule: Schedule) -> dict[str, int]:
    known = _by_key(db.session.scalars(select(Speaker).where(Speaker.edition_id == edition_id)))
    taken = {speaker.slug for speaker in known.values()}
    for position, each in enumerate(schedule.persons):
        speaker = known.get(each.key)
        if speaker is None:
            name = next(iter(each.name.values()), each.key)
            speaker = Speaker(edition_id=edition_id, slug=make_slug(name, taken), name=each.name)
            db.session.add(speaker)
            known[each.key] = speaker
        _fill_speaker(speaker, each, position)
    db.session.flush()
    return {key: speaker.id for key, speaker in known.items()}


def _fill_speaker(speaker: Speaker, each: SchedulePerson, position: int) -> None:
    speaker.external_id = each.key
    speaker.name = each.name or {"en": each.key}
    speaker.biography = each.biography
    speaker.position = position
    speaker.search_text = search_text(*speaker.name.values())
    speaker.source = {"key": each.key, "name": each.name, "raw": each.raw}


def _import_sessions(
    edition_id: int, schedule: Schedule, rooms: dict[str, int], tracks: dict[str, int], speakers: dict[str, int]
) -> None:
    known = _by_key(db.session.scalars(select(Session).where(Session.edition_id == edition_id)))
    keys = {event.key for event in schedule.events}
    gone = [session.id for key, session in known.items() if key not in keys]
    kept = [session.id for session in known.values()]
    db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id.in_(kept)))
    for table in (AgendaEntry, SeatHold, SessionFeedback, TimetableChange):
        db.session.execute(delete(table).where(table.session_id.in_(gone)))
    db.session.execute(delete(Placement).where(Placement.session_id.in_(kept)))
    db.session.execute(delete(Session).where(Session.id.in_(gone)).execution_options(synchronize_session="fetch"))
    taken = {session.slug for session in known.values()}
    sessions: list[tuple[Session, ScheduleEvent]] = []
    for position, event in enumerate(schedule.events):
        session = known.get(event.key)
        if session is None:
            slug = make_slug(event.title.get("en") or next(iter(event.title.values()), event.key), taken)
            session = Session(edition_id=edition_id, slug=slug, title=event.title)
            db.session.add(session)
        _fill_session(session, event, position, rooms, tracks)
        sessions.append((session, event))
    db.session.flush()
    db.session.add_all(
        Placement(
            session_id=session.id,
            edition_id=edition_id,
            room_id=session.room_id,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )
        for session, _ in sessions
        if session.starts_at and session.ends_at
    )
    _add_types(edition_id, schedule)
    links = [link for session, event in sessions for link in _speaker_links(session.id, event, speakers)]
    if links:
        db.session.execute(SessionSpeaker.__table__.insert(), links)  # type: ignore[attr-defined]
    _remove_unused(edition_id, schedule)


def _add_types(edition_id: int, schedule: Schedule) -> None:
    """Add the types of session that the edition does not have yet, under the names that the file uses."""
    known = set(db.session.scalars(select(SessionType.code).where(SessionType.edition_id == edition_id)))
    new = [kind for kind in dict.fromkeys(event.kind for event in schedule.events) if kind and kind not in known]
    for position, kind in enumerate(new, start=len(known)):
        db.session.add(SessionType(edition_id=edition_id, code=kind, name={"en": kind}, position=position))


def _fill_session(
    session: Session, event: ScheduleEvent, position: int, rooms: dict[str, int], tracks: dict[str, int]
) -> None:
    before = _calendar_facts(session) if session.id is not None else None
    session.external_id = event.key
    session.title = event.title or {"en": event.key}
    session.subtitle = event.subtitle
    session.abstract = event.abstract
    session.description = event.description
    session.track_id = tracks.get(event.track or "")
    session.room_id = rooms.get(event.room or "")
    session.kind = event.kind
    session.language = event.language
    session.level = event.level
    session.day = event.day
    session.starts_at = event.start
    session.ends_at = _end_of(event)
    session.position = position
    session.links = [vars(link) for link in event.links]
    session.attachments = [vars(link) for link in event.attachments]
    session.is_recording_refused = event.is_recording_refused
    if before is not None and before != _calendar_facts(session):
        session.sequence += 1
    names = [text for person in event.persons for text in person.name.values()]
    session.search_text = search_text(*event.title.values(), *event.subtitle.values(), *names, event.track or "")
    session.source = {
        "key": event.key,
        "slug": event.slug,
        "guid": event.guid,
        "number": event.number,
        "url": event.url,
        "has_end": event.minutes is not None,
        "persons": [person.key for person in event.persons],
        "raw": event.raw,
    }


def _calendar_facts(session: Session) -> tuple[object, ...]:
    """Return the facts about a session that a calendar shows."""
    return (session.title, session.starts_at, session.ends_at, session.room_id, session.track_id, session.attachments)


def _speaker_links(session_id: int, event: ScheduleEvent, speakers: dict[str, int]) -> list[dict[str, Any]]:
    """Return the distinct speakers of a session, with the name used in this event besides the person's own."""
    found: dict[int, dict[str, Any]] = {}
    for position, person in enumerate(event.persons):
        speaker_id = speakers[person.key]
        found.setdefault(
            speaker_id,
            {"session_id": session_id, "speaker_id": speaker_id, "position": position, "source": {"name": person.name}},
        )
    return list(found.values())


def _remove_unused(edition_id: int, schedule: Schedule) -> None:
    """Remove speakers and tracks that are not in the schedule."""
    persons = {person.key for person in schedule.persons}
    speakers = db.session.scalars(select(Speaker).where(Speaker.edition_id == edition_id))
    db.session.execute(
        delete(Speaker).where(Speaker.id.in_([each.id for each in speakers if _key_of(each) not in persons]))
    )
    names = {track.key for track in schedule.tracks}
    tracks = db.session.scalars(select(Track).where(Track.edition_id == edition_id))
    db.session.execute(delete(Track).where(Track.id.in_([each.id for each in tracks if _key_of(each) not in names])))


def _store_source(edition_id: int, schedule: Schedule, now: datetime) -> None:
    source = db.session.get(ScheduleSource, edition_id)
    if source is None:
        source = ScheduleSource(edition_id=edition_id, format=schedule.format, document={}, imported_at=now)
        db.session.add(source)
    source.format = schedule.format
    source.imported_at = now
    source.document = {
        "title": schedule.title,
        "acronym": schedule.acronym,
        "version": schedule.version,
        "base_url": schedule.base_url,
        "zone": schedule.zone.key,
        "days": [day.isoformat() for day in schedule.days],
        "document": schedule.document,
    }
    db.session.flush()
