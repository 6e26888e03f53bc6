"""Reads of people, their roles, and API tokens."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

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


def find_person(person_id: int) -> PersonFacts | None:
    """Return the person, or None."""
    person = db.session.get(Person, person_id)
    return _facts(person) if person else None


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
    known = frozenset(Permission(name) for name in row.permissions if name in Permission)
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
