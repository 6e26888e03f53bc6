"""Tickets of speakers: a registration for each, without asking them to register, and never a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog

from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.desk import change_ticket, confirm_by_hand
from expo.flows.registration import approve, cancel_registration, register_without_places
from expo.infra.db import atomic, retried
from expo.program.queries import SpeakerTicketRow, get_speaker_ticket, list_promised_tickets
from expo.program.services import link_registration, lock_speaker_ticket
from expo.proposals import services as proposals
from expo.proposals.rules import ProfileRequest
from expo.pure.languages import localized
from expo.pure.names import fold, latin_form
from expo.registration.queries import AttendeeRow, get_attendee_by_id, list_attendees_of_person
from expo.registration.rules import HOLDING_STATES, AttendeeRequest, AttendeeState, OrderRequest, Source
from expo.registration.services import prepare_order, take_places

# How many tickets are issued in one request.
MAX_TICKETS = 200
log = structlog.get_logger(__name__)


class TicketOutcome(StrEnum):
    """How a speaker came to a ticket."""

    REGISTERED = "registered"
    # They were registered already, with another ticket.
    CHANGED = "changed"
    # They were registered already with this ticket.
    LINKED = "linked"


@dataclass(frozen=True)
class TicketRefusal:
    """A speaker who got no ticket, and why."""

    ticket: SpeakerTicketRow
    error: ExpoError


@retried
def issue_speaker_ticket(
    actor: Actor, edition_id: int, slug: str, ticket_type_code: str, now: datetime
) -> TicketOutcome:
    """Register a speaker with this ticket type, or change the ticket of their own registration; e-mail the badge.

    Raises SpeakerMissing, Conflict `speaker_has_ticket`, `speaker_without_account`, Invalid with the field of the
    profile, TicketTypeMissing, SoldOut.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        ticket = lock_speaker_ticket(edition_id, slug)
        if ticket.attendee_id is not None:
            raise Conflict("speaker_has_ticket")
        if ticket.person_id is None:
            raise Conflict("speaker_without_account")
        own = _find_own_registration(edition_id, ticket.person_id, ticket)
        if own is None:
            _register(actor, edition_id, ticket, ticket_type_code, now)
            return TicketOutcome.REGISTERED
        link_registration(actor, edition_id, ticket.speaker_id, own.id, now)
        return _upgrade(actor, own, ticket_type_code, now)


def issue_speaker_tickets(
    actor: Actor, edition_id: int, slugs: Sequence[str], ticket_type_code: str, now: datetime
) -> tuple[int, list[TicketRefusal]]:
    """Issue tickets to several speakers, each in its own transaction; return how many, and who got none and why.

    Raises Invalid `too_many_tickets`, SpeakerMissing.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if len(slugs) > MAX_TICKETS:
        raise Invalid("too_many_tickets", field="speakers", maximum=MAX_TICKETS)
    refusals = []
    tickets = [get_speaker_ticket(edition_id, slug) for slug in dict.fromkeys(slugs)]
    for ticket in tickets:
        try:
            issue_speaker_ticket(actor, edition_id, ticket.slug, ticket_type_code, now)
        except ExpoError as error:
            refusals.append(TicketRefusal(ticket, error))
    return len(tickets) - len(refusals), refusals


def issue_promised_tickets(edition_id: int, person_ids: Sequence[int], now: datetime) -> int:
    """Issue the tickets that calls promise to these people as confirmed speakers, and return how many.

    Whoever cannot get one, for example because their country is unknown, stays on the organizers' list.
    """
    issued = 0
    for slug, code in list_promised_tickets(edition_id, person_ids):
        try:
            issue_speaker_ticket(SYSTEM, edition_id, slug, code, now)
        except ExpoError as error:
            log.info("speaker_ticket_not_issued", speaker=slug, reason=error.code)
        else:
            issued += 1
    return issued


def save_profile(actor: Actor, edition_id: int, request: ProfileRequest, zone: str, now: datetime) -> None:
    """Save the actor's own profile, and issue the ticket that was waiting for it. Raises Invalid with the field."""
    proposals.save_profile(actor, request, zone, now)
    if actor.id is not None:
        issue_promised_tickets(edition_id, [actor.id], now)


@retried
def cancel_speaker_ticket(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Cancel the registration of somebody who no longer speaks. Raises Conflict `speaker_without_ticket`."""
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    with atomic():
        ticket = lock_speaker_ticket(edition_id, slug)
        if ticket.attendee_id is None:
            raise Conflict("speaker_without_ticket")
        cancel_registration(actor, edition_id, ticket.attendee_id, now)


def _register(actor: Actor, edition_id: int, ticket: SpeakerTicketRow, ticket_type_code: str, now: datetime) -> None:
    name = ticket.profile_name or localized(ticket.name, ticket.language)
    attendee = AttendeeRequest(
        ticket_type_code=ticket_type_code,
        name=name,
        latin_name=latin_form(name, ticket.language),
        country=ticket.country,
        company=ticket.company,
        language=ticket.language,
    )
    request = OrderRequest(ticket.email, ticket.language, (attendee,), source=Source.SPEAKER.value)
    order = register_without_places(actor, prepare_order(actor, edition_id, request, now), now)
    (made,) = order.attendees
    link_registration(actor, edition_id, ticket.speaker_id, made.id, now)
    if made.state is AttendeeState.AWAITING_APPROVAL:
        approve(actor, edition_id, made.id, now)
    take_places(order.attendees)


def _upgrade(actor: Actor, own: AttendeeRow, ticket_type_code: str, now: datetime) -> TicketOutcome:
    """Confirm a registration and give it the ticket; whoever has both gets no further e-mail."""
    outcome = TicketOutcome.LINKED
    if own.ticket_type_code != ticket_type_code:
        change_ticket(actor, own.edition_id, own.id, ticket_type_code, now)
        outcome = TicketOutcome.CHANGED
    if own.state is AttendeeState.UNCONFIRMED:
        # The address was confirmed by the link that led to the proposal.
        confirm_by_hand(actor, own.edition_id, own.order_id, now)
    if get_attendee_by_id(own.edition_id, own.id).state is AttendeeState.AWAITING_APPROVAL:
        approve(actor, own.edition_id, own.id, now)
    return outcome


def _find_own_registration(edition_id: int, person_id: int, ticket: SpeakerTicketRow) -> AttendeeRow | None:
    """Return the registration of the speaker: the one of this name, or the only one at their address.

    People also register colleagues at their own address, and spell their names in different scripts.
    """
    found = [
        each
        for each in list_attendees_of_person(person_id, edition_id)
        if each.person_id == person_id
        and each.state in HOLDING_STATES
        and (each.state is not AttendeeState.UNCONFIRMED or each.order_person_id == person_id)
    ]
    names = {fold(each) for each in (ticket.profile_name, *ticket.name.values()) if each}
    same_name = [each for each in found if names & {fold(each.name), fold(each.latin_name)}]
    if same_name:
        return min(same_name, key=lambda each: (each.state is not AttendeeState.CONFIRMED, each.id))
    return found[0] if len(found) == 1 else None
