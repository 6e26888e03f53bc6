"""Queries on ticket types, add-ons and quotas: frozen rows, always of one edition."""

from expo.tickets.queries.add_ons import AddOnRow, find_add_on_offers, get_add_on, list_add_ons, name_add_ons
from expo.tickets.queries.quotas import QuotaRow, list_quotas
from expo.tickets.queries.types import TicketTypeRow, find_offers, get_ticket_type, list_ticket_types

__all__ = [
    "AddOnRow",
    "QuotaRow",
    "TicketTypeRow",
    "find_add_on_offers",
    "find_offers",
    "get_add_on",
    "get_ticket_type",
    "list_add_ons",
    "list_quotas",
    "list_ticket_types",
    "name_add_ons",
]
