"""Queries on passkeys, authenticators and recovery codes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.models import Authenticator, Passkey, RecoveryCode
from expo.infra.db import db


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey as shown to its owner."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class SecondFactors:
    """The second factors that a person has set up."""

    passkeys: tuple[PasskeyRow, ...]
    has_authenticator: bool
    recovery_codes_left: int


def get_second_factors(person_id: int) -> SecondFactors:
    """Return the second factors of a person."""
    passkeys = db.session.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.last_used_at)
        .where(Passkey.person_id == person_id)
        .order_by(Passkey.id)
    )
    enabled = select(Authenticator.id).where(
        Authenticator.person_id == person_id, Authenticator.enabled_at.is_not(None)
    )
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return SecondFactors(
        passkeys=tuple(PasskeyRow(*row) for row in passkeys),
        has_authenticator=db.session.scalar(enabled) is not None,
        recovery_codes_left=db.session.scalar(left) or 0,
    )
