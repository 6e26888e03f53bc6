"""Services for badges and the keys that sign them."""

from expo.badges.services.badges import issue_badge, issue_badges, move_badge_days, reissue_badge, revoke_badge
from expo.badges.services.keys import SEAL, create_signing_key, distrust_signing_key, list_broken_keys

__all__ = [
    "SEAL",
    "create_signing_key",
    "distrust_signing_key",
    "issue_badge",
    "issue_badges",
    "list_broken_keys",
    "move_badge_days",
    "reissue_badge",
    "revoke_badge",
]
