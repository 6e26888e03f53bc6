"""Queries on roles."""

from dataclasses import dataclass

from sqlalchemy import select

from expo.accounts.models import Person, RoleGrant
from expo.accounts.queries.people import HAS_SECOND_FACTOR
from expo.accounts.rules import (
    Role,
)
from expo.infra.db import db


@dataclass(frozen=True)
class RoleHolder:
    """A person with roles in an edition."""

    person_id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    has_second_factor: bool


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
    """Return the people with roles in an edition, sorted by address, each with their roles in the order of `Role`."""
    order = list(Role)
    holders: dict[int, tuple[str, str, bool, list[Role]]] = {}
    for person_id, email, name, has_second_factor, role in db.session.execute(
        select(Person.id, Person.email, Person.name, HAS_SECOND_FACTOR, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(RoleGrant.edition_id == edition_id)
        .order_by(Person.email)
    ):
        holders.setdefault(person_id, (email, name, bool(has_second_factor), []))[3].append(Role(role))
    return [
        RoleHolder(person_id, email, name, tuple(sorted(roles, key=order.index)), has_second_factor)
        for person_id, (email, name, has_second_factor, roles) in holders.items()
    ]
