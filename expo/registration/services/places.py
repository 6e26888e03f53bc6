"""Take and release the places of attendees and their add-ons, in the last statements before the commit."""

from collections.abc import Iterable

from expo.registration.queries import AttendeeRow
from expo.registration.services.add_ons import AddOnExchange
from expo.registration.services.attendees import TicketExchange
from expo.tickets import services as tickets
from expo.tickets.rules import AddOnUnits


def take_places(attendees: Iterable[AttendeeRow]) -> None:
    """Take the places of each attendee of newly placed orders. Raises SoldOut or AddOnSoldOut."""
    placed = list(attendees)
    codes = {each.ticket_type_id: each.ticket_type_code for each in placed}
    tickets.take_places([each.ticket_type_id for each in placed], codes, _add_ons_of(placed))


def release_places(attendees: Iterable[AttendeeRow]) -> None:
    """Release the places of each attendee who was cancelled or rejected."""
    ended = list(attendees)
    tickets.release_places([each.ticket_type_id for each in ended], _add_ons_of(ended))


def exchange_place(exchange: TicketExchange) -> None:
    """Exchange the place of an attendee whose ticket type was changed. Raises SoldOut."""
    attendee = exchange.attendee
    codes = {attendee.ticket_type_id: attendee.ticket_type_code}
    tickets.move_place(exchange.from_type_id, attendee.ticket_type_id, codes)


def exchange_add_ons(exchange: AddOnExchange) -> None:
    """Exchange the places of an attendee whose add-ons were changed. Raises AddOnSoldOut."""
    tickets.exchange_add_ons(exchange.released, exchange.taken)


def _add_ons_of(attendees: Iterable[AttendeeRow]) -> list[AddOnUnits]:
    return [units for each in attendees for units in each.add_on_units]
