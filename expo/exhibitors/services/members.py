"""Acts on the team of a company: inviting, answering, changing roles, removing and leaving."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from expo.accounts.rules import Actor
from expo.accounts.services.people import check_email
from expo.errors import Conflict
from expo.exhibitors.errors import ExhibitorMissing, MemberMissing
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import MemberRow, get_member, require_member
from expo.exhibitors.rules import MemberRole, MemberState, TeamAction
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried

MAX_MEMBERS = 500
MAX_MEMBER_NAME_LENGTH = 200


@retried
def add_invitation(
    actor: Actor, edition_id: int, slug: str, email: str, name: str, role: MemberRole, language: str, now: datetime
) -> MemberRow:
    """Add somebody who is to be invited by e-mail; a former member is invited again.

    Raises ExhibitorMissing, PermissionMissing, Invalid `email_invalid`, Conflict `member_invited`,
    `members_too_many`.
    """
    address = check_email(email)
    with atomic():
        company = lock_team(actor, edition_id, slug)
        member = db.session.scalars(
            select(Member).where(Member.exhibitor_id == company.id, Member.email == address)
        ).one_or_none()
        if member is not None and member.state != MemberState.REMOVED.value:
            raise Conflict("member_invited", field="email")
        if member is None:
            count = db.session.scalar(select(func.count()).where(Member.exhibitor_id == company.id)) or 0
            if count >= MAX_MEMBERS:
                raise Conflict("members_too_many", field="email", maximum=MAX_MEMBERS)
            member = Member(exhibitor_id=company.id, email=address)
            db.session.add(member)
        member.state, member.role = MemberState.INVITED.value, role.value
        member.name = " ".join(name.split())[:MAX_MEMBER_NAME_LENGTH] or member.name or ""
        member.language, member.person_id, member.accepted_at = language, None, None
        member.licensed_at, member.unlicensed_at = None, None
        member.invited_at = now
        db.session.flush()
        _record(actor, company, "exhibitors.invite_member", now, member=member.id, role=role.value)
        return get_member(company.id, member.id)


def add_first_owner(exhibitor_id: int, person_id: int, email: str, name: str, language: str, now: datetime) -> None:
    """Make a person the owner of a new company, in the open transaction."""
    db.session.add(
        Member(
            exhibitor_id=exhibitor_id,
            email=email,
            name=name,
            role=MemberRole.OWNER.value,
            state=MemberState.ACTIVE.value,
            language=language,
            person_id=person_id,
            invited_at=now,
            accepted_at=now,
        )
    )
    db.session.flush()


@retried
def answer_team_invitation(actor: Actor, member_id: int, email: str, now: datetime, *, is_accepted: bool) -> None:
    """Accept or decline an invitation to an address that the caller knows to be the actor's.

    Raises MemberMissing, Conflict `member_state` if it was answered already.
    """
    with atomic():
        member = lock(Member, member_id)
        if member is None or member.email != email or member.state == MemberState.REMOVED.value:
            raise MemberMissing
        if member.state != MemberState.INVITED.value:
            raise Conflict("member_state")
        company = db.session.get_one(Exhibitor, member.exhibitor_id)
        if is_accepted:
            member.state, member.person_id, member.accepted_at = MemberState.ACTIVE.value, actor.id, now
        else:
            member.state = MemberState.REMOVED.value
        db.session.flush()
        action = "exhibitors.accept_invitation" if is_accepted else "exhibitors.decline_invitation"
        _record(actor, company, action, now, member=member_id)


@retried
def change_member(actor: Actor, edition_id: int, slug: str, member_id: int, role: MemberRole, now: datetime) -> None:
    """Give a member another role. Raises ExhibitorMissing, PermissionMissing, MemberMissing, Conflict `last_owner`."""
    with atomic():
        company = lock_team(actor, edition_id, slug)
        member = get_team_member(company.id, member_id)
        if role is not MemberRole.OWNER:
            _require_another_owner(member)
        member.role = role.value
        db.session.flush()
        _record(actor, company, "exhibitors.change_member", now, member=member_id, role=role.value)


@retried
def remove_member(actor: Actor, edition_id: int, slug: str, member_id: int, now: datetime) -> None:
    """Remove a member, or revoke an invitation; members also remove themselves.

    Raises ExhibitorMissing, PermissionMissing, MemberMissing, Conflict `last_owner`.
    """
    with atomic():
        own = require_member(actor, edition_id, slug, TeamAction.VIEW)
        company = lock_exhibitor(own.exhibitor_id) if own.member_id == member_id else lock_team(actor, edition_id, slug)
        member = get_team_member(company.id, member_id)
        _require_another_owner(member)
        member.state = MemberState.REMOVED.value
        db.session.flush()
        _record(actor, company, "exhibitors.remove_member", now, member=member_id, own=own.member_id == member_id)


def lock_team(actor: Actor, edition_id: int, slug: str) -> Exhibitor:
    """Lock a company whose team the actor manages: members and passes are changed by one at a time.

    Raises ExhibitorMissing, PermissionMissing.
    """
    return lock_exhibitor(require_member(actor, edition_id, slug, TeamAction.MANAGE_TEAM).exhibitor_id)


def get_team_member(exhibitor_id: int, member_id: int) -> Member:
    """Return an invited or active member of a company. Raises MemberMissing."""
    member = db.session.get(Member, member_id, populate_existing=True)
    if member is None or member.exhibitor_id != exhibitor_id or member.state == MemberState.REMOVED.value:
        raise MemberMissing
    return member


def lock_exhibitor(exhibitor_id: int) -> Exhibitor:
    """Return a company, locked until the commit. Raises ExhibitorMissing."""
    company = lock(Exhibitor, exhibitor_id)
    if company is None:
        raise ExhibitorMissing
    return company


def _require_another_owner(member: Member) -> None:
    """Refuse to leave a team without an active owner. The company is locked. Raises Conflict `last_owner`."""
    if member.role != MemberRole.OWNER.value or member.state != MemberState.ACTIVE.value:
        return
    others = db.session.scalar(
        select(func.count()).where(
            Member.exhibitor_id == member.exhibitor_id,
            Member.id != member.id,
            Member.role == MemberRole.OWNER.value,
            Member.state == MemberState.ACTIVE.value,
        )
    )
    if not others:
        raise Conflict("last_owner", field="role")


def _record(actor: Actor, company: Exhibitor, action: str, now: datetime, **details: Any) -> None:
    record_act(
        actor, action, now,
        edition_id=company.edition_id, subject="exhibitor", subject_id=company.id, **details,
    )  # fmt: skip
