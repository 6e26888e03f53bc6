"""Services of accounts."""

from expo.accounts.services.api_tokens import create_api_token, revoke_api_token
from expo.accounts.services.links import issue_sign_in_link
from expo.accounts.services.passwords import hash_password, is_password_hash, set_password, sign_in_with_password
from expo.accounts.services.people import check_email, create_admin, ensure_person, ensure_person_at, mark_verified
from expo.accounts.services.roles import grant_role, revoke_role

__all__ = [
    "check_email",
    "create_admin",
    "create_api_token",
    "ensure_person",
    "ensure_person_at",
    "grant_role",
    "hash_password",
    "is_password_hash",
    "issue_sign_in_link",
    "mark_verified",
    "revoke_api_token",
    "revoke_role",
    "set_password",
    "sign_in_with_password",
]
