"""Acts on registrations: the only writers of orders, lines and attendees."""

from expo.registration.services.approvals import approve_attendee, refuse_attendee
from expo.registration.services.attendees import cancel_attendee, change_attendee
from expo.registration.services.desk import change_attendee_ticket, confirm_order_by_hand, correct_email
from expo.registration.services.orders import cancel_order, confirm_order, expire_unconfirmed_orders, record_payment
from expo.registration.services.placed import PlacedAttendee, PlacedOrder, read_order
from expo.registration.services.placing import place_order

__all__ = [
    "PlacedAttendee",
    "PlacedOrder",
    "approve_attendee",
    "cancel_attendee",
    "cancel_order",
    "change_attendee",
    "change_attendee_ticket",
    "confirm_order",
    "confirm_order_by_hand",
    "correct_email",
    "expire_unconfirmed_orders",
    "place_order",
    "read_order",
    "record_payment",
    "refuse_attendee",
]
