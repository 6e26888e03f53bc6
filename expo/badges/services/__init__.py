"""Services for badges, the keys that sign them, and the queue that prints them."""

from expo.badges.services.badges import issue_badge, issue_badges, move_badge_days, reissue_badge, revoke_badge
from expo.badges.services.desk_settings import is_kiosk_pin, remove_kiosk_pin, set_kiosk_pin, set_stations
from expo.badges.services.keys import SEAL, create_signing_key, distrust_signing_key, list_broken_keys
from expo.badges.services.print_jobs import finish_print, request_print, start_next_print

__all__ = [
    "SEAL",
    "create_signing_key",
    "distrust_signing_key",
    "finish_print",
    "is_kiosk_pin",
    "issue_badge",
    "issue_badges",
    "list_broken_keys",
    "move_badge_days",
    "reissue_badge",
    "remove_kiosk_pin",
    "request_print",
    "revoke_badge",
    "set_kiosk_pin",
    "set_stations",
    "start_next_print",
]
