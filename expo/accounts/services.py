"""Acts on accounts: people, passwords, roles, API tokens."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from expo.accounts.models import ApiToken, IdempotencyKey, Person, RoleGrant
from expo.accounts.queries import PersonFacts, find_person, token_digest
from expo.accounts.rules import Actor, Permission, Role, check_password_strength, fold_email, require
from expo.errors import Conflict, Invalid, Missing, Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_new
from expo.pure.emails import NoDomain, address_for_server

KEEP_IDEMPOTENCY_KEYS = timedelta(hours=24)

_hasher = PasswordHasher()
# One hash takes 64 MiB: more of them side by side would be the cheapest way to bring the machine down.
_hashing = threading.BoundedSemaphore(2)
# Hashed where there is no account, so that the time of an answer does not tell whether there is one.
_NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$Ffc6EIAp9Vm/x3UDVOzNgHdRTR0gLk6O2XYf4i3mHYk"


def check_email(email: str) -> str:
    """Return the address in the form that is stored. Raises Invalid `email_invalid`, also for a domain of no server."""
    folded = fold_email(email)
    try:
        # Asked for the address that the mail server is given: another reading of the domain would be another address.
        validate_email(address_for_server(folded), check_deliverability=False, test_environment=True)
    except (EmailNotValidError, NoDomain):
        raise Invalid("email_invalid", field="email") from None
    return folded


def ensure_person(email: str, name: str, language: str, now: datetime) -> int:
    """Return the id of the person with this address, made now where there is none. Raises Invalid `email_invalid`.

    Two that come at the same instant get the same person.
    """
    address = check_email(email)
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
    with atomic():
        person_id = ensure_person(email, "", "en", now)
        db.session.execute(update(Person).where(Person.id == person_id).values(is_admin=True))
        record_act(actor, "accounts.create_admin", now, edition_id=None, subject="person", subject_id=person_id)
        return person_id


def set_password(actor: Actor, person_id: int, password: str, now: datetime) -> None:
    """Give a person a password. People set their own; the system sets anyone's. Raises Invalid `password_weak`."""
    if actor.kind != "system" and actor.id != person_id:
        raise Refused("permission_missing", permission="own password")
    check_password_strength(password)
    with _hashing:
        hashed = _hasher.hash(password)
    with atomic():
        db.session.execute(
            update(Person)
            .where(Person.id == person_id)
            .values(password_hash=hashed, sign_in_count=Person.sign_in_count + 1)
        )
        record_act(actor, "accounts.set_password", now, edition_id=None, subject="person", subject_id=person_id)


def sign_in_with_password(email: str, password: str, now: datetime) -> PersonFacts:
    """Return the person whose address and password these are. Raises Refused `sign_in_failed`, the same for either."""
    person = db.session.scalars(select(Person).where(Person.email == fold_email(email))).one_or_none()
    stored = person.password_hash if person else None
    if not _matches(stored or _NOBODYS_HASH, password) or person is None or stored is None:
        raise Refused("sign_in_failed")
    with atomic():
        record_act(
            Actor("person", person.id), "accounts.sign_in", now, edition_id=None, subject="person", subject_id=person.id
        )
    found = find_person(person.id)
    if found is None:
        raise Refused("sign_in_failed")
    return found


def sign_in_with_link(person_id: int, sign_in_count: int, now: datetime) -> PersonFacts:
    """Return the person to whom a sign-in link was mailed, and use the link up. Raises Refused `link_used`."""
    with atomic():
        used = db.session.scalar(
            update(Person)
            .where(Person.id == person_id, Person.sign_in_count == sign_in_count)
            .values(sign_in_count=sign_in_count + 1, verified_at=now)
            .returning(Person.id)
            .execution_options(synchronize_session=False)
        )
        if used is None:
            raise Refused("link_used")
        record_act(
            Actor("person", person_id), "accounts.sign_in", now, edition_id=None, subject="person", subject_id=person_id
        )
    found = find_person(person_id)
    if found is None:
        raise Refused("link_used")
    return found


def mark_verified(person_id: int, now: datetime) -> None:
    """Note that letters to this person's address reach them."""
    with atomic():
        db.session.execute(
            update(Person).where(Person.id == person_id, Person.verified_at.is_(None)).values(verified_at=now)
        )


def grant_role(actor: Actor, edition_id: int, person_id: int, role: Role, now: datetime) -> None:
    """Give a person a role in an edition; giving it twice is giving it once."""
    require(actor, Permission.ROLES_MANAGE, edition_id)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    with atomic():
        db.session.execute(
            insert(RoleGrant)
            .values(edition_id=edition_id, person_id=person_id, role=role.value, granted_at=now)
            .on_conflict_do_nothing()
        )
        record_act(
            actor,
            "accounts.grant_role",
            now,
            edition_id=edition_id,
            subject="person",
            subject_id=person_id,
            role=role.value,
        )


