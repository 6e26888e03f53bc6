"""Passes of exhibitors: a registration for each member of a team, and never a second one."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Actor
from expo.checkin.queries.presence import has_entered
from expo.errors import Conflict, Missing
from expo.exhibitors import services
from expo.exhibitors.queries import MemberRow
from expo.exhibitors.services import PassOffer, link_pass, lock_pass, lock_used_pass, release_pass
from expo.flows.desk import change_ticket
from expo.flows.granted_tickets import TicketOutcome, find_own_registration, give_ticket
from expo.flows.registration import approve, cancel_registration, register_without_places
from expo.infra.db import atomic, retried
from expo.registration.rules import AttendeeRequest, AttendeeState, OrderRequest, Source
from expo.registration.services import prepare_order, take_places


@dataclass(frozen=True)
class PassHolder:
    """What the badge of a member says."""

    name: str
    country: str
    latin_name: str = ""
    job_title: str = ""


@retried
def issue_pass(
    actor: Actor, edition_id: int, slug: str, member_id: int, holder: PassHolder, now: datetime
) -> TicketOutcome:
    """Register a member with the ticket of the company's passes and e-mail the badge.

    If they are registered already, only the ticket of their registration changes. Raises the errors of `lock_pass`,
    Invalid with the field, TicketTypeMissing, SoldOut.
    """
    with atomic():
        offer = lock_pass(actor, edition_id, slug, member_id)
        person_id = offer.member.person_id or 0
        own = find_own_registration(edition_id, person_id, (holder.name, offer.member.name))
        if own is None:
            _register(actor, edition_id, offer, holder, now)
            return TicketOutcome.REGISTERED
        former = own.ticket_type_code
        link_pass(actor, edition_id, offer.member, own.id, former, now)
        # The team decides on its passes; the permission to change other tickets does not matter here.
        return give_ticket(SYSTEM, own, offer.ticket_type, now)


@retried
def return_pass(actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime) -> None:
    """Cancel the pass of a member who stays on the team, so that another one can be issued.

    Raises ExhibitorMissing, PermissionMissing, MemberMissing, Conflict `member_without_pass`, `pass_in_use` once its
    badge was scanned.
    """
    with atomic():
        member = lock_used_pass(actor, edition_id, slug, member_id)
        if not member.has_pass:
            raise Conflict("member_without_pass")
        if has_entered(member.attendee_id or 0):
            raise Conflict("pass_in_use")
        _cancel(actor, edition_id, member, now)


@retried
def remove_from_team(
    actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime, *, keeps_badge: bool = False
) -> None:
    """Remove a member or revoke an invitation; the pass is cancelled unless it is kept or was scanned at the expo.

    A pass that is kept counts against the company's quota. Raises the errors of the service.
    """
    with atomic():
        member = lock_used_pass(actor, edition_id, slug, member_id)
        services.remove_member(actor, edition_id, slug, member_id, now)
        if keeps_badge or not member.has_pass or has_entered(member.attendee_id or 0):
            return
        _cancel(actor, edition_id, member, now)


def _register(actor: Actor, edition_id: int, offer: PassOffer, holder: PassHolder, now: datetime) -> None:
    person = find_person(offer.member.person_id or 0)
    if person is None:
        raise Missing("person_missing")
    attendee = AttendeeRequest(
        ticket_type_code=offer.ticket_type,
        name=holder.name,
        latin_name=holder.latin_name,
        country=holder.country,
        company=offer.company,
        job_title=holder.job_title,
        language=person.language,
    )
    request = OrderRequest(person.email, person.language, (attendee,), source=Source.EXHIBITOR.value)
    order = register_without_places(SYSTEM, prepare_order(SYSTEM, edition_id, request, now), now)
    (made,) = order.attendees
    link_pass(actor, edition_id, offer.member, made.id, "", now)
    if made.state is AttendeeState.AWAITING_APPROVAL:
        approve(SYSTEM, edition_id, made.id, now)
    take_places(order.attendees)


def _cancel(actor: Actor, edition_id: int, member: MemberRow, now: datetime) -> None:
    """Cancel a registration that was made for the pass; one that existed before gets its former ticket again."""
    attendee_id = member.attendee_id or 0
    release_pass(actor, edition_id, member, now)
    if not member.former_ticket:
        cancel_registration(SYSTEM, edition_id, attendee_id, now)
        return
    try:
        change_ticket(SYSTEM, edition_id, attendee_id, member.former_ticket, now)
    except Conflict as error:
        if error.code != "ticket_unchanged":
            raise
