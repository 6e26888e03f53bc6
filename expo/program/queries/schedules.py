"""Reads of a whole programme as a schedule, the form that files have."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.formats.schedule import (
    Link,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    Texts,
)
from expo.infra.addresses import public_url
from expo.infra.db import db
from expo.infra.files import StoredFile
from expo.program.models import Placement, ScheduleSource, Session, SessionSpeaker, Speaker, Track
from expo.program.rules import SessionState

# Returns the public address of a session by its slug.
Address = Callable[[str], str]


@dataclass(frozen=True)
class Slot:
    """Where and when a session is: published, or in the draft."""

    starts_at: datetime | None
    ends_at: datetime | None
    room_id: int | None


@dataclass(frozen=True)
class Program:
    """The rows of an edition's programme, and the file that it came from."""

    edition: EditionFacts
    source: ScheduleSource | None
    rooms: tuple[Room, ...]
    tracks: tuple[Track, ...]
    sessions: tuple[Session, ...]
    speakers: dict[int, Speaker]
    # The links to speakers by session, in order.
    links: dict[int, list[SessionSpeaker]]

    @cached_property
    def room_keys(self) -> dict[int | None, str]:
        """The keys of rooms in files by id."""
        return {room.id: key_of(room) for room in self.rooms}

    @cached_property
    def track_keys(self) -> dict[int | None, str]:
        """The keys of tracks in files by id."""
        return {track.id: key_of(track) for track in self.tracks}

    @property
    def format(self) -> str:
        """The format of the file, or `own`."""
        return self.source.format if self.source else "own"


def load_schedule(edition: EditionFacts, address: Address) -> Schedule:
    """Return the published programme as a schedule, including what only its file has, if it came from one.

    Cancelled sessions are left out, because the formats cannot say that a session is cancelled.
    """
    program = read_program(edition)
    sessions = [session for session in program.sessions if session.state == SessionState.PUBLISHED]
    schedule = make_schedule(program, sessions, published_slot, address)
    # Speakers who appear only in drafts are not public yet.
    public = {key_of(speaker) for speaker in program.speakers.values() if speaker.is_public}
    public |= {person.key for event in schedule.events for person in event.persons}
    return replace(schedule, persons=tuple(person for person in schedule.persons if person.key in public))


def load_draft_schedule(edition: EditionFacts, address: Address) -> Schedule:
    """Return the draft timetable as a schedule, with the sessions that have no place yet: for organizers.

    Cancelled sessions are left out, as in `load_schedule`.
    """
    program = read_program(edition)
    placements = read_placements(edition.id)
    sessions = [session for session in program.sessions if session.state != SessionState.CANCELLED]
    return make_schedule(program, sessions, lambda session: draft_slot(placements.get(session.id)), address)


def read_program(edition: EditionFacts) -> Program:
    """Return the rows of an edition's programme."""
    links: dict[int, list[SessionSpeaker]] = defaultdict(list)
    for link in db.session.scalars(
        select(SessionSpeaker)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Session.edition_id == edition.id)
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    ):
        links[link.session_id].append(link)
    return Program(
        edition=edition,
        source=db.session.get(ScheduleSource, edition.id),
        rooms=_in_order(Room, edition.id),
        tracks=_in_order(Track, edition.id),
        sessions=_in_order(Session, edition.id),
        speakers={speaker.id: speaker for speaker in _in_order(Speaker, edition.id)},
        links=links,
    )


def _in_order(model: Any, edition_id: int) -> tuple[Any, ...]:
    query = select(model).where(model.edition_id == edition_id).order_by(model.position, model.id)
    return tuple(db.session.scalars(query))


def read_placements(edition_id: int) -> dict[int, Placement]:
    """Return the places in the draft timetable by session."""
    query = select(Placement).where(Placement.edition_id == edition_id)
    return {placement.session_id: placement for placement in db.session.scalars(query)}


def published_slot(session: Session) -> Slot:
    """Return the published place of a session."""
    return Slot(session.starts_at, session.ends_at, session.room_id)


def draft_slot(placement: Placement | None) -> Slot:
    """Return the place of a session in the draft; open if it has none."""
    if placement is None:
        return Slot(None, None, None)
    return Slot(placement.starts_at, placement.ends_at, placement.room_id)


def make_schedule(
    program: Program, sessions: Iterable[Session], slot_of: Callable[[Session], Slot], address: Address
) -> Schedule:
    """Return sessions at their places as a schedule, with all rooms, tracks and speakers of the programme."""
    document = program.source.document if program.source else {}
    edition = program.edition
    events = tuple(make_event(program, session, slot_of(session), address) for session in sessions)
    days = [date.fromisoformat(day) for day in document.get("days", [])]
    days += sorted({event.day for event in events if event.day} - set(days))
    photos = _list_photos(edition.id)
    return Schedule(
        format=program.format,  # type: ignore[arg-type]
        title=document.get("title") or edition.title.get("en") or next(iter(edition.title.values())),
        acronym=document.get("acronym") or edition.slug,
        version=document.get("version") or str(edition.content_version),
        base_url=document.get("base_url") or "",
        zone=ZoneInfo(document.get("zone") or edition.time_zone),
        events=events,
        rooms=tuple(ScheduleRoom(key_of(room), room.name, _raw_of(program, room)) for room in program.rooms),
        tracks=tuple(ScheduleTrack(key_of(track), track.name, _raw_of(program, track)) for track in program.tracks),
        persons=tuple(
            SchedulePerson(
                key_of(each),
                each.name,
                each.biography,
                _raw_of(program, each),
                photo=photos.get(each.id, ""),
                links=tuple(Link(**link) for link in each.links),
            )
            for each in program.speakers.values()
        ),
        days=tuple(days),
        document=document.get("document"),
    )


