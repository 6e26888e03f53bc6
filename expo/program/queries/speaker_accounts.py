"""Reads of speakers' entries by the address of somebody who has an account, or may get one."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.infra.files import FileFacts, get_file
from expo.program.models import Session, SessionMaterial, SessionSpeaker, Speaker
from expo.program.queries.sessions import SessionRow, Texts, is_public
from expo.program.rules import SpeakerRole


@dataclass(frozen=True)
class UnclaimedEntry:
    """A speaker in the programme who has an address but no account."""

    id: int
    slug: str
    name: Texts
    biography: Texts
    links: tuple[dict[str, str], ...]
    photo: FileFacts | None
    email: str
    invited_at: datetime | None
    # Of the account that has the address but not the entry; empty without one.
    account_language: str
    # Of their public sessions.
    titles: tuple[Texts, ...]


def list_unclaimed_entries(edition_id: int, email: str | None = None) -> list[UnclaimedEntry]:
    """Return the speakers with an address and without an account, or those with this address, by name."""
    query = (
        select(Speaker, func.coalesce(Person.language, ""))
        .outerjoin(Person, Person.email == Speaker.email)
        .where(Speaker.edition_id == edition_id, Speaker.person_id.is_(None))
        .where(Speaker.email == email if email else Speaker.email != "")
        .order_by(Speaker.search_text, Speaker.id)
        .execution_options(populate_existing=True)
    )
    speakers = db.session.execute(query).all()
    titles = _titles_of(edition_id) if speakers else {}
    return [
        UnclaimedEntry(
            id=each.id,
            slug=each.slug,
            name=each.name,
            biography=each.biography,
            links=tuple(each.links),
            photo=get_file(each.photo_id) if email and each.photo_id is not None else None,
            email=each.email,
            invited_at=each.invited_at,
            account_language=language,
            titles=tuple(titles.get(each.id, ())),
        )
        for each, language in speakers
    ]


def list_languages_by_address(edition_id: int) -> dict[str, set[str]]:
    """Return the languages of the sessions of speakers without an account, by their address, as sessions name them."""
    rows = db.session.execute(
        select(Speaker.email, Session.language)
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(
            Speaker.edition_id == edition_id,
            Speaker.person_id.is_(None),
            Speaker.email != "",
            Session.language != "",
        )
        .distinct()
    )
    languages: dict[str, set[str]] = defaultdict(set)
    for email, language in rows:
        languages[email].add(language)
    return languages


def is_address_of_speaker(email: str) -> bool:
    """Return whether a speaker without an account has this address, at any expo."""
    return bool(email) and bool(
        db.session.scalar(select(exists().where(Speaker.email == email, Speaker.person_id.is_(None))))
    )


def list_titles_of_person(edition_id: int, person_id: int) -> list[Texts] | None:
    """Return the titles of the sessions of a person, in all states; None if they are not a speaker of the expo."""
    own = select(Speaker.id).where(Speaker.edition_id == edition_id, Speaker.person_id == person_id)
    speaker_ids = db.session.scalars(own).all()
    if not speaker_ids:
        return None
    titles = _titles_of(edition_id, speaker_ids)
    return [title for speaker_id in speaker_ids for title in titles.get(speaker_id, ())]


def has_photo_in_program(edition_id: int, person_id: int) -> bool:
    """Return whether an entry of a person has a photo."""
    has_photo = exists().where(
        Speaker.edition_id == edition_id, Speaker.person_id == person_id, Speaker.photo_id.is_not(None)
    )
    return bool(db.session.scalar(select(has_photo)))


def list_sessions_without_slides(rows: Sequence[SessionRow], person_id: int) -> list[SessionRow]:
    """Return the sessions in which a person speaks and to which nobody has added a file yet.

    Not those made from proposals, whose slides are uploaded there, nor those in which they only moderate.
    """
    wanted = [each for each in rows if not each.attachments]
    query = (
        select(Session.id)
        .join(SessionSpeaker, SessionSpeaker.session_id == Session.id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(
            Session.id.in_([each.id for each in wanted]),
            Session.proposal_id.is_(None),
            Speaker.person_id == person_id,
            SessionSpeaker.role == SpeakerRole.SPEAKER,
            ~exists().where(SessionMaterial.session_id == Session.id),
        )
    )
    without = set(db.session.scalars(query)) if wanted else set()
    return [each for each in wanted if each.id in without]


def _titles_of(edition_id: int, speaker_ids: Sequence[int] | None = None) -> dict[int, list[Texts]]:
    """Return the titles of the public sessions of speakers without an account, or of all sessions of these speakers."""
    of_whom: tuple[ColumnElement[bool], ...] = (Speaker.person_id.is_(None), *is_public(edition_id))
    if speaker_ids is not None:
        of_whom = (Speaker.id.in_(speaker_ids),)
    rows = db.session.execute(
        select(SessionSpeaker.speaker_id, Session.title)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.edition_id == edition_id, *of_whom)
        .order_by(SessionSpeaker.speaker_id, Session.starts_at, Session.id)
    )
    titles: dict[int, list[Texts]] = {}
    for speaker_id, title in rows:
        titles.setdefault(speaker_id, []).append(title)
    return titles
