"""Exports of the programme or of one attendee's agenda: exchange formats, calendars and PDF."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select

from expo.documents.schedule import (
    ScheduleDay,
    ScheduleLabels,
    ScheduleSession,
    render_personal_schedule,
    render_schedule,
)
from expo.documents.text import name_unprintable
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.formats.calendars import CalendarEntry, write_ics
from expo.formats.frab_json import write_frab_json
from expo.formats.frab_xml import write_frab_xml
from expo.formats.opass_json import write_opass_json
from expo.formats.schedule import (
    Link,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    Texts,
)
from expo.formats.tables import write_csv, write_xlsx
from expo.infra.db import db
from expo.program.models import ScheduleSource, Session, SessionSpeaker, Speaker, Track
from expo.program.queries import SessionPage, SessionRow, list_agenda, list_sessions, list_sessions_of_person
from expo.pure.languages import locale_of, localized
from expo.registration.queries import AttendeeRow

# Returns the public address of a session by its slug.
Address = Callable[[str], str]


@dataclass(frozen=True)
class ScheduleWords:
    """The texts of a printed schedule, in the reader's language."""

    programme: str
    by_time: str
    by_room: str
    page: str
    as_of: str
    nothing: str
    # The names of a session's type and language, given their codes.
    type_name: Callable[[str], str]
    language_name: Callable[[str], str]


def load_schedule(edition: EditionFacts, address: Address) -> Schedule:
    """Return an edition's programme as a plain value, including everything from the imported file, if there was one."""
    source = db.session.get(ScheduleSource, edition.id)
    rooms = list(db.session.scalars(select(Room).where(Room.edition_id == edition.id).order_by(Room.position, Room.id)))
    tracks = list(
        db.session.scalars(select(Track).where(Track.edition_id == edition.id).order_by(Track.position, Track.id))
    )
    sessions = list(
        db.session.scalars(
            select(Session).where(Session.edition_id == edition.id).order_by(Session.position, Session.id)
        )
    )
    speakers = {
        speaker.id: speaker
        for speaker in db.session.scalars(
            select(Speaker).where(Speaker.edition_id == edition.id).order_by(Speaker.position, Speaker.id)
        )
    }
    persons = _persons_by_session(edition.id, speakers)
    room_keys = {room.id: _key_of(room) for room in rooms}
    track_keys = {track.id: _key_of(track) for track in tracks}
    document = source.document if source else {}
    days = [date.fromisoformat(day) for day in document.get("days", [])]
    days += sorted({session.day for session in sessions if session.day} - set(days))
    return Schedule(
        format=source.format if source else "own",  # type: ignore[arg-type]
        title=document.get("title") or edition.title.get("en") or next(iter(edition.title.values())),
        acronym=document.get("acronym") or edition.slug,
        version=document.get("version") or str(edition.content_version),
        base_url=document.get("base_url") or "",
        zone=ZoneInfo(document.get("zone") or edition.time_zone),
        events=tuple(
            _event(session, room_keys, track_keys, persons.get(session.id, []), address) for session in sessions
        ),
        rooms=tuple(ScheduleRoom(_key_of(room), room.name, room.source.get("raw")) for room in rooms),
        tracks=tuple(ScheduleTrack(_key_of(track), track.name, track.source.get("raw")) for track in tracks),
        persons=tuple(
            SchedulePerson(_key_of(each), each.name, each.biography, each.source.get("raw"))
            for each in speakers.values()
        ),
        days=tuple(days),
        document=document.get("document"),
    )


def export_schedule(edition: EditionFacts, name: str, address: Address) -> bytes:
    """Return the programme in the format `frab-xml`, `frab-json`, `json` (OPass), `csv` or `xlsx`.

    A programme exported in the format it was imported from equals the imported file, apart from later changes.
    """
    if name in ("csv", "xlsx"):
        return _table(edition, name)
    writers = {"frab-xml": write_frab_xml, "frab-json": write_frab_json, "json": write_opass_json}
    return writers[name](load_schedule(edition, address))


