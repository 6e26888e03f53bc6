"""Reads of exhibitors' teams, and the check of what a member may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.exhibitors.errors import ExhibitorMissing, MemberMissing
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.rules import ROLE_ACTIONS, ExhibitorState, MemberRole, MemberState, TeamAction
from expo.infra.db import db
from expo.registration.models import Attendee
from expo.registration.rules import HOLDING_STATES


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

    def may(self, act: TeamAction) -> bool:
        """Return whether the role allows an act."""
        return act in ROLE_ACTIONS[self.role]


@dataclass(frozen=True)
class MemberRow:
    """Somebody in a team, or invited to it, with the code of the registration that is their pass."""

    id: int
    exhibitor_id: int
    email: str
    name: str
    role: MemberRole
    state: MemberState
    language: str
    person_id: int | None
    attendee_id: int | None
    former_ticket: str
    invited_at: datetime
    accepted_at: datetime | None
    pass_code: str = ""

    @property
    def has_pass(self) -> bool:
        """Whether the member has a registration from the company's passes."""
        return bool(self.pass_code)


def list_members(exhibitor_id: int, *, with_removed: bool = False) -> list[MemberRow]:
    """Return the team of a company: owners first, then by name."""
    states = set(MemberState) if with_removed else {MemberState.ACTIVE, MemberState.INVITED}
    rows = _list_member_rows(exhibitor_id, states)
    order = list(MemberRole)
    return sorted(rows, key=lambda each: (order.index(each.role), (each.name or each.email).casefold(), each.id))


def get_member(exhibitor_id: int, member_id: int) -> MemberRow:
    """Return somebody in a team or invited to it. Raises MemberMissing."""
    found = [each for each in list_members(exhibitor_id) if each.id == member_id]
    if not found:
        raise MemberMissing
    return found[0]


def get_invitation(member_id: int, email: str) -> tuple[MemberRow, int, str, str]:
    """Return an invitation to this address with its edition, and the company's slug and name. Raises MemberMissing."""
    row = db.session.execute(
        select(Member.exhibitor_id, Exhibitor.edition_id, Exhibitor.slug, Exhibitor.name)
        .join(Exhibitor, Exhibitor.id == Member.exhibitor_id)
        .where(Member.id == member_id, Member.email == email)
    ).one_or_none()
    if row is None:
        raise MemberMissing
    return get_member(row.exhibitor_id, member_id), row.edition_id, row.slug, row.name


def count_passes_used(exhibitor_id: int) -> int:
    """Return how many registrations a company's passes were used for, also those that former members kept."""
    return sum(each.has_pass for each in list_members(exhibitor_id, with_removed=True))


def list_memberships(edition_id: int, person_id: int) -> list[Membership]:
    """Return the companies of an edition whose active member this person is, by name."""
    query = _query(edition_id).where(Member.person_id == person_id).order_by(Exhibitor.name, Exhibitor.id)
    return [_membership(*row) for row in db.session.execute(query)]


def require_member(actor: Actor, edition_id: int, slug: str, act: TeamAction) -> Membership:
    """Return the actor's membership of a company, if it allows the act.

    Anyone who manages exhibitors counts as an owner of every company. Raises ExhibitorMissing for everybody who is not
    an active member, so that nobody learns which companies exist, and PermissionMissing for members whose role does
    not allow the act.
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


def _list_member_rows(exhibitor_id: int, states: set[MemberState]) -> list[MemberRow]:
    query = (
        select(Member, Attendee.code)
        .outerjoin(
            Attendee,
            (Attendee.id == Member.attendee_id) & Attendee.state.in_([each.value for each in HOLDING_STATES]),
        )
        .where(Member.exhibitor_id == exhibitor_id, Member.state.in_([each.value for each in states]))
    )
    return [
        MemberRow(
            id=member.id,
            exhibitor_id=member.exhibitor_id,
            email=member.email,
            name=member.name,
            role=MemberRole(member.role),
            state=MemberState(member.state),
            language=member.language,
            person_id=member.person_id,
            attendee_id=member.attendee_id,
            former_ticket=member.former_ticket,
            invited_at=member.invited_at,
            accepted_at=member.accepted_at,
            pass_code=code or "",
        )
        for member, code in db.session.execute(query)
    ]
