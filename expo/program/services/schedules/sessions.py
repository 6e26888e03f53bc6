"""Updating one session from a file, field by field, and adding a new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from expo.formats.schedule import ScheduleEvent, Texts
from expo.infra.db import db
from expo.program.models import Placement, Session, SessionSpeaker
from expo.program.queries.schedules import Program, Slot, name_in, published_slot
from expo.program.rules import SessionState
from expo.program.rules.merges import PLACE_FIELDS, merge_texts, next_base
from expo.program.rules.schedules import DEFAULT_MINUTES, end_of
from expo.program.services.schedules.comparing import Matched, field_id, uses_file_value
from expo.pure.merges import Merge
from expo.pure.names import search_text
from expo.pure.slugs import make_slug

_TEXTS = ("title", "subtitle", "abstract", "description")
_PLAIN = (*_TEXTS, "kind", "language", "level", "links", "attachments", "is_recording_refused")


@dataclass(frozen=True)
class Rows:
    """The rows that the keys of a file mean, and names for the search."""

    rooms: Mapping[str, int]
    tracks: Mapping[str, int]
    speakers: Mapping[str, int]
    speaker_names: Mapping[int, Texts]
    track_names: Mapping[int, Texts]


@dataclass(frozen=True)
class MergedSession:
    """What a merge leaves to be written: the new base, and the draft place if that changes."""

    base: dict[str, Any]
    takes_persons: bool
    takes_minutes: bool
    has_end: bool
    place: Placement | None


def merge_session(
    program: Program, each: Matched, rows: Rows, placement: Placement | None, take: frozenset[str], now: datetime
) -> MergedSession:
    """Update a session with what the file changed, or with what somebody decided to take from it."""
    session = each.session
    current = _current_values(program, session, placement)
    before = session.source.get("base", current if session.source.get("key") else {})
    base = dict(before)
    facts = _calendar_facts(session)
    taken: dict[str, Any] = {}
    stored = _stored_values(each.event, rows)
    for name, side in each.sides.items():
        merged = merge_texts(current[name], side.ours, side.theirs) if name in _TEXTS else stored[name]
        if uses_file_value(side, field_id("session", session.id, name), take):
            taken[name] = merged
        base[name] = next_base(side, before.get(name, current[name]), merged)
        if name == "start" and side.merge in (Merge.TAKE, Merge.ASK):
            base["day"] = each.event.day.isoformat() if each.event.day else None
    for name in _PLAIN:
        if name in taken and (taken[name] or name != "title"):
            setattr(session, name, taken[name])
    if "track" in taken:
        session.track_id = taken["track"]
    place = _move(session, each, taken, placement, rows) if taken.keys() & PLACE_FIELDS else None
    if taken:
        session.version += 1
        session.changed_at = now
        names = _names_after(program, session, taken, rows)
        session.search_text = _search_text(session, names, rows)
    if facts != _calendar_facts(session):
        session.sequence += 1
    usual = timedelta(minutes=DEFAULT_MINUTES)
    has_usual_length = session.starts_at and session.ends_at and session.ends_at - session.starts_at == usual
    has_end = each.event.minutes is not None or not has_usual_length
    return MergedSession(base, "persons" in taken, "minutes" in taken, has_end, place)


def _current_values(program: Program, session: Session, placement: Placement | None) -> dict[str, Any]:
    """Return the fields of a session, with its draft place, as they are stored in a base."""
    minutes = None
    if placement and (session.source.get("has_end", True) or placement.ends_at != session.ends_at):
        minutes = int((placement.ends_at - placement.starts_at).total_seconds() // 60)
    return {
        **{name: getattr(session, name) for name in _PLAIN},
        "start": placement.starts_at.isoformat() if placement else None,
        "day": session.day.isoformat() if session.day else None,
        "minutes": minutes,
        "room": placement.room_id if placement else None,
        "track": session.track_id,
        "persons": [
            {"id": link.speaker_id, "name": name_in(link, program.speakers[link.speaker_id])}
            for link in program.links.get(session.id, ())
        ],
    }


def _stored_values(event: ScheduleEvent, rows: Rows) -> dict[str, Any]:
    """Return the fields of an event as they are stored in a base."""
    return {
        **{name: getattr(event, name) for name in _PLAIN},
        "links": [vars(link) for link in event.links],
        "attachments": [vars(link) for link in event.attachments],
        "start": event.start.isoformat() if event.start else None,
        "day": event.day.isoformat() if event.day else None,
        "minutes": event.minutes,
        "room": _room_of(rows, event),
        "track": rows.tracks.get(event.track or ""),
        "persons": [
            {"id": rows.speakers[person.key], "name": person.name}
            for person in event.persons
            if person.key in rows.speakers
        ],
    }


def _room_of(rows: Rows, event: ScheduleEvent) -> int | None:
    """Return the room of an event."""
    return rows.rooms.get(event.room or "")


def _move(
    session: Session,
    each: Matched,
    taken: dict[str, Any],
    placement: Placement | None,
    rows: Rows,
) -> Placement | None:
    """Move a session in the published timetable, and return its place in the draft: with what was taken, in both."""
    event = each.event
    before = {
        "starts_at": session.starts_at.isoformat() if session.starts_at else None,
        "room_id": session.room_id,
    }
    if session.state != SessionState.DRAFT:
        moved = _moved(published_slot(session), event, taken, rows)
        if session.starts_at is not None and (moved.starts_at, moved.room_id) != (session.starts_at, session.room_id):
            session.moved_from = before
        session.starts_at, session.ends_at, session.room_id = moved.starts_at, moved.ends_at, moved.room_id
        if "start" in taken:
            session.day = event.day
    here = Slot(placement.starts_at, placement.ends_at, placement.room_id) if placement else Slot(None, None, None)
    moved = _moved(here, event, taken, rows)
    if moved.starts_at is None or moved.ends_at is None:
        return None
    return Placement(
        session_id=session.id,
        edition_id=session.edition_id,
        room_id=moved.room_id,
        starts_at=moved.starts_at,
        ends_at=moved.ends_at,
    )


def _moved(slot: Slot, event: ScheduleEvent, taken: dict[str, Any], rows: Rows) -> Slot:
    """Return a slot with what is taken from an event; a session that had none is placed as in the file."""
    was_placed = slot.starts_at is not None and slot.ends_at is not None
    starts_at = event.start if "start" in taken else slot.starts_at
    if starts_at is None:
        return Slot(None, None, slot.room_id)
    if "minutes" in taken or slot.starts_at is None or slot.ends_at is None:
        length = timedelta(minutes=DEFAULT_MINUTES if event.minutes is None else event.minutes)
    else:
        length = slot.ends_at - slot.starts_at
    room_id = _room_of(rows, event) if "room" in taken or not was_placed else slot.room_id
    return Slot(starts_at, starts_at + length, room_id)


def _names_after(program: Program, session: Session, taken: dict[str, Any], rows: Rows) -> list[Texts]:
    if "persons" in taken:
        return [each["name"] for each in taken["persons"]]
    return [rows.speaker_names[link.speaker_id] for link in program.links.get(session.id, ())]


def update_search_text(program: Program, session: Session, rows: Rows) -> None:
    """Let a session be found by the current names of its speakers."""
    session.search_text = _search_text(session, _names_after(program, session, {}, rows), rows)


def add_session(
    edition_id: int, event: ScheduleEvent, format_: str, rows: Rows, position: int, taken: set[str], now: datetime
) -> Session:
    """Add a session with all that the file has of it, published at once."""
    title = event.title or {"en": event.key}
    session = Session(
        edition_id=edition_id,
        slug=make_slug(title.get("en") or next(iter(title.values()), event.key), taken),
        external_id=event.key,
        title=title,
        subtitle=event.subtitle,
        abstract=event.abstract,
        description=event.description,
        kind=event.kind,
        language=event.language,
        level=event.level,
        links=[vars(link) for link in event.links],
        attachments=[vars(link) for link in event.attachments],
        is_recording_refused=event.is_recording_refused,
        track_id=rows.tracks.get(event.track or ""),
        room_id=_room_of(rows, event),
        day=event.day,
        starts_at=event.start,
        ends_at=end_of(event),
        position=position,
        sequence=0,
        changed_at=now,
    )
    session.search_text = _search_text(session, [person.name for person in event.persons], rows)
    session.source = {**describe_source(event, format_), "base": _stored_values(event, rows) | {"title": title}}
    db.session.add(session)
    return session


def describe_source(event: ScheduleEvent, format_: str) -> dict[str, Any]:
    """Return what identifies an event in its file, and what only its file has."""
    return {
        "format": format_,
        "key": event.key,
        "slug": event.slug,
        "guid": event.guid,
        "number": event.number,
        "url": event.url,
        "has_end": event.minutes is not None,
        "persons": [person.key for person in event.persons],
        "raw": event.raw,
    }


def link_speakers(
    session_id: int, event: ScheduleEvent, rows: Rows, before: Iterable[SessionSpeaker]
) -> list[dict[str, Any]]:
    """Return the distinct speakers of a session, with the name used in this event; known ones keep their role."""
    roles = {link.speaker_id: link.role for link in before}
    found: dict[int, dict[str, Any]] = {}
    for position, person in enumerate(event.persons):
        speaker_id = rows.speakers[person.key]
        found.setdefault(
            speaker_id,
            {
                "session_id": session_id,
                "speaker_id": speaker_id,
                "role": roles.get(speaker_id, "speaker"),
                "position": position,
                "source": {"name": person.name},
            },
        )
    return list(found.values())


def _search_text(session: Session, names: Iterable[Texts], rows: Rows) -> str:
    track = rows.track_names.get(session.track_id or 0, {})
    texts = [*session.title.values(), *session.subtitle.values()]
    return search_text(*texts, *(text for name in names for text in name.values()), *track.values())


def _calendar_facts(session: Session) -> tuple[object, ...]:
    """Return the facts about a session that a calendar shows."""
    return (session.title, session.starts_at, session.ends_at, session.room_id, session.track_id, session.attachments)