def withdraw_role(actor: Actor, edition_id: int, person_id: int, role: Role, now: datetime) -> None:
    """Take a role from a person in an edition. Raises Conflict `last_organizer` rather than leave it without one."""
    require(actor, Permission.ROLES_MANAGE, edition_id)
    with atomic():
        if role is Role.ORGANIZER and _organizers(edition_id) == {person_id}:
            raise Conflict("last_organizer")
        db.session.execute(
            delete(RoleGrant).where(
                RoleGrant.edition_id == edition_id, RoleGrant.person_id == person_id, RoleGrant.role == role.value
            )
        )
        record_act(
            actor,
            "accounts.withdraw_role",
            now,
            edition_id=edition_id,
            subject="person",
            subject_id=person_id,
            role=role.value,
        )


def create_api_token(actor: Actor, edition_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> str:
    """Make an API token for one edition and return its secret, which is shown only now. Raises Invalid."""
    require(actor, Permission.TOKENS_MANAGE, edition_id)
    wanted = sorted({permission.value for permission in permissions})
    if not wanted:
        raise Invalid("permissions_empty", field="permissions")
    secret = f"expo_{secrets.token_urlsafe(32)}"
    with atomic():
        token = ApiToken(
            edition_id=edition_id, name=name, digest=token_digest(secret), permissions=wanted, created_at=now
        )
        db.session.add(token)
        db.session.flush()
        record_act(
            actor,
            "accounts.create_api_token",
            now,
            edition_id=edition_id,
            subject="api_token",
            subject_id=token.id,
            name=name,
            permissions=wanted,
        )
    return secret


def revoke_api_token(actor: Actor, edition_id: int, token_id: int, now: datetime) -> None:
    """End an API token of an edition. Raises Missing `api_token_missing`."""
    require(actor, Permission.TOKENS_MANAGE, edition_id)
    with atomic():
        revoked = db.session.scalar(
            update(ApiToken)
            .where(ApiToken.id == token_id, ApiToken.edition_id == edition_id, ApiToken.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(ApiToken.id)
            .execution_options(synchronize_session=False)
        )
        if revoked is None:
            raise Missing("api_token_missing")
        record_act(
            actor,
            "accounts.revoke_api_token",
            now,
            edition_id=edition_id,
            subject="api_token",
            subject_id=token_id,
        )


@dataclass(frozen=True)
class KeptAnswer:
    """The answer that a write of the API was given."""

    status: int
    body: str


def claim_idempotency_key(token_id: int, key: str, request_digest: str, now: datetime) -> KeptAnswer | None:
    """Claim a key for the write of the open transaction: None lets it be done, else the answer it was given before.

    Waits for another transaction that has the key. Raises Invalid `idempotency_key_reused` where the key came with
    another request.
    """
    claim = {"token_id": token_id, "key": key, "request_digest": request_digest, "created_at": now}
    if insert_new(IdempotencyKey, "token_id", "key", **claim) is not None:
        return None
    ours = (IdempotencyKey.token_id == token_id) & (IdempotencyKey.key == key)
    outdated = db.session.execute(
        delete(IdempotencyKey)
        .where(ours, IdempotencyKey.created_at < now - KEEP_IDEMPOTENCY_KEYS)
        .returning(IdempotencyKey.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if outdated is not None and insert_new(IdempotencyKey, "token_id", "key", **claim) is not None:
        return None
    row = db.session.execute(
        select(IdempotencyKey.request_digest, IdempotencyKey.status, IdempotencyKey.body).where(ours)
    ).one()
    if row.request_digest != request_digest:
        raise Invalid("idempotency_key_reused")
    return KeptAnswer(row.status, row.body)


def keep_answer(token_id: int, key: str, answer: KeptAnswer) -> None:
    """Keep the answer of the write that claimed a key in the open transaction."""
    values = {"its_token_id": token_id, "its_key": key, "its_status": answer.status, "its_body": answer.body}
    db.session.execute(_KEEP_ANSWER, values)


_answer = cast("Table", IdempotencyKey.__table__)
_KEEP_ANSWER = (
    update(_answer)
    .where(_answer.c.token_id == bindparam("its_token_id"), _answer.c.key == bindparam("its_key"))
    .values(status=bindparam("its_status"), body=bindparam("its_body"))
)


def forget_idempotency_keys(before: datetime) -> int:
    """Delete the answers kept for API writes older than `before`, and return how many there were."""
    with atomic():
        gone = db.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
        return int(getattr(gone, "rowcount", 0))


def _organizers(edition_id: int) -> set[int]:
    """Return the organizers of an edition; their grants are locked, so that two cannot each withdraw the other's."""
    return set(
        db.session.scalars(
            select(RoleGrant.person_id)
            .where(RoleGrant.edition_id == edition_id, RoleGrant.role == Role.ORGANIZER.value)
            .order_by(RoleGrant.id)
            .with_for_update()
        )
    )


def _matches(stored: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False
