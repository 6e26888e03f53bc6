"""Reads of people, their sessions, second factors and roles, and API tokens."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, exists, func, or_, select

from expo.accounts.models import ApiToken, Authenticator, Passkey, Person, RecoveryCode, RoleGrant, UserSession
from expo.accounts.rules import (
    ANONYMOUS,
    EVERYONE,
    Actor,
    Level,
    Permission,
    Role,
    fold_email,
    is_recent,
    level_of,
    permissions_of,
)
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
    has_second_factor: bool


@dataclass(frozen=True)
class SessionFacts:
    """A session with its person."""

    id: int
    person: PersonFacts
    level: Level
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime | None
    address_proved_at: datetime | None


@dataclass(frozen=True)
class SessionRow:
    """A session as listed to its person."""

    id: int
    level: Level
    created_at: datetime
    last_seen_at: datetime
    user_agent: str
    network: str


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey as listed to its person."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class SecondFactors:
    """What a person may prove themselves with besides a password or a link."""

    passkeys: tuple[PasskeyRow, ...]
    has_authenticator: bool
    recovery_codes_left: int


@dataclass(frozen=True)
class RoleHolder:
    """A person with roles in an edition."""

    person_id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    has_second_factor: bool


@dataclass(frozen=True)
class ApiTokenRow:
    """An API token without its secret, which nobody can see again."""

    id: int
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


_person = cast("Table", Person.__table__)
_LINK_VERSION = select(_person.c.link_version).where(_person.c.id == bindparam("person_id"))


def get_link_version(person_id: int) -> int:
    """Return which of a person's links to their page are good: those of this version. Raises NoResultFound."""
    version: int = db.session.execute(_LINK_VERSION, {"person_id": person_id}).scalar_one()
    return version


_second_factor = or_(
    exists().where(Passkey.person_id == _person.c.id),
    exists().where(Authenticator.person_id == _person.c.id, Authenticator.enabled_at.is_not(None)),
).label("has_second_factor")
_FACTS = (
    _person.c.id,
    _person.c.email,
    _person.c.name,
    _person.c.language,
    _person.c.is_admin,
    _person.c.password_hash.is_not(None).label("has_password"),
    _person.c.sign_in_count,
    _person.c.link_version,
    _second_factor,
)
_PERSON = select(*_FACTS).where(_person.c.id == bindparam("person_id"))
_PERSON_BY_EMAIL = select(*_FACTS).where(_person.c.email == bindparam("email"))


def find_person(person_id: int) -> PersonFacts | None:
    """Return the person, or None."""
    row = db.session.execute(_PERSON, {"person_id": person_id}).one_or_none()
    return _facts(row) if row else None


def find_person_by_email(email: str) -> PersonFacts | None:
    """Return the person with this address, however it is spelled, or None."""
    row = db.session.execute(_PERSON_BY_EMAIL, {"email": fold_email(email)}).one_or_none()
    return _facts(row) if row else None


_session = cast("Table", UserSession.__table__)
_SESSION = (
    select(
        *_FACTS,
        _session.c.id.label("session_id"),
        _session.c.level,
        _session.c.created_at,
        _session.c.last_seen_at,
        _session.c.confirmed_at,
        _session.c.address_proved_at,
    )
    .join_from(_session, _person, _person.c.id == _session.c.person_id)
    .where(
        _session.c.digest == bindparam("digest"),
        _session.c.link_version == _person.c.link_version,
        _session.c.expires_at > bindparam("moment"),
    )
)


def session_digest(secret: str) -> bytes:
    """Return what is stored of a session's secret."""
    return hashlib.sha256(secret.encode()).digest()


def find_session(secret: str, now: datetime) -> SessionFacts | None:
    """Return the session whose secret a browser holds, with its person; None for one that has ended."""
    row = db.session.execute(_SESSION, {"digest": session_digest(secret), "moment": now}).one_or_none()
    if row is None:
        return None
    return SessionFacts(
        id=row.session_id,
        person=_facts(row),
        level=Level(row.level),
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        confirmed_at=row.confirmed_at,
        address_proved_at=row.address_proved_at,
    )


def list_sessions(person_id: int, now: datetime) -> list[SessionRow]:
    """Return the sessions of a person that have not ended, the one seen last first."""
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


def get_second_factors(person_id: int) -> SecondFactors:
    """Return what a person set up as a second factor."""
    passkeys = db.session.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
        .where(Passkey.person_id == person_id)
        .order_by(Passkey.id)
    )
    enabled = select(Authenticator.id).where(
        Authenticator.person_id == person_id, Authenticator.enabled_at.is_not(None)
    )
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return SecondFactors(
        passkeys=tuple(PasskeyRow(*row) for row in passkeys),
        has_authenticator=db.session.scalar(enabled) is not None,
        recovery_codes_left=db.session.scalar(left) or 0,
    )


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
    holders: dict[int, tuple[str, str, bool, list[Role]]] = {}
    for person_id, email, name, has_second_factor, role in db.session.execute(
        select(Person.id, Person.email, Person.name, _second_factor, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.edition_id == edition_id)
        .order_by(Person.email)
    ):
        holders.setdefault(person_id, (email, name, bool(has_second_factor), []))[3].append(Role(role))
    return [
        RoleHolder(person_id, email, name, tuple(sorted(roles, key=order.index)), has_second_factor)
        for person_id, (email, name, has_second_factor, roles) in holders.items()
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


def actor_for_person(
    person: PersonFacts,
    edition_id: int | None,
    level: Level = Level.SIGNED_IN,
    second_factor_roles: frozenset[Role] = frozenset(),
) -> Actor:
    """Return what a signed-in person may do in an edition: their roles there; everything for an administrator.

    Roles in `second_factor_roles` are withheld from who has no second factor.
    """
    if person.is_admin:
        roles = frozenset({Role.ORGANIZER})
    else:
        roles = list_roles(person.id, edition_id) if edition_id is not None else frozenset()
    withheld = frozenset() if person.has_second_factor else roles & second_factor_roles
    held = roles - withheld
    return Actor(
        "person",
        person.id,
        edition_id=None if person.is_admin else edition_id or 0,
        permissions=permissions_of(held),
        roles=held,
        label=person.name or person.email,
        level=level,
        withheld_roles=withheld,
    )


def attendee_actor(person: PersonFacts, edition_id: int | None) -> Actor:
    """Return what someone may do who came by an attendee's mailed link: only what concerns themselves."""
    return Actor(
        "person",
        person.id,
        edition_id=edition_id or 0,
        permissions=EVERYONE,
        label=person.name or person.email,
        level=Level.LINK,
    )


def actor_of_session(
    session: SessionFacts, edition_id: int | None, second_factor_roles: frozenset[Role], now: datetime
) -> Actor:
    """Return who acts in a session, by its level. A half session is nobody yet."""
    if session.level is Level.HALF:
        return ANONYMOUS
    if session.level is Level.LINK:
        return replace(attendee_actor(session.person, edition_id), session_id=session.id)
    level = level_of(session.level, session.confirmed_at, now)
    actor = actor_for_person(session.person, edition_id, level, second_factor_roles)
    return replace(actor, session_id=session.id, has_proved_address=is_recent(session.address_proved_at, now))


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


def _facts(row: Any) -> PersonFacts:
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
