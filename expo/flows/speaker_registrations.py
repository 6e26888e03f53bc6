"""Registrations of speakers without an account, such as imported ones: by invitation, or with a badge at the help desk.

Nobody is registered twice: a registration at their address becomes theirs, and where only the name is the same, an
organizer says whether it is the same person.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from expo.accounts.queries import find_person, find_person_by_email
from expo.accounts.rules import SYSTEM, Actor, Permission, require
from expo.badges.services import issue_badges
from expo.editions.queries import get_edition
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.emails import invite_speaker
from expo.flows.granted_tickets import find_own_registration, give_ticket
from expo.flows.registration import approve
from expo.flows.speaker_tickets import MAX_TICKETS, TicketRefusal
from expo.infra.db import atomic, retried
from expo.program.queries import SpeakerTicketRow, TicketStatus, list_languages_by_address, list_speaker_tickets
from expo.program.services import link_registration, lock_speaker_ticket
from expo.pure.languages import find_common_language, localized
from expo.pure.names import fold, latin_form
from expo.registration.queries import AttendeeRow, HolderName, get_attendee_by_id, list_holder_names
from expo.registration.rules import AttendeeRequest, AttendeeState, OrderRequest, Source
from expo.registration.services import place_order, prepare_order, take_places

# The choice that somebody of the same name is somebody else.
OTHER_PERSON = "other"


class Way(StrEnum):
    """How a speaker without an account gets a ticket."""

    # There is an address: they are asked to confirm it, and then get the badge by e-mail.
    INVITED = "invited"
    # There is none: the help desk finds them by name and prints the badge.
    AT_DESK = "at_desk"
    # They are registered at their address: that registration gets the ticket.
    LINKED = "linked"
    # Somebody of the same name is registered: an organizer says whether it is the same person.
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class PlannedTicket:
    """A speaker, how they would get a ticket, and who of the same name is registered."""

    ticket: SpeakerTicketRow
    way: Way
    namesakes: tuple[HolderName, ...] = ()


@dataclass(frozen=True)
class RegistrationRequest:
    """Who gets a ticket, and what is not known about them.

    `choices` says for speakers with namesakes, by slug, which attendee they are, as a code, or that they are another
    person; those without a choice get no ticket.
    """

    slugs: Sequence[str]
    ticket_type_code: str
    country: str
    choices: Mapping[str, str]


def plan_speaker_tickets(actor: Actor, edition_id: int, slugs: Sequence[str]) -> list[PlannedTicket]:
    """Return how these speakers would get a ticket; those who have an account or a ticket are left out."""
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    wanted = set(slugs)
    tickets = [
        each
        for each in list_speaker_tickets(edition_id)
        if each.status is TicketStatus.NO_ACCOUNT and each.slug in wanted
    ]
    known = _Known(list_holder_names(edition_id))
    return [_plan(each, known) for each in tickets]


def register_speakers(
    actor: Actor, edition_id: int, request: RegistrationRequest, now: datetime
) -> tuple[dict[Way, int], list[TicketRefusal]]:
    """Give tickets to speakers without an account, each in a transaction of their own.

    Returns how many came to it in which way, and who got none and why. Raises Invalid `too_many_tickets`,
    `contact_email_missing`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if len(request.slugs) > MAX_TICKETS:
        raise Invalid("too_many_tickets", field="speakers", maximum=MAX_TICKETS)
    planned = plan_speaker_tickets(actor, edition_id, request.slugs)
    reply_to = find_reply_address(actor, edition_id, planned)
    counts: dict[Way, int] = defaultdict(int)
    refusals = []
    for each in planned:
        try:
            counts[register_speaker(actor, edition_id, each, request, reply_to, now)] += 1
        except ExpoError as error:
            refusals.append(TicketRefusal(each.ticket, error))
    return dict(counts), refusals


def register_speaker(
    actor: Actor, edition_id: int, planned: PlannedTicket, request: RegistrationRequest, reply_to: str, now: datetime
) -> Way:
    """Give a ticket to one speaker without an account, and return how; `Way.UNCLEAR` if nobody has said who it is."""
    choice = request.choices.get(planned.ticket.slug, "")
    namesake = next((name for name in planned.namesakes if name.code == choice), None)
    if planned.way is Way.UNCLEAR and namesake is None and choice != OTHER_PERSON:
        return Way.UNCLEAR
    return _register(actor, edition_id, planned.ticket.slug, request, namesake, reply_to, now)


