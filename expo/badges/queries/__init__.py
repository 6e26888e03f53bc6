"""Queries on badges and public keys."""

from expo.badges.queries.badges import (
    BadgeRow,
    count_badges_out,
    find_badge,
    find_badge_of,
    list_badges_of,
    list_valid_tokens,
)
from expo.badges.queries.keys import list_signing_keys, list_trusted_keys, public_keys

__all__ = [
    "BadgeRow",
    "count_badges_out",
    "find_badge",
    "find_badge_of",
    "list_badges_of",
    "list_signing_keys",
    "list_trusted_keys",
    "list_valid_tokens",
    "public_keys",
]
