"""Acts on registrations: the only writers of ticket types, quotas, orders, lines and attendees."""

from expo.registration.services.approvals import approve_attendee, refuse_attendee
from expo.registration.services.attendees import cancel_attendee, change_attendee
from expo.registration.services.desk import change_attendee_ticket, confirm_order_by_hand, correct_email
from expo.registration.services.offers import (
    change_quota,
    change_ticket_type,
    create_quota,
    create_ticket_type,
    move_ticket_days,
)
from expo.registration.services.orders import cancel_order, confirm_order, expire_unconfirmed_orders, record_payment
from expo.registration.services.placed import PlacedAttendee, PlacedOrder, read_order
from expo.registration.services.places import PlaceTaker, lock_ticket_types, take_places
from expo.registration.services.placing import place_order

__all__ = [
    "PlaceTaker",
    "PlacedAttendee",
    "PlacedOrder",
    "approve_attendee",
    "cancel_attendee",
    "cancel_order",
    "change_attendee",
    "change_attendee_ticket",
    "change_quota",
    "change_ticket_type",
    "confirm_order",
    "confirm_order_by_hand",
    "correct_email",
    "create_quota",
    "create_ticket_type",
    "expire_unconfirmed_orders",
    "lock_ticket_types",
    "move_ticket_days",
    "place_order",
    "read_order",
    "record_payment",
    "refuse_attendee",
    "take_places",
]
