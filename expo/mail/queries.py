"""Reads of the outbox. An e-mail is rendered when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from expo.infra.db import db
from expo.mail.errors import LetterMissing
from expo.mail.models import Letter
from expo.mail.rules import LetterState
from expo.mail.words import put_into_words, put_subject_into_words


@dataclass(frozen=True)
class LetterRow:
    """An e-mail as listed."""

    id: int
    edition_id: int | None
    person_id: int | None
    to_email: str
    language: str
    message: str
    subject: str
    state: LetterState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class LetterFacts:
    """A rendered e-mail with its attachments (created when it is sent)."""

    row: LetterRow
    text: str
    html: str
    attachments: dict[str, Any]


@dataclass(frozen=True)
class LetterFilter:
    """Which e-mails to list; None and empty values do not restrict. `address` is any part of the address."""

    state: LetterState | None = None
    message: str = ""
    address: str = ""
    person_id: int | None = None


def list_letters(
    edition_id: int | None,
    *,
    state: LetterState | None = None,
    to_email: str | None = None,
    cursor: int | None = None,
    limit: int = 50,
) -> list[LetterRow]:
    """Return the e-mails of an edition (and those without one), newest first; `cursor` is the last id seen."""
    query = select(Letter).where((Letter.edition_id == edition_id) | Letter.edition_id.is_(None))
    if state is not None:
        query = query.where(Letter.state == state.value)
    if to_email is not None:
        query = query.where(Letter.to_email == to_email)
    if cursor is not None:
        query = query.where(Letter.id < cursor)
    return [_row_with_subject(letter) for letter in db.session.scalars(query.order_by(Letter.id.desc()).limit(limit))]


def find_letters(
    edition_id: int, wanted: LetterFilter, *, of_no_edition: bool, cursor: int | None = None, limit: int = 50
) -> tuple[list[LetterRow], int | None]:
    """Return the e-mails that match the whole filter, newest first, and the next cursor.

    E-mails without an edition are those for signing in: only administrators may set `of_no_edition`.
    """
    of_edition = Letter.edition_id == edition_id
    # Phrased so that the newest rows are read from the end of the table; an OR would collect and sort all of them.
    of_either = func.coalesce(Letter.edition_id, edition_id) == edition_id
    query = select(Letter).where(of_either if of_no_edition else of_edition)
    if wanted.state is not None:
        query = query.where(Letter.state == wanted.state.value)
    if wanted.message:
        query = query.where(Letter.message == wanted.message)
    if wanted.address:
        query = query.where(Letter.to_email.contains(wanted.address.strip().casefold(), autoescape=True))
    if wanted.person_id is not None:
        query = query.where(Letter.person_id == wanted.person_id)
    if cursor is not None:
        query = query.where(Letter.id < cursor)
    letters = db.session.scalars(query.order_by(Letter.id.desc()).limit(limit + 1)).all()
    rows = [_row_with_subject(letter) for letter in letters[:limit]]
    return rows, letters[limit - 1].id if len(letters) > limit else None


def list_messages(edition_id: int) -> list[str]:
    """Return the kinds of e-mails that an edition has."""
    query = select(Letter.message).where(Letter.edition_id == edition_id).distinct().order_by(Letter.message)
    return list(db.session.scalars(query))


def get_letter(edition_id: int | None, letter_id: int) -> LetterFacts:
    """Return one rendered e-mail of an edition (or without one), its links removed: they are for its recipient only.

    Raises LetterMissing.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.edition_id not in (None, edition_id):
        raise LetterMissing
    return _facts(letter, letter.links, with_links=False)


def get_letter_with_links(letter_id: int, links: Mapping[str, Any]) -> LetterFacts:
    """Return one rendered e-mail with working links, as its recipient gets it. Raises LetterMissing."""
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        raise LetterMissing
    return _facts(letter, links, with_links=True)


def get_stored_links(letter_id: int) -> dict[str, Any]:
    """Return the payloads that the links of an e-mail will be signed for. Raises LetterMissing."""
    links: dict[str, Any] | None = db.session.scalar(select(Letter.links).where(Letter.id == letter_id))
    if links is None:
        raise LetterMissing
    return links


def list_newest_letters(to_email: str = "", limit: int = 20) -> list[LetterRow]:
    """Return the newest e-mails of all editions, or those to one address; for the operator of the installation."""
    query = select(Letter).order_by(Letter.id.desc()).limit(limit)
    if to_email:
        query = query.where(Letter.to_email == to_email)
    return [_row_with_subject(letter) for letter in db.session.scalars(query)]


def count_letters(edition_id: int) -> dict[LetterState, int]:
    """Return the number of an edition's e-mails in each state."""
    rows = db.session.execute(
        select(Letter.state, func.count()).where(Letter.edition_id == edition_id).group_by(Letter.state)
    )
    return {LetterState(state): count for state, count in rows}


def attachments_of(letter_id: int) -> tuple[int | None, dict[str, Any]]:
    """Return the edition of an e-mail and what to attach to it. Raises LetterMissing."""
    row = db.session.execute(select(Letter.edition_id, Letter.attachments).where(Letter.id == letter_id)).one_or_none()
    if row is None:
        raise LetterMissing
    return row.edition_id, row.attachments


def _facts(letter: Letter, links: Mapping[str, Any], *, with_links: bool) -> LetterFacts:
    words = put_into_words(letter.message, letter.language, letter.details, links, with_links=with_links)
    return LetterFacts(_row(letter, words.subject), words.text, words.html, letter.attachments)


def _row_with_subject(letter: Letter) -> LetterRow:
    return _row(letter, put_subject_into_words(letter.message, letter.language, letter.details))


def _row(letter: Letter, subject: str) -> LetterRow:
    return LetterRow(
        id=letter.id,
        edition_id=letter.edition_id,
        person_id=letter.person_id,
        to_email=letter.to_email,
        language=letter.language,
        message=letter.message,
        subject=subject,
        state=LetterState(letter.state),
        attempts=letter.attempts,
        created_at=letter.created_at,
        sent_at=letter.sent_at,
        last_error=letter.last_error,
    )
