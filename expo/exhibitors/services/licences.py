"""Acts on lead licences: assigning them to members, and taking them back."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.errors import Conflict
from expo.exhibitors.queries.licences import get_licences
from expo.exhibitors.services.members import get_team_member, lock_team
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, retried


@retried
def assign_licence(actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime) -> None:
    """Give a member a lead licence, as long as the company's package has one left.

    The company is locked, so that two owners never assign the last one twice. Raises ExhibitorMissing,
    PermissionMissing, MemberMissing, Conflict `lead_licences_used`.
    """
    with atomic():
        company = lock_team(actor, edition_id, slug)
        member = get_team_member(company.id, member_id)
        licences = get_licences(company.id)
        if member.id in licences.holders:
            return
        if not licences.is_free:
            raise Conflict("lead_licences_used", maximum=licences.bought)
        member.licensed_at, member.unlicensed_at = now, None
        db.session.flush()
        _record(actor, "exhibitors.assign_licence", edition_id, company.id, member_id, now)


@retried
def release_licence(actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime) -> None:
    """Take a lead licence back from a member; scans made before count, even if they arrive later.

    Raises ExhibitorMissing, PermissionMissing, MemberMissing.
    """
    with atomic():
        company = lock_team(actor, edition_id, slug)
        member = get_team_member(company.id, member_id)
        if member.licensed_at is None or member.unlicensed_at is not None:
            return
        member.unlicensed_at = now
        db.session.flush()
        _record(actor, "exhibitors.release_licence", edition_id, company.id, member_id, now)


def _record(actor: Actor, action: str, edition_id: int, exhibitor_id: int, member_id: int, now: datetime) -> None:
    record_act(
        actor, action, now,
        edition_id=edition_id, subject="exhibitor", subject_id=exhibitor_id, member=member_id,
    )  # fmt: skip
