"""Services for people: create them, make them administrators, mark their address as verified."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select, update

from expo.accounts.models import Person
from expo.accounts.rules import Actor, Permission, fold_email, require, require_confirmed
from expo.accounts.services.sessions import increment_link_version
from expo.errors import Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_new
from expo.pure.emails import NoDomain, address_for_server


def check_email(email: str) -> str:
    """Return the address as stored. Raises Invalid `email_invalid`, including for domains without a mail server."""
    folded = fold_email(email)
    try:
        # Check the ASCII form that the mail server gets; another encoding could resolve to another domain.
        validate_email(address_for_server(folded), check_deliverability=False, test_environment=True)
    except (EmailNotValidError, NoDomain):
        raise Invalid("email_invalid", field="email") from None
    return folded


def ensure_person(email: str, name: str, language: str, now: datetime) -> int:
    """Return the id of the person with this address, creating them if needed. Raises Invalid `email_invalid`.

    Safe under concurrency: two simultaneous calls return the same person.
    """
    return ensure_person_at(check_email(email), name, language, now)


def ensure_person_at(address: str, name: str, language: str, now: datetime) -> int:
    """Ensure the person like `ensure_person`, for an address already returned by `check_email`."""
    with atomic():
        made = insert_new(Person, "email", email=address, name=name, language=language, created_at=now)
        if made is not None:
            return made
        found = db.session.scalar(select(Person.id).where(Person.email == address))
        if found is None:
            raise AssertionError("the person is there")
        return found


def create_admin(actor: Actor, email: str, now: datetime) -> int:
    """Make the person with this address an administrator of every edition, and return their id."""
    require(actor, Permission.ROLES_MANAGE, None)
    require_confirmed(actor)
    with atomic():
        person_id = ensure_person(email, "", "en", now)
        changed = db.session.scalar(
            update(Person)
            .where(Person.id == person_id, Person.is_admin.is_(False))
            .values(is_admin=True)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        )
        if changed is not None:
            increment_link_version(person_id)
        record_act(actor, "accounts.create_admin", now, edition_id=None, subject="person", subject_id=person_id)
        return person_id


def mark_verified(person_id: int, now: datetime) -> None:
    """Record that e-mails to this person's address reach them."""
    with atomic():
        db.session.execute(
            update(Person).where(Person.id == person_id, Person.verified_at.is_(None)).values(verified_at=now)
        )