def export_ics(edition: EditionFacts, language: str, address: Address) -> bytes:
    """Return the programme as a calendar."""
    return _calendar(edition, list_sessions(edition.id), localized(edition.title, language), language, address)


def export_session_ics(edition: EditionFacts, session: SessionPage, language: str, address: Address) -> bytes:
    """Return one session as a calendar."""
    return _calendar(edition, [session.row], localized(session.row.title, language), language, address)


def export_agenda_ics(edition: EditionFacts, attendee_id: int, language: str, address: Address) -> bytes:
    """Return an attendee's own sessions as a calendar."""
    return _calendar(
        edition, list_agenda(attendee_id, edition.id), localized(edition.title, language), language, address
    )


def export_pdf(edition: EditionFacts, language: str, words: ScheduleWords, now: datetime) -> bytes:
    """Return the programme as a PDF in the reader's language."""
    sessions = list_sessions(edition.id)
    return render_schedule(
        title=localized(edition.title, language),
        subtitle=words.programme,
        days=_printed_days(sessions, edition.zone, language, words),
        language=language,
        labels=_labels(words),
        generated_at=now.astimezone(edition.zone),
    )


def list_unprintable_of(sessions: Sequence[SessionRow]) -> dict[str, str]:
    """Return the characters of sessions that none of the PDF's typefaces has, each with its code point, in order."""
    names = [name for each in sessions for name in (each.title, each.subtitle)]
    names += [part.name for each in sessions for part in (each.room, each.track, *each.speakers) if part]
    return name_unprintable(text for name in names for text in (name or {}).values())


def export_agenda_pdf(
    edition: EditionFacts, attendee: AttendeeRow, language: str, words: ScheduleWords, now: datetime
) -> bytes:
    """Return an attendee's own sessions as a PDF."""
    return render_personal_schedule(
        title=localized(edition.title, language),
        name=attendee.name,
        days=_printed_days(list_agenda(attendee.id, edition.id), edition.zone, language, words),
        language=language,
        labels=_labels(words),
        generated_at=now.astimezone(edition.zone),
    )


def export_speaker_ics(edition: EditionFacts, person_id: int, language: str, address: Address) -> bytes:
    """Return the sessions that a person gives as a calendar."""
    sessions = list_sessions_of_person(edition.id, person_id)
    return _calendar(edition, sessions, localized(edition.title, language), language, address)


def export_speaker_pdf(
    edition: EditionFacts, person_id: int, name: str, language: str, words: ScheduleWords, now: datetime
) -> bytes:
    """Return the sessions that a person gives as a PDF."""
    return render_personal_schedule(
        title=localized(edition.title, language),
        name=name,
        days=_printed_days(list_sessions_of_person(edition.id, person_id), edition.zone, language, words),
        language=language,
        labels=_labels(words),
        generated_at=now.astimezone(edition.zone),
    )


def _key_of(row: Any) -> str:
    return str(row.source.get("key") or row.slug)


def _persons_by_session(edition_id: int, speakers: dict[int, Speaker]) -> dict[int, list[SchedulePerson]]:
    """Return the speakers of each session, with the name used there in the file unless they have been renamed since."""
    found: dict[int, list[SchedulePerson]] = defaultdict(list)
    links = db.session.execute(
        select(SessionSpeaker.session_id, SessionSpeaker.speaker_id, SessionSpeaker.source)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Session.edition_id == edition_id)
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    )
    for session_id, speaker_id, source in links:
        speaker = speakers[speaker_id]
        renamed = speaker.name != speaker.source.get("name", speaker.name)
        name: Texts = speaker.name if renamed else source.get("name", speaker.name)
        found[session_id].append(SchedulePerson(_key_of(speaker), name, speaker.biography, speaker.source.get("raw")))
    return found


