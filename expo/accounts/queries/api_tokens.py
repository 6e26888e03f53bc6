"""Queries on API tokens."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.models import ApiToken
from expo.accounts.rules import (
    EVERYONE,
    Actor,
    Permission,
)
from expo.infra.db import db


@dataclass(frozen=True)
class ApiTokenRow:
    """An API token without its secret, which cannot be shown again."""

    id: int
    name: str
    permissions: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


def list_api_tokens(edition_id: int) -> list[ApiTokenRow]:
    """Return the API tokens of an edition, including revoked ones, newest first."""
    rows = db.session.execute(
        select(ApiToken.id, ApiToken.name, ApiToken.permissions, ApiToken.created_at, ApiToken.revoked_at)
        .where(ApiToken.edition_id == edition_id)
        .order_by(ApiToken.id.desc())
    )
    return [ApiTokenRow(row[0], row[1], tuple(row[2]), row[3], row[4]) for row in rows]


def token_digest(secret: str) -> bytes:
    """Return the digest under which an API token is stored."""
    return hashlib.sha256(secret.encode()).digest()


def find_token_actor(secret: str) -> Actor | None:
    """Return the actor for an API token; None if it does not exist or was revoked."""
    row = db.session.execute(
        select(ApiToken.id, ApiToken.edition_id, ApiToken.permissions, ApiToken.name).where(
            ApiToken.digest == token_digest(secret), ApiToken.revoked_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    named = set(row.permissions)
    known = frozenset(permission for permission in Permission if permission.value in named)
    return Actor("api_token", row.id, edition_id=row.edition_id, permissions=known | EVERYONE, label=row.name)