def _list_photos(edition_id: int) -> dict[int, str]:
    """Return the addresses of the photos of public speakers."""
    rows = db.session.execute(
        select(Speaker.id, Speaker.slug, StoredFile.key)
        .join(StoredFile, StoredFile.id == Speaker.photo_id)
        .where(Speaker.edition_id == edition_id, Speaker.is_public.is_(True))
    )
    return {speaker_id: public_url(f"/speakers/{slug}/{key}.jpg") for speaker_id, slug, key in rows}


def make_event(program: Program, session: Session, slot: Slot, address: Address) -> ScheduleEvent:
    """Return a session at a place as an event."""
    source = session.source
    minutes = None
    if slot.starts_at and slot.ends_at and (source.get("has_end", True) or slot != published_slot(session)):
        minutes = int((slot.ends_at - slot.starts_at).total_seconds() // 60)
    day = session.day
    if slot.starts_at != session.starts_at:
        day = program.edition.door_calendar.day_of(slot.starts_at) if slot.starts_at else None
    persons = [
        SchedulePerson(key_of(speaker), name_in(link, speaker), speaker.biography, _raw_of(program, speaker))
        for link in program.links.get(session.id, [])
        for speaker in (program.speakers[link.speaker_id],)
    ]
    return ScheduleEvent(
        key=session_key(session),
        title=session.title,
        subtitle=session.subtitle,
        abstract=session.abstract,
        description=session.description,
        day=day,
        start=slot.starts_at,
        minutes=minutes,
        room=program.room_keys.get(slot.room_id),
        track=program.track_keys.get(session.track_id),
        kind=session.kind,
        language=session.language,
        level=session.level,
        slug=str(source.get("slug", "")),
        guid=str(source.get("guid", "")),
        number=str(source.get("number", "")),
        links=tuple(Link(**link) for link in session.links),
        attachments=tuple(Link(**link) for link in session.attachments),
        is_recording_refused=session.is_recording_refused,
        url=str(source.get("url") or address(session.slug)),
        persons=tuple(_with_repeats(persons, source.get("persons", []))),
        raw=_raw_of(program, session),
        sequence=session.sequence,
    )


def session_key(session: Session) -> str:
    """Return the key of a session in files: that of its own file, or one of ours."""
    return str(session.source.get("key") or f"session-{session.id}")


def key_of(row: Room | Track | Speaker) -> str:
    """Return the key of a room, track or speaker in files: that of its own file, or its slug."""
    return str(row.source.get("key") or row.slug)


def name_in(link: SessionSpeaker, speaker: Speaker) -> Texts:
    """Return the name of a speaker in one session: as in the file, unless they have been renamed since."""
    if speaker.name != speaker.source.get("name", speaker.name):
        return speaker.name
    name: Texts = link.source.get("name", speaker.name)
    return name


def _raw_of(program: Program, row: Room | Track | Speaker | Session) -> Any:
    """Return what the file has of a row, if that is in the format of the programme's file."""
    if row.source.get("format", program.format) != program.format:
        return None
    return row.source.get("raw")


def _with_repeats(persons: list[SchedulePerson], keys: Sequence[str]) -> list[SchedulePerson]:
    """Return the persons as listed in the file, duplicates included, if they have not changed since."""
    by_key = {person.key: person for person in persons}
    if list(dict.fromkeys(keys)) != [person.key for person in persons]:
        return persons
    return [by_key[key] for key in keys]


def base_event(program: Program, session: Session, event: ScheduleEvent) -> ScheduleEvent | None:
    """Return an event as the last file had it; None for a session that never was in one.

    Before bases were stored, sessions could not be edited: then the event itself is the base.
    """
    base = session.source.get("base")
    if base is None:
        return event if session.source.get("key") else None
    start = datetime.fromisoformat(base["start"]) if base.get("start") else None
    return replace(
        event,
        title=base["title"],
        subtitle=base["subtitle"],
        abstract=base["abstract"],
        description=base["description"],
        day=date.fromisoformat(base["day"]) if base.get("day") else None,
        start=start,
        minutes=base["minutes"],
        room=program.room_keys.get(base["room"]),
        track=program.track_keys.get(base["track"]),
        kind=base["kind"],
        language=base["language"],
        level=base["level"],
        links=tuple(Link(**link) for link in base["links"]),
        attachments=tuple(Link(**link) for link in base["attachments"]),
        is_recording_refused=base["is_recording_refused"],
        persons=tuple(
            SchedulePerson(key_of(speaker), each["name"], speaker.biography, _raw_of(program, speaker))
            for each in base["persons"]
            for speaker in (program.speakers.get(each["id"]),)
            if speaker is not None
        ),
    )