def _event(
    session: Session,
    room_keys: dict[int, str],
    track_keys: dict[int, str],
    persons: list[SchedulePerson],
    address: Address,
) -> ScheduleEvent:
    source = session.source
    minutes = None
    if session.starts_at and session.ends_at and source.get("has_end", True):
        minutes = int((session.ends_at - session.starts_at).total_seconds() // 60)
    return ScheduleEvent(
        key=str(source.get("key") or session.id),
        title=session.title,
        subtitle=session.subtitle,
        abstract=session.abstract,
        description=session.description,
        day=session.day,
        start=session.starts_at,
        minutes=minutes,
        room=room_keys.get(session.room_id or 0),
        track=track_keys.get(session.track_id or 0),
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
        raw=source.get("raw"),
    )


def _with_repeats(persons: list[SchedulePerson], keys: Sequence[str]) -> list[SchedulePerson]:
    """Return the persons as listed in the file, duplicates included, if they have not changed since."""
    by_key = {person.key: person for person in persons}
    if list(dict.fromkeys(keys)) != [person.key for person in persons]:
        return persons
    return [by_key[key] for key in keys]


def _table(edition: EditionFacts, name: str) -> bytes:
    headers = ["day", "start", "end", "room", "title", "speakers", "track", "type", "language"]
    headers += ["end day", "links", "attachments", "recording", "sequence", "level"]
    rows = [
        [
            row.day.isoformat() if row.day else "",
            row.starts_at.astimezone(edition.zone).strftime("%H:%M") if row.starts_at else "",
            row.ends_at.astimezone(edition.zone).strftime("%H:%M") if row.ends_at else "",
            localized(row.room.name, "en") if row.room else "",
            localized(row.title, "en"),
            "; ".join(localized(speaker.name, "en") for speaker in row.speakers),
            localized(row.track.name, "en") if row.track else "",
            row.kind,
            row.language,
            row.ends_at.astimezone(edition.zone).date().isoformat() if row.ends_at else "",
            " ".join(link["url"] for link in row.links),
            " ".join(link["url"] for link in row.attachments),
            "no" if row.is_recording_refused else "",
            row.sequence,
            row.level,
        ]
        for row in list_sessions(edition.id)
    ]
    return write_csv(headers, rows) if name == "csv" else write_xlsx(headers, rows, "Programme")


def _calendar(
    edition: EditionFacts, sessions: Sequence[SessionRow], name: str, language: str, address: Address
) -> bytes:
    entries = [
        CalendarEntry(
            uid=f"{edition.slug}-session-{row.id}",
            title=localized(row.title, language),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            location=localized(row.room.name, language) if row.room else "",
            description=", ".join(localized(speaker.name, language) for speaker in row.speakers),
            url=address(row.slug),
            categories=(localized(row.track.name, language),) if row.track else (),
            attachments=tuple(link["url"] for link in row.attachments),
            sequence=row.sequence,
        )
        for row in sessions
        if row.starts_at and row.ends_at
    ]
    return write_ics(name, entries, edition.zone, edition.content_changed_at.replace(microsecond=0), edition.slug)


def _printed_days(
    sessions: Sequence[SessionRow], zone: ZoneInfo, language: str, words: ScheduleWords
) -> list[ScheduleDay]:
    days: dict[date, list[ScheduleSession]] = defaultdict(list)
    for row in sessions:
        if row.day is None or row.starts_at is None or row.ends_at is None:
            continue
        days[row.day].append(
            ScheduleSession(
                start=row.starts_at.astimezone(zone),
                end=row.ends_at.astimezone(zone),
                room=localized(row.room.name, language) if row.room else "",
                hall=localized(row.room.hall_name, language) if row.room and row.room.hall_name else None,
                title=localized(row.title, language),
                speakers=tuple(localized(speaker.name, language) for speaker in row.speakers),
                track=localized(row.track.name, language) if row.track else None,
                language=words.language_name(row.language) if row.language else None,
                kind=words.type_name(row.kind) if row.kind else None,
            )
        )
    return [
        ScheduleDay(format_date(day, "full", locale=locale_of(language)), tuple(listed))
        for day, listed in sorted(days.items())
    ]


def _labels(words: ScheduleWords) -> ScheduleLabels:
    return ScheduleLabels(words.programme, words.by_time, words.by_room, words.page, words.as_of, words.nothing)
