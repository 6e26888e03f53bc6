"""Services for second factors: one-time codes (TOTP), and recovery codes when everything else is lost."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, or_, select, update

from expo.accounts.models import Authenticator, Passkey, Person, RecoveryCode
from expo.accounts.queries import get_second_factors
from expo.accounts.rules import Actor, SignInWay, require_confirmed
from expo.accounts.services.sessions import increment_link_version
from expo.errors import Conflict, Missing, Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_row
from expo.infra.sealing import seal, unseal

PURPOSE = "authenticator"
STEP_SECONDS = 30
# Accept a clock that is one step off in either direction (RFC 6238, 5.2).
DRIFT_STEPS = 1
RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16
# Excludes letters and digits that look alike. 16 of these hold 79 bits, so a plain digest cannot be brute-forced.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class AuthenticatorSecret:
    """The secret for an authenticator app: as text, and as the URI in its QR code."""

    secret: str
    uri: str


def begin_authenticator(actor: Actor, now: datetime) -> None:
    """Create a secret for an authenticator app, pending its first code. Raises Conflict if one is enabled."""
    person_id = _confirmed_person(actor)
    sealed = seal(PURPOSE, pyotp.random_base32().encode())
    with atomic():
        if get_second_factors(person_id).has_authenticator:
            raise Conflict("authenticator_exists")
        db.session.execute(delete(Authenticator).where(Authenticator.person_id == person_id))
        insert_row(Authenticator, person_id=person_id, sealed_secret=sealed, created_at=now)


def get_pending_authenticator(actor: Actor, email: str, issuer: str) -> AuthenticatorSecret | None:
    """Return the secret that awaits its first code, to be shown to its owner; None if there is none."""
    person_id = _confirmed_person(actor)
    sealed = db.session.scalar(
        select(Authenticator.sealed_secret).where(
            Authenticator.person_id == person_id, Authenticator.enabled_at.is_(None)
        )
    )
    if sealed is None:
        return None
    secret = unseal(PURPOSE, sealed).decode()
    return AuthenticatorSecret(secret, pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


def enable_authenticator(actor: Actor, code: str, now: datetime) -> None:
    """Enable the authenticator app after verifying a first code. Raises Refused `code_wrong`."""
    person_id = _confirmed_person(actor)
    with atomic():
        if not _use_code(person_id, code, now, is_enabled=False):
            raise Refused("code_wrong", field="code")
        db.session.execute(update(Authenticator).where(Authenticator.person_id == person_id).values(enabled_at=now))
        _record(actor, "accounts.add_authenticator", person_id, now)


def remove_authenticator(actor: Actor, now: datetime) -> None:
    """Remove the authenticator app. Raises Missing `authenticator_missing`."""
    person_id = _confirmed_person(actor)
    with atomic():
        deleted = db.session.scalar(
            delete(Authenticator).where(Authenticator.person_id == person_id).returning(Authenticator.id)
        )
        if deleted is None:
            raise Missing("authenticator_missing")
        delete_unneeded_codes(person_id)
        _record(actor, "accounts.remove_authenticator", person_id, now)


def create_recovery_codes(actor: Actor, now: datetime) -> list[str]:
    """Replace the recovery codes and return the new ones, which are shown only once."""
    person_id = _confirmed_person(actor)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    with atomic():
        if not _has_second_factor(person_id):
            raise Conflict("second_factor_missing")
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        for code in codes:
            insert_row(RecoveryCode, person_id=person_id, digest=_digest(code))
        _record(actor, "accounts.make_recovery_codes", person_id, now)
    return ["-".join(code[at : at + 4] for at in range(0, RECOVERY_CODE_LENGTH, 4)) for code in codes]


def use_code(person_id: int, code: str, now: datetime) -> SignInWay:
    """Use up a one-time code or recovery code, and return which it was. Raises Refused `code_wrong`."""
    typed = "".join(code.split()).replace("-", "").lower()
    if len(typed) == RECOVERY_CODE_LENGTH:
        with atomic():
            used = db.session.scalar(
                update(RecoveryCode)
                .where(
                    RecoveryCode.person_id == person_id,
                    RecoveryCode.digest == _digest(typed),
                    RecoveryCode.used_at.is_(None),
                )
                .values(used_at=now)
                .returning(RecoveryCode.id)
                .execution_options(synchronize_session=False)
            )
            if used is None:
                raise Refused("code_wrong", field="code")
            _record(Actor("person", person_id), "accounts.use_recovery_code", person_id, now)
        return SignInWay.RECOVERY_CODE
    if not _use_code(person_id, typed, now, is_enabled=True):
        raise Refused("code_wrong", field="code")
    return SignInWay.AUTHENTICATOR


def reset_second_factors(actor: Actor, person_id: int, now: datetime) -> None:
    """Remove all second factors of a person who lost them, and end their sessions; for operators only."""
    if actor.kind != "system":
        raise Refused("permission_missing", permission="second factors of others")
    with atomic():
        for model in (Authenticator, Passkey, RecoveryCode):
            db.session.execute(delete(model).where(model.person_id == person_id))
        increment_link_version(person_id)
        db.session.execute(update(Person).where(Person.id == person_id).values(sign_in_count=Person.sign_in_count + 1))
        _record(actor, "accounts.reset_second_factors", person_id, now)


def delete_unneeded_codes(person_id: int) -> None:
    """Delete the recovery codes of a person who no longer has a second factor."""
    if not _has_second_factor(person_id):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _use_code(person_id: int, code: str, now: datetime, *, is_enabled: bool) -> bool:
    """Use up the code if it is correct and newer than the last accepted one; return whether it was."""
    enabled = Authenticator.enabled_at.is_not(None) if is_enabled else Authenticator.enabled_at.is_(None)
    sealed = db.session.scalar(select(Authenticator.sealed_secret).where(Authenticator.person_id == person_id, enabled))
    step = _step_of(unseal(PURPOSE, sealed).decode(), code, now) if sealed is not None else None
    if step is None:
        return False
    with atomic():
        used = db.session.scalar(
            update(Authenticator)
            .where(
                Authenticator.person_id == person_id,
                or_(Authenticator.last_step.is_(None), Authenticator.last_step < step),
            )
            .values(last_step=step)
            .returning(Authenticator.id)
            .execution_options(synchronize_session=False)
        )
    return used is not None


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step near now that this code belongs to, or None."""
    present = int(now.timestamp()) // STEP_SECONDS
    shown = pyotp.TOTP(secret, interval=STEP_SECONDS)
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    right = [step for step in steps if hmac.compare_digest(shown.at(step * STEP_SECONDS).encode(), code.encode())]
    return max(right, default=None)


def _has_second_factor(person_id: int) -> bool:
    found = get_second_factors(person_id)
    return bool(found.passkeys) or found.has_authenticator


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _confirmed_person(actor: Actor) -> int:
    require_confirmed(actor)
    if actor.kind != "person" or actor.id is None:
        raise Refused("permission_missing", permission="own second factor")
    return actor.id


def _record(actor: Actor, action: str, person_id: int, now: datetime) -> None:
    record_act(actor, action, now, edition_id=None, subject="person", subject_id=person_id)
