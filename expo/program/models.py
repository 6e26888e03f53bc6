"""Tables of the programme: tracks, speakers, sessions, their links, agendas, and the imported source."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
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
    search_text: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Session(Base):
    """A talk, panel or workshop, with its place and time once it has them."""

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
    kind: Mapped[str] = mapped_column(String(100), default="")
    # The language of the session, as given by the file or the speaker.
    language: Mapped[str] = mapped_column(String(64), default="")
    # One of expo.pure.levels.LEVELS, or the file's own term.
    level: Mapped[str] = mapped_column(String(64), default="")
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
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SessionSpeaker(Base):
    """A speaker of a session."""

    __tablename__ = "session_speaker"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), primary_key=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


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
