"""Errors of the accounts domain.

Codes: `permission_missing`, `confirmation_required`, `sign_in_failed`, `email_invalid`, `password_weak`,
`password_wrong`, `code_wrong`, `passkey_refused`, `passkey_missing`, `device_missing`.
"""

from expo.errors import Refused


class PermissionMissing(Refused):
    """The actor lacks a permission."""

    def __init__(self, permission: str) -> None:
        super().__init__("permission_missing", permission=permission)


class ConfirmationRequired(Refused):
    """The actor is signed in but has not confirmed their identity within the last few minutes."""

    def __init__(self) -> None:
        super().__init__("confirmation_required")
