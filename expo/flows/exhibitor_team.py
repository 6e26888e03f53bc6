"""The team of an exhibitor: invitations by e-mail, and letting people who have no account begin."""

from datetime import datetime

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import Actor
from expo.accounts.services.people import ensure_person, mark_verified
from expo.editions.queries import get_edition
from expo.errors import Conflict
from expo.exhibitors.queries import MemberRow, get_invitation, get_member, require_member
from expo.exhibitors.rules import MemberRole, MemberState, TeamAction
from expo.exhibitors.services import add_invitation, answer_team_invitation
from expo.infra.db import atomic, retried
from expo.mail.services import queue_email


@retried
def invite_member(
    actor: Actor, edition_id: int, slug: str, email: str, name: str, role: MemberRole, language: str, now: datetime
) -> None:
    """Invite somebody to a team by e-mail, in their language. Raises the errors of `add_invitation`."""
    with atomic():
        member = add_invitation(actor, edition_id, slug, email, name, role, language, now)
        company = require_member(actor, edition_id, slug, TeamAction.MANAGE_TEAM)
        _send_invitation(actor, edition_id, company.name, member, now)


@retried
def resend_invitation(actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime) -> None:
    """Send an invitation again. Raises ExhibitorMissing, PermissionMissing, MemberMissing, Conflict `member_state`."""
    with atomic():
        company = require_member(actor, edition_id, slug, TeamAction.MANAGE_TEAM)
        member = get_member(company.exhibitor_id, member_id)
        if member.state is not MemberState.INVITED:
            raise Conflict("member_state")
        _send_invitation(actor, edition_id, company.name, member, now)


def accept_team_invitation(actor: Actor, member_id: int, email: str, now: datetime) -> None:
    """Accept an invitation to an address that the caller knows to be the actor's.

    Raises MemberMissing, Conflict `member_state`.
    """
    answer_team_invitation(actor, member_id, email, now, is_accepted=True)


def decline_team_invitation(actor: Actor, member_id: int, email: str, now: datetime) -> None:
    """Decline an invitation to an address that the caller knows to be the actor's; the e-mailed link proves it, too.

    Raises MemberMissing, Conflict `member_state`.
    """
    answer_team_invitation(actor, member_id, email, now, is_accepted=False)


@retried
def join_team_as_newcomer(member_id: int, email: str, language: str, now: datetime) -> int:
    """Create the account of somebody who has none, accept their invitation, and return the person's id.

    The e-mailed link proves the address. Raises MemberMissing, Conflict `member_state`, or `account_exists` where the
    address has an account by now, which only a sign-in may open.
    """
    with atomic():
        member, _edition_id, _slug, _name = get_invitation(member_id, email)
        if find_person_by_email(email) is not None:
            raise Conflict("account_exists")
        person_id = ensure_person(email, member.name, language, now)
        mark_verified(person_id, now)
        accept_team_invitation(Actor("person", person_id), member_id, email, now)
        return person_id


def _send_invitation(actor: Actor, edition_id: int, company: str, member: MemberRow, now: datetime) -> None:
    edition, known = get_edition(edition_id), find_person_by_email(member.email)
    queue_email(
        "exhibitors/invitation",
        to_email=member.email,
        language=known.language if known else member.language,
        now=now,
        edition_id=edition_id,
        person_id=known.id if known else None,
        details={
            "edition_title": edition.title,
            "contact_email": edition.contact_email,
            "time_zone": edition.time_zone,
            "inviter": actor.label,
            "company": company,
            "name": member.name,
        },
        links={"invitation_link": ("/exhibitor/invitations/", "exhibitor-invitation", [member.id, member.email])},
    )
