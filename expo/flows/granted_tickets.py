"""Tickets that people get without registering: those of speakers, and the passes of exhibitors."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from expo.accounts.rules import Actor
from expo.flows.desk import change_ticket, confirm_by_hand
from expo.flows.registration import approve
from expo.pure.names import fold
from expo.registration.queries import AttendeeRow, get_attendee_by_id, list_attendees_of_person
from expo.registration.rules import HOLDING_STATES, AttendeeState


class TicketOutcome(StrEnum):
    """How somebody got a ticket."""

    REGISTERED = "registered"
    # They were registered already, with another ticket.
    CHANGED = "changed"
    # They were registered already with this ticket.
    LINKED = "linked"


def find_own_registration(edition_id: int, person_id: int, names: Iterable[str]) -> AttendeeRow | None:
    """Return the registration of a person: the one of these names, or the only one at their address.

    People also register colleagues at their own address, and spell their names in different scripts.
    """
    found = [
        each
        for each in list_attendees_of_person(person_id, edition_id)
        if each.person_id == person_id
        and each.state in HOLDING_STATES
        and (each.state is not AttendeeState.UNCONFIRMED or each.order_person_id == person_id)
    ]
    folded = {fold(each) for each in names if each}
    same_name = [each for each in found if folded & {fold(each.name), fold(each.latin_name)}]
    if same_name:
        return min(same_name, key=lambda each: (each.state is not AttendeeState.CONFIRMED, each.id))
    return found[0] if len(found) == 1 else None


def give_ticket(actor: Actor, own: AttendeeRow, ticket_type_code: str, now: datetime) -> TicketOutcome:
    """Confirm a registration and give it the ticket; anyone who has both gets no further e-mail."""
    outcome = TicketOutcome.LINKED
    if own.ticket_type_code != ticket_type_code:
        change_ticket(actor, own.edition_id, own.id, ticket_type_code, now)
        outcome = TicketOutcome.CHANGED
    if own.state is AttendeeState.UNCONFIRMED:
        # The address was confirmed by the link that led to the proposal or the team.
        confirm_by_hand(actor, own.edition_id, own.order_id, now)
    if get_attendee_by_id(own.edition_id, own.id).state is AttendeeState.AWAITING_APPROVAL:
        approve(actor, own.edition_id, own.id, now)
    return outcome
