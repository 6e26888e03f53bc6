"""Acts on passes: which member gets one, and which registration it is."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor
from expo.errors import Conflict
from expo.exhibitors.models import Member, Package
from expo.exhibitors.queries import MemberRow, count_passes_used, get_member, require_member
from expo.exhibitors.rules import ExhibitorState, MemberState, TeamAction
from expo.exhibitors.services.members import get_team_member, lock_exhibitor
from expo.infra.audit import record_act
from expo.infra.db import db


@dataclass(frozen=True)
class PassOffer:
    """A pass that a member can have: the ticket type, and the company for the badge."""

    company: str
    ticket_type: str
    member: MemberRow


def lock_pass(actor: Actor, edition_id: int, slug: str, member_id: int) -> PassOffer:
    """Return the pass that a member can have, in the open transaction; the company is locked until the commit.

    Members get their own, owners those of all. Raises ExhibitorMissing, PermissionMissing, MemberMissing, Conflict
    `exhibitor_state`, `member_without_account`, `member_has_pass`, `pass_ticket_missing`, `passes_used_up`.
    """
    company = lock_exhibitor(_require(actor, edition_id, slug, member_id))
    member = get_member(company.id, member_id)
    if company.state != ExhibitorState.APPROVED.value:
        raise Conflict("exhibitor_state")
    if member.state is not MemberState.ACTIVE or member.person_id is None:
        raise Conflict("member_without_account")
    if member.has_pass:
        raise Conflict("member_has_pass")
    package = db.session.get(Package, company.package_id, populate_existing=True) if company.package_id else None
    if package is None or not package.pass_ticket:
        raise Conflict("pass_ticket_missing")
    if count_passes_used(company.id) >= package.passes + company.extra_passes:
        raise Conflict("passes_used_up")
    return PassOffer(company.name, package.pass_ticket, member)


def link_pass(
    actor: Actor, edition_id: int, member: MemberRow, attendee_id: int, former_ticket: str, now: datetime
) -> None:
    """Record which registration is a member's pass, in the transaction that locked it.

    `former_ticket` is the code of the ticket that the registration had before; empty if it was made for the pass.
    """
    row = get_team_member(member.exhibitor_id, member.id)
    row.attendee_id, row.former_ticket = attendee_id, former_ticket
    db.session.flush()
    record_act(
        actor, "exhibitors.issue_pass", now,
        edition_id=edition_id, subject="exhibitor", subject_id=member.exhibitor_id, member=member.id,
        attendee=attendee_id,
    )  # fmt: skip


def lock_used_pass(actor: Actor, edition_id: int, slug: str, member_id: int) -> MemberRow:
    """Return a member with their pass, in the open transaction; the company is locked until the commit.

    Raises ExhibitorMissing, PermissionMissing, MemberMissing.
    """
    company = lock_exhibitor(_require(actor, edition_id, slug, member_id))
    return get_member(company.id, member_id)


def release_pass(actor: Actor, edition_id: int, member: MemberRow, now: datetime) -> None:
    """Record that a member, who may have left, no longer has a pass, so that another one can be issued."""
    row = db.session.get_one(Member, member.id, populate_existing=True)
    row.attendee_id, row.former_ticket = None, ""
    db.session.flush()
    record_act(
        actor, "exhibitors.release_pass", now,
        edition_id=edition_id, subject="exhibitor", subject_id=member.exhibitor_id, member=member.id,
        attendee=member.attendee_id,
    )  # fmt: skip


def _require(actor: Actor, edition_id: int, slug: str, member_id: int) -> int:
    own = require_member(actor, edition_id, slug, TeamAction.VIEW)
    if own.member_id != member_id:
        require_member(actor, edition_id, slug, TeamAction.MANAGE_TEAM)
    return own.exhibitor_id
