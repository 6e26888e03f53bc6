"""Builders of exhibitors with teams."""

from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.rules import MemberRole, MemberState
from expo.infra.db import atomic, db


def make_exhibitor(edition: EditionFacts, name: str = "Yunshang", **values: object) -> str:
    """Store an approved exhibitor and return its slug."""
    slug = name.lower().replace(" ", "-")
    with atomic():
        db.session.add(Exhibitor(edition_id=edition.id, key=slug, slug=slug, name=name, description={}, **values))
    return slug


def exhibitor_id_of(edition: EditionFacts, slug: str) -> int:
    """Return the id of an exhibitor."""
    return db.session.scalars(
        select(Exhibitor.id).where(Exhibitor.edition_id == edition.id, Exhibitor.slug == slug)
    ).one()


def make_member(
    edition: EditionFacts,
    slug: str,
    now: datetime,
    name: str = "Li Na",
    role: MemberRole = MemberRole.OWNER,
    state: MemberState = MemberState.ACTIVE,
    licensed_at: datetime | None = None,
) -> Actor:
    """Add a person to the team of an exhibitor and return them as an actor."""
    email = f"{name.lower().replace(' ', '.')}@{slug}.example"
    person_id = ensure_person(email, name, "en", now)
    with atomic():
        db.session.add(
            Member(
                exhibitor_id=exhibitor_id_of(edition, slug),
                email=email,
                name=name,
                role=role.value,
                state=state.value,
                person_id=person_id,
                invited_at=now,
                accepted_at=now,
                licensed_at=licensed_at,
            )
        )
    return Actor("person", person_id, edition.id, label=name)
