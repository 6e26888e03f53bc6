"""Queries on the public part of signing keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.badges.models import SigningKey
from expo.editions.models import Edition
from expo.infra.db import db


@dataclass(frozen=True)
class SigningKeyRow:
    """A signing key without its private key."""

    key_id: int
    public_key: bytes
    created_at: datetime
    retired_at: datetime | None
    distrusted_at: datetime | None


def public_keys(edition_id: int) -> dict[int, bytes]:
    """Return the trusted public keys of an edition, by key id."""
    rows = db.session.execute(
        select(SigningKey.key_id, SigningKey.public_key).where(
            SigningKey.edition_id == edition_id, SigningKey.distrusted_at.is_(None)
        )
    )
    return {row.key_id: row.public_key for row in rows}


def list_trusted_keys() -> dict[int, dict[int, bytes]]:
    """Return the trusted public keys of every edition, by edition number and key id."""
    keys: dict[int, dict[int, bytes]] = {}
    for number, key_id, public_key in db.session.execute(
        select(Edition.number, SigningKey.key_id, SigningKey.public_key)
        .join(Edition, Edition.id == SigningKey.edition_id)
        .where(SigningKey.distrusted_at.is_(None))
    ):
        keys.setdefault(number, {})[key_id] = public_key
    return keys


def list_signing_keys(edition_id: int) -> list[SigningKeyRow]:
    """Return all signing keys of an edition, oldest first."""
    rows = db.session.execute(
        select(
            SigningKey.key_id,
            SigningKey.public_key,
            SigningKey.created_at,
            SigningKey.retired_at,
            SigningKey.distrusted_at,
        )
        .where(SigningKey.edition_id == edition_id)
        .order_by(SigningKey.key_id)
    )
    return [SigningKeyRow(*row) for row in rows]
