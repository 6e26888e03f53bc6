"""Reads of exhibitors' teams, and the check of what a member may do."""

from dataclasses import dataclass

from sqlalchemy import Select, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.rules import ROLE_ACTS, ExhibitorState, MemberRole, MemberState, TeamAct
from expo.infra.db import db


@dataclass(frozen=True)
class Membership:
    """A company that somebody works for, and in which role; organizers have no member and no registration."""

    exhibitor_id: int
    slug: str
    name: str
    state: ExhibitorState
    is_hidden: bool
    role: MemberRole
    member_id: int | None = None
    attendee_id: int | None = None

    def may(self, act: TeamAct) -> bool:
        """Return whether the role allows an act."""
        return act in ROLE_ACTS[self.role]


def list_memberships(edition_id: int, person_id: int) -> list[Membership]:
    """Return the companies of an edition whose active member this person is, by name."""
    query = _query(edition_id).where(Member.person_id == person_id).order_by(Exhibitor.name, Exhibitor.id)
    return [_membership(*row) for row in db.session.execute(query)]


def require_member(actor: Actor, edition_id: int, slug: str, act: TeamAct) -> Membership:
    """Return the actor's membership of a company, if it allows the act.

    Who manages exhibitors counts as an owner of every company. Raises ExhibitorMissing for everybody who is not an
    active member, so that nobody learns which companies exist, and PermissionMissing for members whose role does not
    allow the act.
    """
    if actor.kind == "person" and actor.id is not None:
        row = db.session.execute(
            _query(edition_id).where(Exhibitor.slug == slug, Member.person_id == actor.id)
        ).one_or_none()
        if row is not None:
            membership = _membership(*row)
            if membership.may(act):
                return membership
            if not actor.may(Permission.EXHIBITORS_MANAGE, edition_id):
                raise PermissionMissing(act.value)
    if not actor.may(Permission.EXHIBITORS_MANAGE, edition_id):
        raise ExhibitorMissing
    company = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name, Exhibitor.state, Exhibitor.is_hidden).where(
            Exhibitor.edition_id == edition_id, Exhibitor.slug == slug
        )
    ).one_or_none()
    if company is None:
        raise ExhibitorMissing
    exhibitor_id, slug, name, state, is_hidden = company
    return Membership(exhibitor_id, slug, name, ExhibitorState(state), is_hidden, MemberRole.OWNER)


def _query(edition_id: int) -> Select[int, str, str, str, bool, str, int, int | None]:
    return (
        select(
            Exhibitor.id,
            Exhibitor.slug,
            Exhibitor.name,
            Exhibitor.state,
            Exhibitor.is_hidden,
            Member.role,
            Member.id,
            Member.attendee_id,
        )
        .join(Exhibitor, Exhibitor.id == Member.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id, Member.state == MemberState.ACTIVE.value)
    )


def _membership(
    exhibitor_id: int,
    slug: str,
    name: str,
    state: str,
    is_hidden: bool,  # noqa: FBT001 - a column of the row
    role: str,
    member_id: int,
    attendee_id: int | None,
) -> Membership:
    return Membership(
        exhibitor_id, slug, name, ExhibitorState(state), is_hidden, MemberRole(role), member_id, attendee_id
    )
