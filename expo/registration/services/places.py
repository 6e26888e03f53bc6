"""Take and release the places of attendees, in the last statements before the commit."""

from collections.abc import Iterable

from expo.registration.queries import AttendeeRow
from expo.registration.services.attendees import TicketExchange
from expo.tickets import services as tickets


def take_places(attendees: Iterable[AttendeeRow]) -> None:
    """Take a place for each attendee of newly placed orders. Raises SoldOut."""
    wanted = [(each.ticket_type_id, each.ticket_type_code) for each in attendees]
    tickets.take_places([type_id for type_id, _code in wanted], dict(wanted))


def release_places(attendees: Iterable[AttendeeRow]) -> None:
    """Release the place of each attendee who was cancelled or rejected."""
    tickets.release_places([each.ticket_type_id for each in attendees])


def exchange_place(exchange: TicketExchange) -> None:
    """Exchange the place of an attendee whose ticket type was changed. Raises SoldOut."""
    attendee = exchange.attendee
    codes = {attendee.ticket_type_id: attendee.ticket_type_code}
    tickets.move_place(exchange.from_type_id, attendee.ticket_type_id, codes)
