"""Sign-in links: single-use and valid for a limited time."""

from datetime import datetime

from sqlalchemy import update

from expo.accounts.models import Person
from expo.accounts.queries import PersonFacts, find_person
from expo.accounts.rules import Actor
from expo.errors import Missing, Refused
from expo.infra.addresses import public_url
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.signing import sign_text

SIGN_IN_LINK_SECONDS = 3600


def use_sign_in_link(person_id: int, sign_in_count: int, now: datetime) -> PersonFacts:
    """Invalidate all sign-in links of a person, including this one. Raises Refused `link_used`."""
    with atomic():
        used = db.session.scalar(
            update(Person)
            .where(Person.id == person_id, Person.sign_in_count == sign_in_count)
            .values(sign_in_count=sign_in_count + 1, verified_at=now)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        )
        person = find_person(person_id)
        if used is None or person is None:
            raise Refused("link_used")
        return person


def sign_in_link_payload(person: PersonFacts) -> list[int]:
    """Return the signed payload of a person's sign-in link."""
    return [person.id, person.sign_in_count]


def issue_sign_in_link(actor: Actor, person_id: int, now: datetime, language: str | None = None) -> str:
    """Return a one-time link that signs a person in within the hour; for operators of the installation only.

    Never expose it on a page, because it gives full access to the account. Raises Refused `permission_missing`, Missing
    `person_missing`.
    """
    if actor.kind != "system":
        raise Refused("permission_missing", permission="sign-in links")
    person = find_person(person_id)
    if person is None:
        raise Missing("person_missing")
    with atomic():
        record_act(actor, "accounts.issue_sign_in_link", now, edition_id=None, subject="person", subject_id=person_id)
    return public_url(f"/sign-in/{sign_text('sign-in', sign_in_link_payload(person))}", language)
