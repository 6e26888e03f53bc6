"""Reads of people, their roles, and API tokens."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from expo.accounts.models import ApiToken, Person, RoleGrant
from expo.accounts.rules import EVERYONE, Actor, Permission, Role, fold_email, permissions_of
from expo.infra.db import db


@dataclass(frozen=True)
class PersonFacts:
    """What the product knows of a person with an account."""

    id: int
    email: str
    name: str
    language: str
    is_admin: bool
    has_password: bool
    sign_in_count: int
    link_version: int


@dataclass(frozen=True)
class RoleHolder:
    """A person with roles in an edition."""

    person_id: int
    email: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class ApiTokenRow:
    """An API token without its secret, which nobody can see again."""

    id: int
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


def find_person(person_id: int) -> PersonFacts | None:
    """Return the person, or None."""
    person = db.session.get(Person, person_id)
    return _facts(person) if person else None


_person = cast("Table", Person.__table__)
_LINK_VERSION = select(_person.c.link_version).where(_person.c.id == bindparam("person_id"))


def get_link_version(person_id: int) -> int:
    """Return which of a person's links to their page are good: those of this version. Raises NoResultFound."""
    version: int = db.session.execute(_LINK_VERSION, {"person_id": person_id}).scalar_one()
    return version


def find_person_by_email(email: str) -> PersonFacts | None:
    """Return the person with this address, however it is spelled, or None."""
    person = db.session.scalars(select(Person).where(Person.email == fold_email(email))).one_or_none()
    return _facts(person) if person else None


def list_roles(person_id: int, edition_id: int) -> frozenset[Role]:
    """Return the roles of a person in an edition."""
    roles = db.session.scalars(
        select(RoleGrant.role).where(RoleGrant.person_id == person_id, RoleGrant.edition_id == edition_id)
    )
    return frozenset(Role(role) for role in roles)


def list_editions_with_roles(person_id: int) -> dict[int, frozenset[Role]]:
    """Return the roles of a person by edition."""
    found: dict[int, set[Role]] = {}
    for edition_id, role in db.session.execute(
        select(RoleGrant.edition_id, RoleGrant.role).where(RoleGrant.person_id == person_id)
    ):
        found.setdefault(edition_id, set()).add(Role(role))
    return {edition_id: frozenset(roles) for edition_id, roles in found.items()}


def list_role_holders(edition_id: int) -> list[RoleHolder]:
    """Return the people who have roles in an edition, by address, each with their roles in the order of `Role`."""
    order = list(Role)
    holders: dict[int, tuple[str, str, list[Role]]] = {}
    for person_id, email, name, role in db.session.execute(
        select(Person.id, Person.email, Person.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.edition_id == edition_id)
        .order_by(Person.email)
    ):
        holders.setdefault(person_id, (email, name, []))[2].append(Role(role))
    return [
        RoleHolder(person_id, email, name, tuple(sorted(roles, key=order.index)))
        for person_id, (email, name, roles) in holders.items()
    ]


def list_api_tokens(edition_id: int) -> list[ApiTokenRow]:
    """Return the API tokens of an edition, revoked ones too, the newest first."""
    rows = db.session.execute(
        select(ApiToken.id, ApiToken.name, ApiToken.permissions, ApiToken.created_at, ApiToken.revoked_at)
        .where(ApiToken.edition_id == edition_id)
        .order_by(ApiToken.id.desc())
    )
    return [ApiTokenRow(row[0], row[1], tuple(row[2]), row[3], row[4]) for row in rows]


def name_actors(actors: Iterable[tuple[str, int | None]], edition_id: int) -> dict[tuple[str, int], str]:
    """Return what to call those who acted, by kind and id: people by name or address, an edition's tokens by name."""
    wanted = set(actors)
    people = [number for kind, number in wanted if kind == "person" and number is not None]
    devices = [number for kind, number in wanted if kind == "device" and number is not None]
    named: dict[tuple[str, int], str] = {}
    for person_id, name, email in db.session.execute(
        select(Person.id, Person.name, Person.email).where(Person.id.in_(people))
    ):
        named["person", person_id] = name or email
    for token_id, name in db.session.execute(
        select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(devices), ApiToken.edition_id == edition_id)
    ):
        named["device", token_id] = name
    return named


def actor_for_person(person: PersonFacts, edition_id: int | None) -> Actor:
    """Return what a signed-in person may do in an edition: their roles there; everything for an administrator."""
    if person.is_admin:
        return Actor(
            "person",
            person.id,
            edition_id=None,
            permissions=frozenset(Permission),
            roles=frozenset({Role.ORGANIZER}),
            label=person.name or person.email,
        )
    roles = list_roles(person.id, edition_id) if edition_id is not None else frozenset()
    return Actor(
        "person",
        person.id,
        edition_id=edition_id or 0,
        permissions=permissions_of(roles),
        roles=roles,
        label=person.name or person.email,
    )


def attendee_actor(person: PersonFacts, edition_id: int | None) -> Actor:
    """Return what someone may do who came by an attendee's mailed link: only what concerns themselves."""
    return Actor(
        "person", person.id, edition_id=edition_id or 0, permissions=EVERYONE, label=person.name or person.email
    )


def token_digest(secret: str) -> bytes:
    """Return what is kept of an API token."""
    return hashlib.sha256(secret.encode()).digest()


def find_token_actor(secret: str) -> Actor | None:
    """Return what the bearer of an API token may do; None for a token that does not exist or was revoked."""
    row = db.session.execute(
        select(ApiToken.id, ApiToken.edition_id, ApiToken.permissions, ApiToken.name).where(
            ApiToken.digest == token_digest(secret), ApiToken.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    named = set(row.permissions)
    known = frozenset(permission for permission in Permission if permission.value in named)
    return Actor("device", row.id, edition_id=row.edition_id, permissions=known | EVERYONE, label=row.name)


def _facts(person: Person) -> PersonFacts:
    return PersonFacts(
        id=person.id,
        email=person.email,
        name=person.name,
        language=person.language,
        is_admin=person.is_admin,
        has_password=person.password_hash is not None,
        sign_in_count=person.sign_in_count,
        link_version=person.link_version,
    )
