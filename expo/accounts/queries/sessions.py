"""Queries on sessions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from expo.accounts.models import Person, UserSession
from expo.accounts.queries.people import PERSON_COLUMNS, PersonFacts, person_facts, person_table
from expo.accounts.rules import (
    Level,
)
from expo.infra.db import db


@dataclass(frozen=True)
class SessionFacts:
    """A session with its person."""

    id: int
    person: PersonFacts
    level: Level
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    address_proved_at: datetime | None


@dataclass(frozen=True)
class SessionRow:
    """A session as shown to its owner."""

    id: int
    level: Level
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    network: str


_session = cast("Table", UserSession.__table__)
_SESSION = (
    select(
        *PERSON_COLUMNS,
        _session.c.id.label("session_id"),
        _session.c.level,
        _session.c.created_at,
        _session.c.last_seen_at,
        _session.c.expires_at,
        _session.c.confirmed_at,
        _session.c.address_proved_at,
    )
    .join_from(_session, person_table, person_table.c.id == _session.c.person_id)
    .where(
        _session.c.digest == bindparam("digest"),
        _session.c.link_version == person_table.c.link_version,
        _session.c.expires_at > bindparam("moment"),
    )
)


def session_digest(secret: str) -> bytes:
    """Return the digest under which a session's secret is stored."""
    return hashlib.sha256(secret.encode()).digest()


def find_session(secret: str, now: datetime) -> SessionFacts | None:
    """Return the session with this secret and its person; None if it has ended."""
    row = db.session.execute(_SESSION, {"digest": session_digest(secret), "moment": now}).one_or_none()
    if row is None:
        return None
    return SessionFacts(
        id=row.session_id,
        person=person_facts(row),
        level=Level(row.level),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        confirmed_at=row.confirmed_at,
        address_proved_at=row.address_proved_at,
    )


def list_sessions(person_id: int, now: datetime) -> list[SessionRow]:
    """Return the active sessions of a person, most recently used first."""
    rows = db.session.execute(
        select(
            UserSession.id,
            UserSession.level,
            UserSession.created_at,
            UserSession.last_seen_at,
            UserSession.user_agent,
            UserSession.network,
        )
        .join(Person, Person.id == UserSession.person_id)
        .where(
            UserSession.person_id == person_id,
            UserSession.link_version == Person.link_version,
            UserSession.expires_at > now,
            UserSession.level >= Level.LINK,
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    )
    return [SessionRow(row[0], Level(row[1]), *row[2:]) for row in rows]
