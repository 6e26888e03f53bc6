"""Services of registration: the only code that writes orders, lines and attendees."""

from expo.registration.services.add_ons import change_attendee_add_ons
from expo.registration.services.approvals import approve_attendee, reject_attendee
from expo.registration.services.attendees import change_attendee, change_attendee_ticket, correct_email, set_door_note
from expo.registration.services.cancellations import cancel_attendee, cancel_order
from expo.registration.services.confirmations import confirm_order, confirm_order_by_hand
from expo.registration.services.expirations import expire_unconfirmed_orders
from expo.registration.services.id_checks import check_id, set_id_check
from expo.registration.services.orders import PreparedOrder, place_order, prepare_order
from expo.registration.services.payments import record_payment
from expo.registration.services.places import exchange_add_ons, exchange_place, release_places, take_places

__all__ = [
    "PreparedOrder",
    "approve_attendee",
    "cancel_attendee",
    "cancel_order",
    "change_attendee",
    "change_attendee_add_ons",
    "change_attendee_ticket",
    "check_id",
    "confirm_order",
    "confirm_order_by_hand",
    "correct_email",
    "exchange_add_ons",
    "exchange_place",
    "expire_unconfirmed_orders",
    "place_order",
    "prepare_order",
    "record_payment",
    "reject_attendee",
    "release_places",
    "set_door_note",
    "set_id_check",
    "take_places",
]
