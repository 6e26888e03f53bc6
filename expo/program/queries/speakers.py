"""Reads of speakers."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from expo.accounts.rules import Actor, Permission
from expo.infra.db import db
from expo.infra.files import FileFacts, get_file
from expo.program.errors import SpeakerMissing
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries.sessions import (
    MAX_LIMIT,
    SessionRow,
    Texts,
    any_session_query,
    is_public,
    read_sessions,
    session_query,
)
from expo.proposals.queries import find_profile
from expo.pure.names import search_terms
from expo.pure.periods import Period, read_periods
from expo.pure.versions import version_of


@dataclass(frozen=True)
class SpeakerRow:
    """A speaker as listed, with their number of sessions."""

    id: int
    slug: str
    name: Texts
    session_count: int
    is_public: bool = True


@dataclass(frozen=True)
class SpeakerPage:
    """A speaker with biography and sessions."""

    id: int
    slug: str
    name: Texts
    biography: Texts
    sessions: tuple[SessionRow, ...]
    links: tuple[dict[str, str], ...] = ()
    # Part of the address of the photo; None if there is none.
    photo_key: str | None = None
    unavailable: tuple[Period, ...] = ()
    is_public: bool = True
    person_id: int | None = None
    # For those who manage the programme.
    email: str = ""

    @property
    def version(self) -> str:
        """The version that a change of it must name."""
        return version_of(self.name, self.biography, self.links, self.unavailable, self.photo_key, self.email)


@dataclass(frozen=True)
class OwnProfile:
    """What a person tells about themselves as a speaker, as far as their entry in the programme has it."""

    name: Texts
    biography: Texts
    links: tuple[dict[str, str], ...]
    unavailable: tuple[Period, ...]
    photo: FileFacts | None


def find_own_profile(person_id: int) -> OwnProfile | None:
    """Return the profile of a person, or None."""
    profile = find_profile(person_id)
    if profile is None:
        return None
    values = profile.values
    return OwnProfile(
        name={"en": values.name},
        biography=dict(values.biography),
        links=tuple({"url": url, "title": title} for url, title in values.links),
        unavailable=profile.unavailable,
        photo=get_file(profile.photo_id) if profile.photo_id is not None else None,
    )


def list_speakers(
    edition_id: int, q: str = "", cursor: int | None = None, limit: int | None = None, offset: int = 0
) -> list[SpeakerRow]:
    """Return the public speakers whose names match, in programme order, starting after `cursor` (a position)."""
    query = _speaker_query(edition_id, q, cursor, is_public(edition_id)).where(Speaker.is_public)
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [SpeakerRow(*row) for row in db.session.execute(query)]


def list_speaker_words(edition_id: int) -> list[str]:
    """Return the distinct words that find a public speaker of an edition."""
    texts = db.session.scalars(select(Speaker.search_text).where(Speaker.edition_id == edition_id, Speaker.is_public))
    return sorted({word for text in texts for word in text.split()})


def list_all_speakers(edition_id: int, q: str = "", limit: int | None = None, offset: int = 0) -> list[SpeakerRow]:
    """Return all speakers whose names match, by name, with their number of sessions in all states: for organizers."""
    query = _speaker_query(edition_id, q, None, (Session.edition_id == edition_id,)).limit(limit).offset(offset)
    return [SpeakerRow(*row) for row in db.session.execute(query)]


def list_speakers_for(
    actor: Actor, edition_id: int, q: str = "", limit: int | None = None, offset: int = 0
) -> list[SpeakerRow]:
    """Return the speakers whose names match: all for programme managers, the public ones for others."""
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return list_all_speakers(edition_id, q, limit, offset)
    return list_speakers(edition_id, q, limit=limit, offset=offset)


def count_speakers_for(actor: Actor, edition_id: int, q: str = "") -> int:
    """Return how many speakers `list_speakers_for` finds."""
    query = select(func.count()).where(Speaker.edition_id == edition_id, *_names_match(q))
    if not actor.may(Permission.PROGRAM_MANAGE, edition_id):
        query = query.where(Speaker.is_public)
    return db.session.scalar(query) or 0


def _speaker_query(
    edition_id: int, q: str, cursor: int | None, counted: tuple[ColumnElement[bool], ...]
) -> Select[*tuple[Any, ...]]:
    count = (
        select(func.count())
        .select_from(SessionSpeaker)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(SessionSpeaker.speaker_id == Speaker.id, *counted)
        .scalar_subquery()
    )
    query = (
        select(Speaker.id, Speaker.slug, Speaker.name, count, Speaker.is_public)
        .where(Speaker.edition_id == edition_id)
        .order_by(Speaker.search_text, Speaker.id)
    )
    if cursor is not None:
        query = query.where(Speaker.id > cursor).order_by(None).order_by(Speaker.id)
    return query.where(*_names_match(q))


def _names_match(q: str) -> list[ColumnElement[bool]]:
    return [Speaker.search_text.like(f"% {term}%") for term in search_terms(q)]


def list_sessions_of_person(edition_id: int, person_id: int) -> list[SessionRow]:
    """Return the public sessions in which a person speaks or moderates, by time."""
    held = (
        select(SessionSpeaker.session_id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.edition_id == edition_id, Speaker.person_id == person_id)
    )
    return read_sessions(session_query(edition_id).where(Session.id.in_(held)))


def paginate_speakers(
    edition_id: int, cursor: int | None = None, limit: int = MAX_LIMIT
) -> tuple[list[SpeakerRow], int | None]:
    """Return the page of speakers after `cursor`, ordered by id, and the next cursor (None at the end)."""
    limit = max(1, min(limit, MAX_LIMIT))
    rows = list_speakers(edition_id, cursor=cursor or 0, limit=limit + 1)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def get_speaker(edition_id: int, slug: str) -> SpeakerPage:
    """Return one public speaker with biography and public sessions. Raises SpeakerMissing."""
    speaker = _get_speaker(edition_id, slug, session_query(edition_id), (Speaker.is_public.is_(True),))
    return replace(speaker, email="")


def get_any_speaker(edition_id: int, slug: str) -> SpeakerPage:
    """Return one speaker, public or not, with their sessions in all states: for organizers. Raises SpeakerMissing."""
    return _get_speaker(edition_id, slug, any_session_query(edition_id), ())


def get_speaker_for(actor: Actor, edition_id: int, slug: str) -> SpeakerPage:
    """Return a speaker: any for programme managers; a public one without internal values for others.

    Raises SpeakerMissing.
    """
    if actor.may(Permission.PROGRAM_MANAGE, edition_id):
        return get_any_speaker(edition_id, slug)
    return replace(get_speaker(edition_id, slug), unavailable=(), person_id=None)


def _get_speaker(
    edition_id: int, slug: str, sessions: Select[*tuple[Any, ...]], conditions: tuple[ColumnElement[bool], ...]
) -> SpeakerPage:
    query = select(Speaker).where(Speaker.edition_id == edition_id, Speaker.slug == slug, *conditions)
    speaker = db.session.scalars(query).one_or_none()
    if speaker is None:
        raise SpeakerMissing
    held = select(SessionSpeaker.session_id).where(SessionSpeaker.speaker_id == speaker.id)
    return SpeakerPage(
        id=speaker.id,
        slug=speaker.slug,
        name=speaker.name,
        biography=speaker.biography,
        sessions=tuple(read_sessions(sessions.where(Session.id.in_(held)))),
        links=tuple(speaker.links),
        photo_key=get_file(speaker.photo_id).key if speaker.photo_id is not None else None,
        unavailable=read_periods(speaker.unavailable),
        is_public=speaker.is_public,
        person_id=speaker.person_id,
        email=speaker.email,
    )
