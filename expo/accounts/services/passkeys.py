"""Services for passkeys (WebAuthn): add, verify and remove them.

A challenge is stored in the session that requested it and is used up by the response, right or wrong.
"""

import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from expo.accounts.models import Passkey, UserSession
from expo.accounts.rules import Actor, require_confirmed
from expo.accounts.services.second_factors import delete_unneeded_codes
from expo.errors import Conflict, Missing, Refused
from expo.infra.addresses import relying_party
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_new

CHALLENGE_BYTES = 32
CHALLENGE_LIFETIME = timedelta(minutes=5)
MAX_PASSKEYS = 10
MAX_NAME_LENGTH = 100
_TRANSPORTS = frozenset({"ble", "hybrid", "internal", "nfc", "smart-card", "usb"})


def begin_adding_passkey(actor: Actor, email: str, name: str, site_name: str, now: datetime) -> dict[str, Any]:
    """Return the WebAuthn options for creating a passkey. Raises ConfirmationRequired, Conflict."""
    person_id, session_id = _confirmed_session(actor)
    known = _credential_ids(person_id)
    if len(known) >= MAX_PASSKEYS:
        raise Conflict("passkeys_too_many", maximum=MAX_PASSKEYS)
    options = generate_registration_options(
        rp_id=relying_party()[0],
        rp_name=site_name,
        user_name=email,
        user_display_name=name or email,
        user_id=f"person-{person_id}".encode(),
        challenge=_store_challenge(session_id, now),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return _as_json(options)


def add_passkey(actor: Actor, name: str, answer: dict[str, Any], now: datetime) -> None:
    """Add the passkey created by the browser. Raises ConfirmationRequired, Refused `passkey_refused`."""
    person_id, session_id = _confirmed_session(actor)
    challenge = _pop_challenge(session_id, now)
    rp_id, origin = relying_party()
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=rp_id, expected_origin=origin
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise Refused("passkey_refused") from None
    reported = answer.get("response", {}).get("transports") or []
    with atomic():
        passkey_id = insert_new(
            Passkey,
            "credential_id",
            person_id=person_id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=sorted({each for each in reported if isinstance(each, str)} & _TRANSPORTS),
            name=name.strip()[:MAX_NAME_LENGTH],
            created_at=now,
        )
        if passkey_id is None:
            raise Refused("passkey_refused")
        _record(actor, "accounts.add_passkey", person_id, now, passkey=passkey_id)


def begin_passkey_check(person_id: int, session_id: int, now: datetime) -> dict[str, Any]:
    """Return the WebAuthn options for authenticating with one of the person's passkeys."""
    options = generate_authentication_options(
        rp_id=relying_party()[0],
        challenge=_store_challenge(session_id, now),
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in _credential_ids(person_id)],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _as_json(options)


def check_passkey(person_id: int, session_id: int, answer: dict[str, Any], now: datetime) -> None:
    """Verify the response of one of the person's passkeys. Raises Refused `passkey_refused`."""
    challenge = _pop_challenge(session_id, now)
    rp_id, origin = relying_party()
    try:
        credential_id = base64url_to_bytes(str(answer.get("rawId", "")))
    except ValueError:
        raise Refused("passkey_refused") from None
    row = db.session.execute(
        select(Passkey.id, Passkey.public_key, Passkey.sign_count).where(
            Passkey.person_id == person_id, Passkey.credential_id == credential_id
        )
    ).one_or_none()
    if row is None:
        raise Refused("passkey_refused")
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        raise Refused("passkey_refused") from None
    with atomic():
        db.session.execute(
            update(Passkey)
            .where(Passkey.id == row.id)
            .values(sign_count=verified.new_sign_count, last_used_at=now)
            .execution_options(synchronize_session=False)
        )


def remove_passkey(actor: Actor, passkey_id: int, now: datetime) -> None:
    """Remove one of the actor's passkeys. Raises ConfirmationRequired, Missing `passkey_missing`."""
    person_id, _session_id = _confirmed_session(actor)
    with atomic():
        deleted = db.session.scalar(
            delete(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == person_id).returning(Passkey.id)
        )
        if deleted is None:
            raise Missing("passkey_missing")
        delete_unneeded_codes(person_id)
        _record(actor, "accounts.remove_passkey", person_id, now, passkey=passkey_id)


def _store_challenge(session_id: int, now: datetime) -> bytes:
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    with atomic():
        db.session.execute(
            update(UserSession)
            .where(UserSession.id == session_id)
            .values(challenge=challenge, challenge_expires_at=now + CHALLENGE_LIFETIME)
            .execution_options(synchronize_session=False)
        )
    return challenge


def _pop_challenge(session_id: int, now: datetime) -> bytes:
    """Return the session's challenge and delete it, valid response or not. Raises Refused `passkey_refused`."""
    with atomic():
        row = db.session.execute(
            select(UserSession.challenge, UserSession.challenge_expires_at)
            .where(UserSession.id == session_id)
            .with_for_update()
        ).one_or_none()
        db.session.execute(
            update(UserSession)
            .where(UserSession.id == session_id)
            .values(challenge=None, challenge_expires_at=None)
            .execution_options(synchronize_session=False)
        )
    if row is None or row.challenge is None or row.challenge_expires_at <= now:
        raise Refused("passkey_refused")
    challenge: bytes = row.challenge
    return challenge


def _credential_ids(person_id: int) -> list[bytes]:
    return list(
        db.session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id).order_by(Passkey.id))
    )


def _confirmed_session(actor: Actor) -> tuple[int, int]:
    require_confirmed(actor)
    if actor.kind != "person" or actor.id is None or actor.session_id is None:
        raise Refused("permission_missing", permission="own passkeys")
    return actor.id, actor.session_id


def _as_json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(options_to_json(options))
    return found


def _record(actor: Actor, action: str, person_id: int, now: datetime, **details: Any) -> None:
    record_act(actor, action, now, edition_id=None, subject="person", subject_id=person_id, **details)
