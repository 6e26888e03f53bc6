"""Services of tickets: the only code that writes ticket types, add-ons, quotas and their counters."""

from expo.tickets.services.add_ons import change_add_on, create_add_on, delete_add_on
from expo.tickets.services.places import (
    exchange_add_ons,
    lock_add_ons,
    lock_ticket_types,
    move_place,
    release_places,
    take_places,
)
from expo.tickets.services.quotas import change_quota, create_quota, delete_quota, lock_quotas
from expo.tickets.services.types import change_ticket_type, create_ticket_type, move_ticket_days

__all__ = [
    "change_add_on",
    "change_quota",
    "change_ticket_type",
    "create_add_on",
    "create_quota",
    "create_ticket_type",
    "delete_add_on",
    "delete_quota",
    "exchange_add_ons",
    "lock_add_ons",
    "lock_quotas",
    "lock_ticket_types",
    "move_place",
    "move_ticket_days",
    "release_places",
    "take_places",
]