def find_reply_address(actor: Actor, edition_id: int, planned: Sequence[PlannedTicket]) -> str:
    """Return the address for speakers without their own: the organizers'; empty if all of them have one.

    Raises Invalid `contact_email_missing`.
    """
    if all(each.ticket.email for each in planned):
        return ""
    edition = get_edition(edition_id)
    person = find_person(actor.id) if actor.kind == "person" and actor.id is not None else None
    address = edition.contact_email or (person.email if person else "")
    if not address:
        raise Invalid("contact_email_missing", field="ticket")
    return address


@retried
def _register(
    actor: Actor,
    edition_id: int,
    slug: str,
    request: RegistrationRequest,
    namesake: HolderName | None,
    reply_to: str,
    now: datetime,
) -> Way:
    with atomic():
        ticket = lock_speaker_ticket(edition_id, slug)
        if ticket.attendee_id is not None:
            raise Conflict("speaker_has_ticket")
        own = get_attendee_by_id(edition_id, namesake.attendee_id) if namesake else _find_own(edition_id, ticket)
        if own is not None:
            link_registration(actor, edition_id, ticket.speaker_id, own.id, now)
            give_ticket(actor, own, request.ticket_type_code, now)
            return Way.LINKED
        _place(actor, edition_id, ticket, request, reply_to, now)
        return Way.INVITED if ticket.email else Way.AT_DESK


def _place(
    actor: Actor,
    edition_id: int,
    ticket: SpeakerTicketRow,
    request: RegistrationRequest,
    reply_to: str,
    now: datetime,
) -> None:
    """Register a speaker: until the address is confirmed, or with a badge that is not sent by e-mail."""
    edition = get_edition(edition_id)
    spoken = list_languages_by_address(edition_id).get(ticket.email, ()) if ticket.email else ()
    language = find_common_language(spoken, edition.languages) or edition.languages[0]
    name = localized(ticket.name, language)
    attendee = AttendeeRequest(
        ticket_type_code=request.ticket_type_code,
        name=name,
        latin_name=latin_form(name, language),
        country=request.country,
        language=language,
    )
    source = Source.INVITATION if ticket.email else Source.SPEAKER
    wanted = OrderRequest(ticket.email or reply_to, language, (attendee,), source=source.value)
    order = place_order(actor, prepare_order(actor, edition_id, wanted, now), now)
    (made,) = order.attendees
    link_registration(actor, edition_id, ticket.speaker_id, made.id, now)
    if ticket.email:
        invite_speaker(order, now)
    elif made.state is AttendeeState.AWAITING_APPROVAL:
        approve(actor, edition_id, made.id, now)
    else:
        issue_badges(SYSTEM, edition_id, [made], now)
    take_places(order.attendees)


def _plan(ticket: SpeakerTicketRow, known: "_Known") -> PlannedTicket:
    names = _folded_names(ticket)
    at_address = known.by_email.get(ticket.email, []) if ticket.email else []
    namesakes = {each.attendee_id: each for name in names for each in known.by_name.get(name, ())}
    if len(at_address) == 1 or any(each.attendee_id in namesakes for each in at_address):
        return PlannedTicket(ticket, Way.LINKED)
    if namesakes:
        return PlannedTicket(ticket, Way.UNCLEAR, tuple(namesakes.values()))
    return PlannedTicket(ticket, Way.INVITED if ticket.email else Way.AT_DESK)


def _find_own(edition_id: int, ticket: SpeakerTicketRow) -> AttendeeRow | None:
    """Return the registration at the speaker's address, if it can only be theirs."""
    person = find_person_by_email(ticket.email) if ticket.email else None
    return find_own_registration(edition_id, person.id, ticket.name.values()) if person else None


class _Known:
    """Who is registered, by address and by folded name."""

    def __init__(self, holding: Sequence[HolderName]) -> None:
        self.by_email: dict[str, list[HolderName]] = defaultdict(list)
        self.by_name: dict[str, list[HolderName]] = defaultdict(list)
        for each in holding:
            self.by_email[each.email].append(each)
            for name in {fold(each.name), fold(each.latin_name)} - {""}:
                self.by_name[name].append(each)


def _folded_names(ticket: SpeakerTicketRow) -> set[str]:
    return {fold(name) for name in ticket.name.values()} - {""}
