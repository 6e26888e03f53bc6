"""Exports of the programme or of one attendee's agenda: exchange formats, calendars and PDF."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from expo.documents.schedule import (
    ScheduleDay,
    ScheduleLabels,
    ScheduleSession,
    render_personal_schedule,
    render_schedule,
)
from expo.documents.text import name_unprintable
from expo.editions.queries import EditionFacts
from expo.formats.calendars import CalendarEntry, write_ics
from expo.formats.writers import WRITERS
from expo.program.queries import (
    Address,
    SessionRow,
    list_own_program,
    list_sessions,
    list_sessions_of_person,
    load_draft_schedule,
    load_schedule,
)
from expo.pure.languages import locale_of, localized
from expo.registration.queries import AttendeeRow

__all__ = ["SCHEDULE_FORMATS", "Address", "ScheduleExportLabels"]

SCHEDULE_FORMATS = tuple(WRITERS)

# How often calendars look for changes of one's own schedule, and how long before a session they remind of it.
REFRESH_EVERY = REMIND_BEFORE = timedelta(minutes=15)


@dataclass(frozen=True)
class ScheduleExportLabels:
    """The texts of a printed schedule, in the reader's language."""

    programme: str
    by_time: str
    by_room: str
    page: str
    as_of: str
    nothing: str
    # The title of a session that is not held, with {title}.
    cancelled: str
    # What an appointment beside sessions is.
    meeting: str
    # The names of a session's type and language, given their codes.
    type_name: Callable[[str], str]
    language_name: Callable[[str], str]


def export_schedule(edition: EditionFacts, name: str, address: Address) -> bytes:
    """Return the published programme in one of the formats of `SCHEDULE_FORMATS`.

    A programme exported in the format it was imported from equals the imported file, apart from later changes.
    """
    schedule = load_schedule(edition, address)
    # A table does not name its time zone, so it is the expo's.
    return WRITERS[name](replace(schedule, zone=edition.zone) if name in ("csv", "xlsx") else schedule)


def export_draft(edition: EditionFacts, name: str, address: Address) -> bytes:
    """Return the draft of the programme in one of the formats of `SCHEDULE_FORMATS`: for organizers."""
    return WRITERS[name](load_draft_schedule(edition, address))


def export_ics(edition: EditionFacts, language: str, address: Address) -> bytes:
    """Return the programme as a calendar."""
    return _calendar(edition, list_sessions(edition.id), localized(edition.title, language), language, address)


def export_sessions_ics(
    edition: EditionFacts, name: str, sessions: Sequence[SessionRow], language: str, address: Address
) -> bytes:
    """Return some sessions as a calendar: one, or those of a room or speaker."""
    return _calendar(edition, sessions, name, language, address)


def export_agenda_ics(
    edition: EditionFacts, attendee_id: int, language: str, address: Address, others: Sequence[CalendarEntry] = ()
) -> bytes:
    """Return the sessions of an attendee's agenda and those in which they have a seat, and others, as a calendar."""
    own = list_own_program(attendee_id, edition.id)
    return _calendar(edition, own, localized(edition.title, language), language, address, others)


def export_own_ics(
    edition: EditionFacts, attendee_id: int, language: str, address: Address, others: Sequence[CalendarEntry] = ()
) -> bytes:
    """Return the same as a calendar to subscribe to, which follows changes and reminds of what comes next."""
    own = list_own_program(attendee_id, edition.id)
    title = localized(edition.title, language)
    return _calendar(edition, own, title, language, address, others, is_subscribed=True)


def export_pdf(edition: EditionFacts, language: str, words: ScheduleExportLabels) -> bytes:
    """Return the programme as a PDF in the reader's language, as of its last change: until the next, the same bytes."""
    sessions = list_sessions(edition.id)
    return render_schedule(
        title=localized(edition.title, language),
        subtitle=words.programme,
        days=_printed_days(sessions, edition.zone, language, words),
        language=language,
        labels=_labels(words),
        generated_at=edition.content_changed_at.astimezone(edition.zone),
    )


def list_unprintable_of(sessions: Sequence[SessionRow]) -> dict[str, str]:
    """Return the characters of sessions that none of the PDF's typefaces has, each with its code point, in order."""
    names = [name for each in sessions for name in (each.title, each.subtitle)]
    names += [part.name for each in sessions for part in (each.room, each.track, *each.speakers) if part]
    return name_unprintable(text for name in names for text in (name or {}).values())


