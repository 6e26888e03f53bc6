"""Errors of the badges domain.

Codes: `badge_missing`, `badge_revoked`, `badge_not_issuable`, `badge_issues_used_up`, `signing_keys_used_up`,
`signing_key_missing`, `print_job_missing`, `print_job_finished`, `pin_weak`, `station_invalid`.
"""

from expo.errors import Missing


class BadgeMissing(Missing):
    """The attendee has no badge, or this edition has no badge with this serial."""

    def __init__(self) -> None:
        super().__init__("badge_missing")
