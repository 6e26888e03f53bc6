"""Tables of the programme: tracks, types, speakers, sessions, the timetable and its versions, agendas, imports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Track(Base):
    """A theme that groups sessions."""

    __tablename__ = "track"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SessionType(Base):
    """A type of session, such as a talk or a workshop; sessions refer to it by its code, in `kind`."""

    __tablename__ = "session_type"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(100))
    name: Mapped[dict[str, str]]
    # The usual duration.
    minutes: Mapped[int | None]
    # Breaks have no speakers, seats or stars.
    is_break: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)


class Speaker(Base):
    """Someone who speaks in sessions."""

    __tablename__ = "speaker"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # The id that the imported file uses.
    external_id: Mapped[str | None] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[dict[str, str]]
    biography: Mapped[dict[str, str]] = mapped_column(default=dict)
    # The account of the speaker, if they have one.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # Where they are written to, and with which they sign in, if they have no account; never public. Empty if unknown.
    email: Mapped[str] = mapped_column(String(320), default="", server_default="", index=True)
    # When they were last invited to their pages.
    invited_at: Mapped[datetime | None]
    # Their registration, which was made or found when they got a speaker's ticket.
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"), index=True)
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # Each {"url": …, "title": …}.
    links: Mapped[list[dict[str, str]]] = mapped_column(default=list, server_default="[]")
    # When they cannot speak: each {"from": RFC 3339, "to": RFC 3339}.
    unavailable: Mapped[list[dict[str, str]]] = mapped_column(default=list, server_default="[]")
    # False until a version of the timetable with one of their sessions is published.
    is_public: Mapped[bool] = mapped_column(default=True, server_default=true())
    search_text: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Session(Base):
    """A talk, panel or workshop. Its day, times and room are the published ones; Placement has those of the draft."""

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="times"),
        Index("ix_session_edition_id_day", "edition_id", "day", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    external_id: Mapped[str | None] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(160))
    title: Mapped[dict[str, str]]
    subtitle: Mapped[dict[str, str]] = mapped_column(default=dict)
    abstract: Mapped[dict[str, str]] = mapped_column(default=dict)
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    # See rules.SessionState.
    state: Mapped[str] = mapped_column(String(16), default="published", server_default="published")
    # The accepted proposal that it was made from.
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), unique=True)
    # The code of its type, or the file's own term.
    kind: Mapped[str] = mapped_column(String(100), default="")
    # The language of the session, as given by the file or the speaker.
    language: Mapped[str] = mapped_column(String(64), default="")
    # One of expo.pure.levels.LEVELS, or the file's own term.
    level: Mapped[str] = mapped_column(String(64), default="")
    # The languages into which it is interpreted.
    interpretation: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    # The number of seats that attendees can take in advance; None if seats are not taken.
    seat_limit: Mapped[int | None]
    expected_audience: Mapped[int | None]
    # The equipment that the room must have.
    needs: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    # Such as an opening or a lunch break, during which nothing else is held.
    takes_all_rooms: Mapped[bool] = mapped_column(default=False, server_default=false())
    stream_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    recording_url: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # For organizers only.
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The day of the programme: a session after midnight still belongs to the previous day.
    day: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(Text, default="")
    # Each {"url": …, "title": …}.
    links: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    attachments: Mapped[list[dict[str, str]]] = mapped_column(default=list)
    is_recording_refused: Mapped[bool] = mapped_column(default=False)
    # Incremented by every change that is visible in a calendar.
    sequence: Mapped[int] = mapped_column(default=0)
    # Incremented by every change by hand, which must name the version that it changes.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    # Where it was before it was last moved or cancelled: {"starts_at": RFC 3339 or null, "room_id": id or null}.
    moved_from: Mapped[dict[str, Any] | None]
    changed_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SessionMaterial(Base):
    """A file that attendees of a session can download."""

    __tablename__ = "session_material"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    # Empty: it is called by the name of the file.
    title: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime]


class SessionSpeaker(Base):
    """A speaker of a session."""

    __tablename__ = "session_speaker"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id"), primary_key=True, index=True)
    # See rules.SpeakerRole.
    role: Mapped[str] = mapped_column(String(16), default="speaker", server_default="speaker")
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Placement(Base):
    """The place of a session in the draft timetable; a session without one is not placed."""

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", name="times"),
        Index("ix_placement_edition_id_starts_at", "edition_id", "starts_at"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Timetable(Base):
    """The draft timetable of an edition: its revision, and how it will be published."""

    __tablename__ = "timetable"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    # Incremented by every change of a placement.
    revision: Mapped[int] = mapped_column(default=0)
    # Part of the secret address of the preview; None while there is none.
    preview_key: Mapped[str | None] = mapped_column(String(64))
    # When the draft will be published automatically, and who said so.
    publish_at: Mapped[datetime | None]
    publish_by: Mapped[int | None]
    # The name of the version that it will make, and whether the people concerned get an e-mail.
    publish_label: Mapped[str] = mapped_column(String(100), default="", server_default="")
    publish_notify: Mapped[bool] = mapped_column(default=True, server_default=true())
    # For the checks: what a speaker needs from one hall to another, and the pause between two sessions in a room.
    walking_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    buffer_minutes: Mapped[int] = mapped_column(default=0, server_default="0")


class TimetableChange(Base):
    """A change of one placement; the log that editors follow, and that undo goes back through."""

    __tablename__ = "timetable_change"
    __table_args__ = (UniqueConstraint("edition_id", "request_id"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    # Each {"room_id": …, "starts_at": RFC 3339, "ends_at": RFC 3339}, or None if it was not placed.
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    changed_by: Mapped[int | None]
    changed_at: Mapped[datetime]
    # Chosen by the browser, so that a request that is sent twice changes the placement once.
    request_id: Mapped[str | None] = mapped_column(String(64))
    # The revision that this change undoes; if that one was an undo itself, this is a redo.
    undoes: Mapped[int | None]


class ProgramVersion(Base):
    """A published version of the timetable."""

    __tablename__ = "program_version"
    __table_args__ = (UniqueConstraint("edition_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(100), default="")
    # Where each session was: {session id: {"room_id": …, "starts_at": RFC 3339, "ends_at": RFC 3339}}.
    placements: Mapped[dict[str, Any]]
    # What changed since the previous version; see rules.versions.
    changes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]


class VersionNotice(Base):
    """A person who was notified by e-mail of what a version changed for them, so that nobody is notified twice."""

    __tablename__ = "version_notice"

    version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class ScheduleSource(Base):
    """The source of an edition's programme: what the file contains besides sessions, speakers, tracks and rooms."""

    __tablename__ = "schedule_source"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    format: Mapped[str] = mapped_column(String(16))
    document: Mapped[dict[str, Any]]
    imported_at: Mapped[datetime]


