"""What a hub copies from its centre: these columns of these tables, and no others. Pure.

There are no e-mail addresses, phone numbers, passwords or answers among them, and no private keys: a hub can verify
badges and not sign any.
"""

from collections.abc import Mapping

# Sent whole with each copy, because they are short. Rows that are no longer sent are gone, or not for this hall.
DESCRIPTION: Mapping[str, tuple[str, ...]] = {
    "edition": (
        "id", "number", "slug", "title", "starts_on", "ends_on", "day_zero", "time_zone", "languages", "currency",
        "accent_color", "is_demo", "content_changed_at", "created_at",
    ),
    "signing_key": ("id", "edition_id", "key_id", "public_key", "created_at", "retired_at", "distrusted_at"),
    "ticket_type": (
        "id", "edition_id", "number", "code", "name", "band", "valid_from", "valid_days", "position", "door_note",
        "party",
    ),
    "add_on": ("id", "edition_id", "code", "name", "position"),
    "session": ("id", "edition_id", "slug", "seat_limit", "day", "starts_at", "ends_at"),
    "zone": (
        "id", "edition_id", "code", "name", "capacity", "exclusive_group", "anti_passback", "warning_percent",
        "alarm_percent", "position",
    ),
    "checkpoint": (
        "id", "edition_id", "zone_id", "code", "name", "is_open", "is_restricted", "opens_at", "closes_at", "position",
        "kind", "session_id", "rule", "questions",
    ),
    "checkpoint_ticket_type": ("checkpoint_id", "ticket_type_id"),
    "device": (
        "id", "edition_id", "name", "profile", "token_digest", "created_at", "enrolled_at", "revoked_at", "is_wiped",
    ),
    "device_checkpoint": ("device_id", "checkpoint_id"),
}  # fmt: skip

# About attendees: everything at first, then what has changed.
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "order": ("id", "edition_id", "state", "total_cents", "paid_at", "created_at"),
    "attendee": (
        "id", "edition_id", "order_id", "position", "code", "ticket_type_id", "name", "latin_name", "company",
        "country", "state", "door_note", "created_at",
    ),
    "badge": (
        "id", "edition_id", "attendee_id", "serial", "issue", "token", "valid_from", "valid_days", "issued_at",
        "revoked_at",
    ),
    "former_badge": ("badge_id", "issue", "token"),
    # Those of add-ons, without their prices.
    "order_line": ("id", "order_id", "attendee_id", "ticket_type_id", "add_on_id", "quantity", "cancelled_at"),
    "seat_hold": ("attendee_id", "session_id", "state", "number", "changed_at"),
}  # fmt: skip

# The scans by which somebody entered or left, from which a hub computes who is inside.
SCANS: Mapping[str, tuple[str, ...]] = {
    "scan": (
        "edition_id", "scan_id", "checkpoint_id", "attendee_id", "badge_id", "direction", "verdict", "reason", "forced",
        "decided", "party", "scanned_at", "received_at", "undone_at", "device_id", "actor_kind", "actor_id",
    ),
}  # fmt: skip

COPIED: Mapping[str, tuple[str, ...]] = {**DESCRIPTION, **PEOPLE, **SCANS}
