"""What can go wrong with badges.

Codes: `badge_missing`, `badge_revoked`, `badge_not_issuable`, `badge_issues_used_up`, `signing_keys_used_up`,
`signing_key_missing`.
"""

from expo.errors import Missing


class BadgeMissing(Missing):
    """The attendee has no badge, or there is none with this serial in this edition."""

    def __init__(self) -> None:
        super().__init__("badge_missing")