class AgendaEntry(Base):
    """A session that an attendee wants to see."""

    __tablename__ = "agenda_entry"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True, index=True)
    added_at: Mapped[datetime]


class SeatHold(Base):
    """An attendee's seat in a session with a seat limit, or their place in its waiting list."""

    __tablename__ = "seat_hold"
    __table_args__ = (
        Index("ix_seat_hold_session_id_state", "session_id", "state", "number"),
        Index("ix_seat_hold_state", "state"),
        Index("ix_seat_hold_changed_at", "changed_at"),
    )

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    # See rules.SeatState.
    state: Mapped[str] = mapped_column(String(16))
    # Ascending in the order in which people asked for a seat in this session.
    number: Mapped[int]
    # Until when an offered seat can be accepted.
    offered_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class SessionFeedback(Base):
    """What an attendee thought of a session."""

    __tablename__ = "session_feedback"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True, index=True)
    # From 1 to 5.
    rating: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Reminders(Base):
    """How an attendee is reminded of their sessions."""

    __tablename__ = "reminders"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    # The random secret in the address of the calendar feed; None while there is no feed.
    calendar_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    # An e-mail in the evening with the sessions of the next day.
    in_the_evening: Mapped[bool] = mapped_column(default=False)
    # An e-mail shortly before each session.
    before_sessions: Mapped[bool] = mapped_column(default=False)


class SentReminder(Base):
    """A reminder that was written, so that it is written once."""

    __tablename__ = "sent_reminder"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    # The day, or the session and its time.
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    sent_at: Mapped[datetime]
