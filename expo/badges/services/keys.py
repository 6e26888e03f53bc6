"""Services for signing keys. A private key never leaves this module."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update

from expo.accounts.rules import SYSTEM, Actor, Permission, require, require_confirmed
from expo.badges.models import SigningKey
from expo.badges.rules import MAX_KEY_ID, badge_token
from expo.editions.models import Edition
from expo.editions.queries import get_edition, lock_dates
from expo.errors import Conflict, Missing, Unavailable
from expo.infra.audit import record_act
from expo.infra.db import atomic, core_connection, db
from expo.infra.direct import fetch_direct
from expo.infra.inserting import insert_new
from expo.infra.sealing import seal, unseal
from expo.pure.door_days import DayRange
from expo.pure.tokens import new_key_pair, sign_token
from expo.registration.queries import AttendeeRow
from expo.tickets.models import TicketType

SEAL = "badge-signing-key"
SEED_BYTES = 32


@dataclass(frozen=True)
class Signer:
    """The key that currently signs badges of an edition."""

    key_id: int
    private_key: bytes
    edition_number: int
    day_zero: date
    # By ticket type, read while the edition's dates are locked.
    days: Mapping[int, DayRange]

    def sign(self, attendee: AttendeeRow, serial: int, issue: int) -> str:
        """Return the signed text of a badge for the days of the attendee's ticket type."""
        valid = self.days[attendee.ticket_type_id]
        token = badge_token(
            key_id=self.key_id,
            edition_number=self.edition_number,
            day_zero=self.day_zero,
            serial=serial,
            ticket_type_number=attendee.ticket_type_number,
            issue=issue,
            valid_from=valid.first,
            valid_days=valid.days,
        )
        return sign_token(token, self.private_key)


def create_signing_key(actor: Actor, edition_id: int, now: datetime) -> int:
    """Create the key pair that signs from now on, and return its key id; the previous key stays trusted.

    Raises Conflict `signing_keys_used_up` after 256 keys.
    """
    require(actor, Permission.EDITION_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        get_edition(edition_id)
        db.session.execute(
            update(SigningKey)
            .where(SigningKey.edition_id == edition_id, SigningKey.retired_at.is_(None))
            .values(retired_at=now)
        )
        highest = db.session.scalar(select(func.max(SigningKey.key_id)).where(SigningKey.edition_id == edition_id))
        key_id = 0 if highest is None else highest + 1
        if key_id > MAX_KEY_ID:
            raise Conflict("signing_keys_used_up")
        _insert_key(actor, edition_id, key_id, now)
        return key_id


def distrust_signing_key(actor: Actor, edition_id: int, key_id: int, now: datetime) -> None:
    """Reject all badges signed by this key, for example after a leak; a new key signs from now on."""
    require(actor, Permission.EDITION_MANAGE, edition_id)
    require_confirmed(actor)
    with atomic():
        distrusted = db.session.scalar(
            update(SigningKey)
            .where(
                SigningKey.edition_id == edition_id,
                SigningKey.key_id == key_id,
                SigningKey.distrusted_at.is_(None),
            )
            .values(distrusted_at=now, retired_at=func.coalesce(SigningKey.retired_at, now))
            .returning(SigningKey.id)
            .execution_options(synchronize_session=False)
        )
        if distrusted is None:
            raise Missing("signing_key_missing")
        record_act(
            actor,
            "badges.distrust_signing_key",
            now,
            edition_id=edition_id,
            subject="signing_key",
            subject_id=distrusted,
            key_id=key_id,
        )


def list_broken_keys(edition_id: int) -> list[int]:
    """Return the ids of keys that cannot sign: encrypted with another secret key, or not matching their public key."""
    rows = db.session.execute(
        select(SigningKey.key_id, SigningKey.public_key, SigningKey.encrypted_private_key)
        .where(SigningKey.edition_id == edition_id, SigningKey.distrusted_at.is_(None))
        .order_by(SigningKey.key_id)
    )
    return [row.key_id for row in rows if not _is_usable(row.encrypted_private_key, row.public_key)]


def _is_usable(encrypted_private_key: bytes, public_key: bytes) -> bool:
    try:
        return new_key_pair(unseal(SEAL, encrypted_private_key))[1] == public_key
    except Unavailable:
        return False


def get_signer(edition_id: int, ticket_type_ids: Iterable[int], now: datetime) -> Signer:
    """Return the current signing key, creating it for the first badge of an edition.

    The edition's dates are locked before the days of tickets are read, so this waits while both are being moved.
    """
    types = sorted(set(ticket_type_ids))
    rows = _lock_dates_and_read_key(edition_id, types)
    if not rows:
        lock_dates(edition_id)
        highest = db.session.scalar(select(func.max(SigningKey.key_id)).where(SigningKey.edition_id == edition_id))
        _insert_key(SYSTEM, edition_id, 0 if highest is None else highest + 1, now)
        rows = _lock_dates_and_read_key(edition_id, types)
    if not rows:
        raise AssertionError("a signing key was just made")
    key, days = rows[0], {row.ticket_type_id: DayRange.of(row.valid_from, row.valid_days) for row in rows}
    return Signer(key.key_id, unseal(SEAL, key.encrypted_private_key), key.number, key.day_zero, days)


_key, _edition, _type = (cast("Table", model.__table__) for model in (SigningKey, Edition, TicketType))
_its_current_keys = (_key.c.edition_id == bindparam("edition_id")) & _key.c.retired_at.is_(None)
# Core statements, built once, because every registration runs them.
_CURRENT_KEY = (
    select(
        _key.c.key_id,
        _key.c.encrypted_private_key,
        _edition.c.number,
        _edition.c.day_zero,
        _type.c.id.label("ticket_type_id"),
        _type.c.valid_from,
        _type.c.valid_days,
    )
    .join(_edition, _edition.c.id == _key.c.edition_id)
    .join(_type, _type.c.edition_id == _edition.c.id)
    .where(
        _its_current_keys,
        _key.c.key_id == select(func.max(_key.c.key_id)).where(_its_current_keys).correlate(None).scalar_subquery(),
        _type.c.id.in_(bindparam("ticket_type_ids", expanding=True)),
    )
    # Locks like `lock_dates`, but in a statement that is needed anyway. The ticket types are locked as well because
    # PostgreSQL returns the newest version of a row it had to wait for, but only of the rows that it locks.
    .with_for_update(read=True, key_share=True, of=[_edition, _type])
)


def _lock_dates_and_read_key(edition_id: int, ticket_type_ids: list[int]) -> Sequence[Any]:
    """Return the current signing key with each ticket type, and lock the edition's days until the transaction ends.

    Locks nothing if there is no key.
    """
    values = {"edition_id": edition_id, "ticket_type_ids": ticket_type_ids}
    return fetch_direct(core_connection(), _CURRENT_KEY, values)


def _insert_key(actor: Actor, edition_id: int, key_id: int, now: datetime) -> None:
    """Insert a key, unless another process inserted one with this id at the same moment."""
    private_key, public_key = new_key_pair(secrets.token_bytes(SEED_BYTES))
    row_id = insert_new(
        SigningKey,
        "edition_id",
        "key_id",
        edition_id=edition_id,
        key_id=key_id,
        public_key=public_key,
        encrypted_private_key=seal(SEAL, private_key),
        created_at=now,
    )
    if row_id is not None:
        record_act(
            actor,
            "badges.create_signing_key",
            now,
            edition_id=edition_id,
            subject="signing_key",
            subject_id=row_id,
            key_id=key_id,
        )
