"""Reads of speakers."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.infra.db import db
from expo.program.errors import SpeakerMissing
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries.sessions import MAX_LIMIT, SessionRow, Texts, is_public, read_sessions, session_query
from expo.pure.names import search_terms


@dataclass(frozen=True)
class SpeakerRow:
    """A speaker as listed, with their number of sessions."""

    id: int
    slug: str
    name: Texts
    session_count: int


@dataclass(frozen=True)
class SpeakerPage:
    """A speaker with biography and sessions."""

    id: int
    slug: str
    name: Texts
    biography: Texts
    sessions: tuple[SessionRow, ...]


def list_speakers(
    edition_id: int, q: str = "", cursor: int | None = None, limit: int | None = None
) -> list[SpeakerRow]:
    """Return the speakers whose names match, in programme order, starting after `cursor` (a position)."""
    count = (
        select(func.count())
        .select_from(SessionSpeaker)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(SessionSpeaker.speaker_id == Speaker.id, *is_public(edition_id))
        .scalar_subquery()
    )
    query = (
        select(Speaker.id, Speaker.slug, Speaker.name, count)
        .where(Speaker.edition_id == edition_id, Speaker.is_public)
        .order_by(Speaker.search_text, Speaker.id)
    )
    if cursor is not None:
        query = query.where(Speaker.id > cursor).order_by(None).order_by(Speaker.id)
    for term in search_terms(q):
        query = query.where(Speaker.search_text.like(f"% {term}%"))
    if limit is not None:
        query = query.limit(limit)
    return [SpeakerRow(*row) for row in db.session.execute(query)]


def list_sessions_of_person(edition_id: int, person_id: int) -> list[SessionRow]:
    """Return the public sessions in which a person speaks or moderates, by time."""
    held = (
        select(SessionSpeaker.session_id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.edition_id == edition_id, Speaker.person_id == person_id)
    )
    return read_sessions(session_query(edition_id).where(Session.id.in_(held)))


def page_speakers(
    edition_id: int, cursor: int | None = None, limit: int = MAX_LIMIT
) -> tuple[list[SpeakerRow], int | None]:
    """Return the page of speakers after `cursor`, ordered by id, and the next cursor (None at the end)."""
    limit = max(1, min(limit, MAX_LIMIT))
    rows = list_speakers(edition_id, cursor=cursor or 0, limit=limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def get_speaker(edition_id: int, slug: str) -> SpeakerPage:
    """Return one speaker with biography and sessions. Raises SpeakerMissing."""
    speaker = db.session.scalars(
        select(Speaker).where(Speaker.edition_id == edition_id, Speaker.slug == slug, Speaker.is_public)
    ).one_or_none()
    if speaker is None:
        raise SpeakerMissing
    held = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    sessions = read_sessions(session_query(edition_id).where(Session.id.in_(held)))
    return SpeakerPage(speaker.id, speaker.slug, speaker.name, speaker.biography, tuple(sessions))
