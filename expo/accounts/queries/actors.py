"""Queries on actors: what a person, link holder or session may do, and their display names."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from expo.accounts.models import ApiToken, Person
from expo.accounts.queries.people import PersonFacts
from expo.accounts.queries.roles import list_roles
from expo.accounts.queries.sessions import SessionFacts
from expo.accounts.rules import (
    ANONYMOUS,
    EVERYONE,
    Actor,
    Level,
    Role,
    is_recent,
    level_of,
    permissions_of,
)
from expo.infra.db import db


def name_actors(actors: Iterable[tuple[str, int | None]], edition_id: int) -> dict[tuple[str, int], str]:
    """Return display names by kind and id: name or address for people, the token's name for API tokens."""
    wanted = set(actors)
    people = [number for kind, number in wanted if kind == "person" and number is not None]
    tokens = [number for kind, number in wanted if kind == "api_token" and number is not None]
    named: dict[tuple[str, int], str] = {}
    for person_id, name, email in db.session.execute(
        select(Person.id, Person.name, Person.email).where(Person.id.in_(people))
    ):
        named["person", person_id] = name or email
    for token_id, name in db.session.execute(
        select(ApiToken.id, ApiToken.name).where(ApiToken.id.in_(tokens), ApiToken.edition_id == edition_id)
    ):
        named["api_token", token_id] = name
    return named


def actor_for_person(
    person: PersonFacts,
    edition_id: int | None,
    level: Level = Level.SIGNED_IN,
    second_factor_roles: frozenset[Role] = frozenset(),
) -> Actor:
    """Return the actor for a signed-in person: their roles in the edition, or all permissions for administrators.

    Roles in `second_factor_roles` are withheld from people without a second factor.
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
    """Return the actor for an attendee who opened an e-mailed link; it may only access their own data."""
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
    """Return the actor of a session according to its level. A half session has no actor yet."""
    if session.level is Level.HALF:
        return ANONYMOUS
    if session.level is Level.LINK:
        return replace(attendee_actor(session.person, edition_id), session_id=session.id)
    level = level_of(session.level, session.confirmed_at, now)
    actor = actor_for_person(session.person, edition_id, level, second_factor_roles)
    return replace(actor, session_id=session.id, has_proved_address=is_recent(session.address_proved_at, now))
