"""Tickets of speakers: a registration for each, without asking them to register, and never a second one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.granted_tickets import TicketOutcome, find_own_registration, give_ticket
from expo.flows.registration import approve, cancel_registration, register_without_places
from expo.infra.db import atomic, retried
from expo.program.queries import SpeakerTicketRow, get_speaker_ticket, list_promised_tickets
from expo.program.services import link_registration, lock_speaker_ticket
from expo.pure.languages import localized
from expo.pure.names import latin_form
from expo.registration.rules import AttendeeRequest, AttendeeState, OrderRequest, Source
from expo.registration.services import prepare_order, take_places

# How many tickets are issued in one request.
MAX_TICKETS = 200
log = structlog.get_logger(__name__)


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
        own = find_own_registration(edition_id, ticket.person_id, (ticket.profile_name, *ticket.name.values()))
        if own is None:
            _register(actor, edition_id, ticket, ticket_type_code, now)
            return TicketOutcome.REGISTERED
        link_registration(actor, edition_id, ticket.speaker_id, own.id, now)
        return give_ticket(actor, own, ticket_type_code, now)


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

    Speakers who cannot get one, for example because their country is unknown, stay on the organizers' list.
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
