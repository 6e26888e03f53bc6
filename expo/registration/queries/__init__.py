"""Queries on orders and attendees: frozen rows, always of one edition."""

from expo.registration.queries.add_ons import HeldAddOn, count_sold_add_ons, is_add_on_booked, list_add_ons_of
from expo.registration.queries.attendees import (
    AttendeeRow,
    get_attendee,
    get_attendee_by_id,
    list_attendees,
    list_attendees_at,
    list_attendees_of_person,
    list_confirmed_ids,
)
from expo.registration.queries.duplicates import HolderName, list_holder_names, list_possible_duplicates
from expo.registration.queries.filters import AttendeeFilter
from expo.registration.queries.history import attendee_history
from expo.registration.queries.lines import list_lines
from expo.registration.queries.orders import OrderRow, get_order, get_order_by_id
from expo.registration.queries.places import count_held_places, recount_quotas
from expo.registration.queries.search import MAX_LIMIT, count_attendees, search_attendees

__all__ = [
    "MAX_LIMIT",
    "AttendeeFilter",
    "AttendeeRow",
    "HeldAddOn",
    "HolderName",
    "OrderRow",
    "attendee_history",
    "count_attendees",
    "count_held_places",
    "count_sold_add_ons",
    "get_attendee",
    "get_attendee_by_id",
    "get_order",
    "get_order_by_id",
    "is_add_on_booked",
    "list_add_ons_of",
    "list_attendees",
    "list_attendees_at",
    "list_attendees_of_person",
    "list_confirmed_ids",
    "list_holder_names",
    "list_lines",
    "list_possible_duplicates",
    "recount_quotas",
    "search_attendees",
]
