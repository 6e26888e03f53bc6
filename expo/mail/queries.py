"""Reads of the outbox. An e-mail is rendered when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select

from expo.infra.db import db
from expo.mail.errors import EmailMissing
from expo.mail.models import Email
from expo.mail.rendering import render_email, render_subject
from expo.mail.rules import EmailState


@dataclass(frozen=True)
class EmailRow:
    """An e-mail as listed."""

    id: int
    edition_id: int | None
    person_id: int | None
    to_email: str
    language: str
    message: str
    subject: str
    state: EmailState
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    last_error: str | None


@dataclass(frozen=True)
class EmailFacts:
    """A rendered e-mail with its attachments (created when it is sent)."""

    row: EmailRow
    text: str
    html: str
    attachments: dict[str, Any]


@dataclass(frozen=True)
class EmailFilter:
    """Which e-mails to list; None and empty values do not restrict. `address` is any part of the address."""

    state: EmailState | None = None
    message: str = ""
    address: str = ""
    person_id: int | None = None


def list_emails(
    edition_id: int | None,
    *,
    state: EmailState | None = None,
    to_email: str | None = None,
    cursor: int | None = None,
    limit: int = 50,
) -> list[EmailRow]:
    """Return the e-mails of an edition (and those without one), newest first; `cursor` is the last id seen."""
    query = select(Email).where((Email.edition_id == edition_id) | Email.edition_id.is_(None))
    if state is not None:
        query = query.where(Email.state == state.value)
    if to_email is not None:
        query = query.where(Email.to_email == to_email)
    if cursor is not None:
        query = query.where(Email.id < cursor)
    return [_row_with_subject(email) for email in db.session.scalars(query.order_by(Email.id.desc()).limit(limit))]


def has_email_of_form(person_id: int, message: str, key: str) -> bool:
    """Return whether a person's form with this key has already written an e-mail: it was sent twice."""
    written = exists().where(
        Email.person_id == person_id, Email.message == message, Email.details["form_key"].as_string() == key
    )
    return bool(key) and bool(db.session.scalar(select(written)))


def find_emails(
    edition_id: int, filters: EmailFilter, *, of_no_edition: bool, cursor: int | None = None, limit: int = 50
) -> tuple[list[EmailRow], int | None]:
    """Return the e-mails that match the whole filter, newest first, and the next cursor.

    E-mails without an edition are those for signing in: only administrators may set `of_no_edition`.
    """
    of_edition = Email.edition_id == edition_id
    # Phrased so that the newest rows are read from the end of the table; an OR would collect and sort all of them.
    of_either = func.coalesce(Email.edition_id, edition_id) == edition_id
    query = select(Email).where(of_either if of_no_edition else of_edition)
    if filters.state is not None:
        query = query.where(Email.state == filters.state.value)
    if filters.message:
        query = query.where(Email.message == filters.message)
    if filters.address:
        query = query.where(Email.to_email.contains(filters.address.strip().casefold(), autoescape=True))
    if filters.person_id is not None:
        query = query.where(Email.person_id == filters.person_id)
    if cursor is not None:
        query = query.where(Email.id < cursor)
    emails = db.session.scalars(query.order_by(Email.id.desc()).limit(limit + 1)).all()
    rows = [_row_with_subject(email) for email in emails[:limit]]
    return rows, emails[limit - 1].id if len(emails) > limit else None


def list_messages(edition_id: int) -> list[str]:
    """Return the kinds of e-mails that an edition has."""
    query = select(Email.message).where(Email.edition_id == edition_id).distinct().order_by(Email.message)
    return list(db.session.scalars(query))


def get_email(edition_id: int | None, email_id: int) -> EmailFacts:
    """Return one rendered e-mail of an edition (or without one), its links removed: they are for its recipient only.

    Raises EmailMissing.
    """
    email = db.session.get(Email, email_id)
    if email is None or email.edition_id not in (None, edition_id):
        raise EmailMissing
    return _facts(email, email.links, with_links=False)


def get_email_with_links(email_id: int, links: Mapping[str, Any]) -> EmailFacts:
    """Return one rendered e-mail with working links, as its recipient gets it. Raises EmailMissing."""
    email = db.session.get(Email, email_id)
    if email is None:
        raise EmailMissing
    return _facts(email, links, with_links=True)


def get_stored_links(email_id: int) -> dict[str, Any]:
    """Return the payloads that the links of an e-mail will be signed for. Raises EmailMissing."""
    links: dict[str, Any] | None = db.session.scalar(select(Email.links).where(Email.id == email_id))
    if links is None:
        raise EmailMissing
    return links


def list_newest_emails(to_email: str = "", limit: int = 20) -> list[EmailRow]:
    """Return the newest e-mails of all editions, or those to one address; for the operator of the installation."""
    query = select(Email).order_by(Email.id.desc()).limit(limit)
    if to_email:
        query = query.where(Email.to_email == to_email)
    return [_row_with_subject(email) for email in db.session.scalars(query)]


def count_emails(edition_id: int) -> dict[EmailState, int]:
    """Return the number of an edition's e-mails in each state."""
    rows = db.session.execute(
        select(Email.state, func.count()).where(Email.edition_id == edition_id).group_by(Email.state)
    )
    return {EmailState(state): count for state, count in rows}


def attachments_of(email_id: int) -> tuple[int | None, dict[str, Any]]:
    """Return the edition of an e-mail and what to attach to it. Raises EmailMissing."""
    row = db.session.execute(select(Email.edition_id, Email.attachments).where(Email.id == email_id)).one_or_none()
    if row is None:
        raise EmailMissing
    return row.edition_id, row.attachments


def _facts(email: Email, links: Mapping[str, Any], *, with_links: bool) -> EmailFacts:
    words = render_email(email.message, email.language, email.details, links, with_links=with_links)
    return EmailFacts(_row(email, words.subject), words.text, words.html, email.attachments)


def _row_with_subject(email: Email) -> EmailRow:
    return _row(email, render_subject(email.message, email.language, email.details))


def _row(email: Email, subject: str) -> EmailRow:
    return EmailRow(
        id=email.id,
        edition_id=email.edition_id,
        person_id=email.person_id,
        to_email=email.to_email,
        language=email.language,
        message=email.message,
        subject=subject,
        state=EmailState(email.state),
        attempts=email.attempts,
        created_at=email.created_at,
        sent_at=email.sent_at,
        last_error=email.last_error,
    )