def export_agenda_pdf(
    edition: EditionFacts,
    attendee: AttendeeRow,
    language: str,
    words: ScheduleExportLabels,
    now: datetime,
    others: Sequence[CalendarEntry] = (),
) -> bytes:
    """Return the sessions of an attendee's agenda and those in which they have a seat, and others, as a PDF."""
    own = list_own_program(attendee.id, edition.id)
    return render_personal_schedule(
        title=localized(edition.title, language),
        name=attendee.name,
        days=_printed_days(own, edition.zone, language, words, others),
        language=language,
        labels=_labels(words),
        generated_at=now.astimezone(edition.zone),
    )


def export_speaker_ics(edition: EditionFacts, person_id: int, language: str, address: Address) -> bytes:
    """Return the sessions that a person gives as a calendar."""
    sessions = list_sessions_of_person(edition.id, person_id)
    return _calendar(edition, sessions, localized(edition.title, language), language, address)


def export_speaker_pdf(
    edition: EditionFacts, person_id: int, name: str, language: str, words: ScheduleExportLabels, now: datetime
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


def _calendar(
    edition: EditionFacts,
    sessions: Sequence[SessionRow],
    name: str,
    language: str,
    address: Address,
    others: Sequence[CalendarEntry] = (),
    *,
    is_subscribed: bool = False,
) -> bytes:
    entries = [entry for row in sessions if (entry := _calendar_entry(edition, row, language, address))]
    entries += others
    if is_subscribed:
        entries = [replace(each, remind_before=REMIND_BEFORE) for each in entries]
    changed_at = edition.content_changed_at.replace(microsecond=0)
    every = REFRESH_EVERY if is_subscribed else None
    return write_ics(name, entries, edition.zone, changed_at, edition.slug, every)


def _calendar_entry(edition: EditionFacts, row: SessionRow, language: str, address: Address) -> CalendarEntry | None:
    """Return a session as an event; None if it never had a time.

    One that has lost its time is cancelled where it was, until it has another: calendars would keep it otherwise.
    """
    starts_at = row.starts_at or row.former_start
    if starts_at is None:
        return None
    return CalendarEntry(
        uid=f"{edition.slug}-session-{row.id}",
        title=localized(row.title, language),
        starts_at=starts_at,
        ends_at=row.ends_at or starts_at,
        location=localized(row.room.name, language) if row.room else "",
        description=", ".join(localized(speaker.name, language) for speaker in row.speakers),
        url=address(row.slug),
        categories=(localized(row.track.name, language),) if row.track else (),
        attachments=tuple(link["url"] for link in row.attachments),
        sequence=row.sequence,
        changed_at=row.changed_at,
        is_cancelled=row.is_cancelled or row.starts_at is None,
    )


def _printed_days(
    sessions: Sequence[SessionRow],
    zone: ZoneInfo,
    language: str,
    words: ScheduleExportLabels,
    others: Sequence[CalendarEntry] = (),
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
                title=_printed_title(row, language, words),
                speakers=tuple(localized(speaker.name, language) for speaker in row.speakers),
                track=localized(row.track.name, language) if row.track else None,
                language=words.language_name(row.language) if row.language else None,
                kind=words.type_name(row.kind) if row.kind else None,
            )
        )
    for entry in others:
        if not entry.is_cancelled:
            days[entry.starts_at.astimezone(zone).date()].append(_printed_appointment(entry, zone, words))
    return [
        ScheduleDay(format_date(day, "full", locale=locale_of(language)), tuple(listed))
        for day, listed in sorted(days.items())
    ]


def _printed_appointment(entry: CalendarEntry, zone: ZoneInfo, words: ScheduleExportLabels) -> ScheduleSession:
    # The address of a video call is too long for the column of rooms.
    is_address = "://" in entry.location
    return ScheduleSession(
        start=entry.starts_at.astimezone(zone),
        end=entry.ends_at.astimezone(zone),
        room="" if is_address else entry.location,
        hall=None,
        title=entry.title,
        speakers=(entry.location,) if is_address else (),
        track=None,
        language=None,
        kind=words.meeting,
    )


def _printed_title(row: SessionRow, language: str, words: ScheduleExportLabels) -> str:
    title = localized(row.title, language)
    return words.cancelled.replace("{title}", title) if row.is_cancelled else title


def _labels(words: ScheduleExportLabels) -> ScheduleLabels:
    return ScheduleLabels(words.programme, words.by_time, words.by_room, words.page, words.as_of, words.nothing)
