"""Queries on badges and public keys."""

from expo.badges.queries.badges import (
    BadgeRow,
    count_badges_out,
    find_badge,
    find_badge_of,
    list_badges_of,
    list_valid_tokens,
)
from expo.badges.queries.desk_settings import DeskSettingsRow, get_desk_settings
from expo.badges.queries.keys import list_signing_keys, list_trusted_keys, public_keys
from expo.badges.queries.print_jobs import (
    PrintJobRow,
    count_waiting_jobs,
    get_print_job,
    list_finished_jobs,
    list_print_states,
    list_started_jobs,
    list_waiting_jobs,
)

__all__ = [
    "BadgeRow",
    "DeskSettingsRow",
    "PrintJobRow",
    "count_badges_out",
    "count_waiting_jobs",
    "find_badge",
    "find_badge_of",
    "get_desk_settings",
    "get_print_job",
    "list_badges_of",
    "list_finished_jobs",
    "list_print_states",
    "list_signing_keys",
    "list_started_jobs",
    "list_trusted_keys",
    "list_valid_tokens",
    "list_waiting_jobs",
    "public_keys",
]
