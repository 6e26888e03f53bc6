"""Acts on registrations: the only writers of ticket types, quotas, orders and attendees."""

from expo.registration.services.attendees import approve_attendee, cancel_attendee, change_attendee, refuse_attendee
from expo.registration.services.offers import (
    change_quota,
    change_ticket_type,
    create_quota,
    create_ticket_type,
    move_ticket_days,
)
from expo.registration.services.orders import (
    PlacedAttendee,
    PlacedOrder,
    cancel_order,
    confirm_order,
    expire_unconfirmed_orders,
    place_order,
    record_payment,
)
from expo.registration.services.places import PlaceTaker, take_places

__all__ = [
    "PlaceTaker",
    "PlacedAttendee",
    "PlacedOrder",
    "approve_attendee",
    "cancel_attendee",
    "cancel_order",
    "change_attendee",
    "change_quota",
    "change_ticket_type",
    "confirm_order",
    "create_quota",
    "create_ticket_type",
    "expire_unconfirmed_orders",
    "move_ticket_days",
    "place_order",
    "record_payment",
    "refuse_attendee",
    "take_places",
]
