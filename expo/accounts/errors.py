"""What can go wrong with accounts. Codes: `permission_missing`, `sign_in_failed`, `email_invalid`, `password_weak`."""

from expo.errors import Refused


class PermissionMissing(Refused):
    """The actor lacks a permission."""

    def __init__(self, permission: str) -> None:
        super().__init__("permission_missing", permission=permission)
