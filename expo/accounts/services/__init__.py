"""Acts on accounts, by noun: people, passwords, links, sessions, second factors, passkeys, roles, API tokens."""

from expo.accounts.services.api_tokens import create_api_token, revoke_api_token
from expo.accounts.services.idempotency import (
    KEEP_IDEMPOTENCY_KEYS,
    KeptAnswer,
    claim_idempotency_key,
    forget_idempotency_keys,
    keep_answer,
)
from expo.accounts.services.links import issue_sign_in_link
from expo.accounts.services.passwords import set_password, sign_in_with_password
from expo.accounts.services.people import check_email, create_admin, ensure_person, ensure_person_at, mark_verified
from expo.accounts.services.roles import grant_role, withdraw_role

__all__ = [
    "KEEP_IDEMPOTENCY_KEYS",
    "KeptAnswer",
    "check_email",
    "claim_idempotency_key",
    "create_admin",
    "create_api_token",
    "ensure_person",
    "ensure_person_at",
    "forget_idempotency_keys",
    "grant_role",
    "issue_sign_in_link",
    "keep_answer",
    "mark_verified",
    "revoke_api_token",
    "set_password",
    "sign_in_with_password",
    "withdraw_role",
]
