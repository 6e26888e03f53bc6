"""Services for API tokens: create and revoke them."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update

from expo.accounts.models import ApiToken
from expo.accounts.queries import token_digest
from expo.accounts.rules import Actor, Permission, require, require_confirmed
from expo.errors import Invalid, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db


def create_api_token(actor: Actor, edition_id: int, name: str, permissions: Iterable[Permission], now: datetime) -> str:
    """Create an API token for one edition and return its secret, which is shown only once. Raises Invalid."""
    require(actor, Permission.TOKENS_MANAGE, edition_id)
    require_confirmed(actor)
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
    """Revoke an API token of an edition. Raises Missing `api_token_missing`."""
    require(actor, Permission.TOKENS_MANAGE, edition_id)
    require_confirmed(actor)
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
