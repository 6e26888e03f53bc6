"""Queries on people."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, or_, select

from expo.accounts.models import Authenticator, Passkey, Person
from expo.accounts.rules import (
    fold_email,
)
from expo.infra.db import db


@dataclass(frozen=True)
class PersonFacts:
    """A person with an account."""

    id: int
    email: str
    name: str
    language: str
    is_admin: bool
    has_password: bool
    sign_in_count: int
    link_version: int
    has_second_factor: bool


person_table = cast("Table", Person.__table__)
_LINK_VERSION = select(person_table.c.link_version).where(person_table.c.id == bindparam("person_id"))


def get_link_version(person_id: int) -> int:
    """Return the version that a person's attendee links must carry to be valid. Raises NoResultFound."""
    version: int = db.session.execute(_LINK_VERSION, {"person_id": person_id}).scalar_one()
    return version


HAS_SECOND_FACTOR = or_(
    exists().where(Passkey.person_id == person_table.c.id),
    exists().where(Authenticator.person_id == person_table.c.id, Authenticator.enabled_at.is_not(None)),
).label("has_second_factor")
PERSON_COLUMNS = (
    person_table.c.id,
    person_table.c.email,
    person_table.c.name,
    person_table.c.language,
    person_table.c.is_admin,
    person_table.c.password_hash.is_not(None).label("has_password"),
    person_table.c.sign_in_count,
    person_table.c.link_version,
    HAS_SECOND_FACTOR,
)
_PERSON = select(*PERSON_COLUMNS).where(person_table.c.id == bindparam("person_id"))
_PERSON_BY_EMAIL = select(*PERSON_COLUMNS).where(person_table.c.email == bindparam("email"))


def find_person(person_id: int) -> PersonFacts | None:
    """Return the person, or None."""
    row = db.session.execute(_PERSON, {"person_id": person_id}).one_or_none()
    return person_facts(row) if row else None


def find_person_by_email(email: str) -> PersonFacts | None:
    """Return the person with this address, regardless of its spelling, or None."""
    row = db.session.execute(_PERSON_BY_EMAIL, {"email": fold_email(email)}).one_or_none()
    return person_facts(row) if row else None


def person_facts(row: Any) -> PersonFacts:
    """Convert a row of `PERSON_COLUMNS`."""
    return PersonFacts(
        id=row.id,
        email=row.email,
        name=row.name,
        language=row.language,
        is_admin=row.is_admin,
        has_password=row.has_password,
        sign_in_count=row.sign_in_count,
        link_version=row.link_version,
        has_second_factor=bool(row.has_second_factor),
    )
