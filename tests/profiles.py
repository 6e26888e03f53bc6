"""Test builders of profiles and exhibitors' teams."""

from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.editions.services import increment_content_version
from expo.exhibitors.models import Exhibitor, ExhibitorTopic, Member
from expo.exhibitors.rules import MemberRole, MemberState
from expo.infra.db import atomic, db
from expo.profiles.rules import ProfileRequest, Visibility
from expo.profiles.services import save_profile
from expo.pure.names import search_text
from tests.make import MadeAttendee, make_attendee


def own_actor(made: MadeAttendee) -> Actor:
    """Return the attendee as the actor of their own acts."""
    return Actor("person", made.attendee.person_id, edition_id=made.attendee.edition_id)


def make_person(
    edition: EditionFacts, now: datetime, visibility: Visibility, attendee: dict[str, Any] | None = None, **profile: Any
) -> MadeAttendee:
    """Register an attendee who has a profile."""
    made = make_attendee(edition, now, **(attendee or {}))
    save_profile(own_actor(made), edition.id, made.id, ProfileRequest(visibility=visibility, **profile), now)
    return made


def make_company(
    edition: EditionFacts,
    now: datetime,
    name: str,
    offers: tuple[str, ...] = (),
    seeks: tuple[str, ...] = (),
    **values: Any,
) -> int:
    """Store a listed company with topics and return its id."""
    slug = name.lower().replace(" ", "-")
    with atomic():
        company = Exhibitor(
            edition_id=edition.id, key=slug, slug=slug, name=name, search_text=search_text(name), **values
        )
        db.session.add(company)
        db.session.flush()
        for kind, codes in (("offers", offers), ("seeks", seeks)):
            for code in codes:
                db.session.add(
                    ExhibitorTopic(exhibitor_id=company.id, kind=kind, topic=code, weight=1.0, is_chosen=True)
                )
        increment_content_version(edition.id, now)
        return company.id


def join_company(exhibitor_id: int, made: MadeAttendee, now: datetime, role: MemberRole = MemberRole.OWNER) -> None:
    """Make an attendee an active member of a company's team."""
    with atomic():
        db.session.add(
            Member(
                exhibitor_id=exhibitor_id,
                email=made.attendee.email,
                role=role.value,
                state=MemberState.ACTIVE.value,
                person_id=made.attendee.person_id,
                invited_at=now,
                accepted_at=now,
            )
        )
