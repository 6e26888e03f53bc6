"""Services for passwords: set and verify them."""

import threading
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from expo.accounts.models import Person, UserSession
from expo.accounts.queries import PersonFacts, find_person_by_email
from expo.accounts.rules import Actor, check_password_strength, require_confirmed
from expo.accounts.services.sessions import increment_link_version
from expo.errors import Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db

_hasher = PasswordHasher()
# One hash takes 64 MiB, so unlimited parallel hashing would make a denial of service cheap.
_hashing = threading.BoundedSemaphore(2)
# Verified when the account does not exist, so that response times do not reveal which accounts do.
_DUMMY_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$Ffc6EIAp9Vm/x3UDVOzNgHdRTR0gLk6O2XYf4i3mHYk"


def set_password(
    actor: Actor, person_id: int, password: str, now: datetime, *, old_password: str | None = None
) -> None:
    """Set a person's password, and end their other sessions and all links e-mailed to them.

    People set their own, with the old password or with a fresh single-use link, which is used up; the system can set
    anyone's. Raises ConfirmationRequired, Refused `password_wrong`, Invalid `password_weak`.
    """
    if actor.kind != "system":
        if actor.kind != "person" or actor.id != person_id:
            raise Refused("permission_missing", permission="own password")
        require_confirmed(actor)
        if not actor.has_proved_address and not is_password_of(person_id, old_password or ""):
            raise Refused("password_wrong", field="old_password")
    check_password_strength(password)
    hashed = hash_password(password)
    with atomic():
        db.session.execute(
            update(Person)
            .where(Person.id == person_id)
            .values(password_hash=hashed, sign_in_count=Person.sign_in_count + 1)
        )
        increment_link_version(person_id, keep_session=actor.session_id)
        db.session.execute(update(UserSession).where(UserSession.person_id == person_id).values(address_proved_at=None))
        record_act(actor, "accounts.set_password", now, edition_id=None, subject="person", subject_id=person_id)


def hash_password(password: str) -> str:
    """Return the hash of a password or PIN for storing."""
    with _hashing:
        return _hasher.hash(password)


def is_password_hash(stored: str | None, password: str) -> bool:
    """Return whether a stored hash is of this password or PIN. Takes the same time without one."""
    return _matches(stored or _DUMMY_HASH, password) and stored is not None


def sign_in_with_password(email: str, password: str) -> PersonFacts:
    """Return the person with this address and password. Raises Refused `sign_in_failed`, whichever is wrong."""
    person = find_person_by_email(email)
    stored = _stored_hash(person.id) if person else None
    if not _matches(stored or _DUMMY_HASH, password) or person is None or stored is None:
        raise Refused("sign_in_failed")
    return person


def is_password_of(person_id: int, password: str) -> bool:
    """Return whether this is the person's password."""
    return is_password_hash(_stored_hash(person_id), password)


def _stored_hash(person_id: int) -> str | None:
    return db.session.scalar(select(Person.password_hash).where(Person.id == person_id))


def _matches(stored: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
