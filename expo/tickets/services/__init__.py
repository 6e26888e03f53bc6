"""Services of tickets: the only code that writes ticket types, quotas and their counters."""

from expo.tickets.services.places import lock_ticket_types, move_place, release_places, take_places
from expo.tickets.services.quotas import change_quota, create_quota, lock_quotas
from expo.tickets.services.types import change_ticket_type, create_ticket_type, move_ticket_days

__all__ = [
    "change_quota",
    "change_ticket_type",
    "create_quota",
    "create_ticket_type",
    "lock_quotas",
    "lock_ticket_types",
    "move_place",
    "move_ticket_days",
    "release_places",
    "take_places",
]
