"""Who is one person: an attendee, and the members of teams who are registered as that attendee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, func, select, union
from sqlalchemy.orm import aliased

from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.rules import MemberState
from expo.infra.db import db
from expo.meetings.rules import HoldKind
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# Whose time is held: a kind and an id.
Resource = tuple[HoldKind, int]


@dataclass(frozen=True)
class Membership:
    """A member of a company's team, and the attendee they are registered as, with a pass or with their account."""

    id: int
    exhibitor_id: int
    name: str
    email: str
    person_id: int | None
    attendee_id: int | None


@dataclass(frozen=True)
class People:
    """Attendees and the team of a company, with all teams that each of them is in."""

    attendee_ids: tuple[int, ...]
    memberships: tuple[Membership, ...]

    def of_attendee(self, attendee_id: int) -> set[Resource]:
        """Return what stands for an attendee: themselves, and each team that they are in."""
        return {
            (HoldKind.ATTENDEE, attendee_id),
            *((HoldKind.MEMBER, each.id) for each in self.memberships if each.attendee_id == attendee_id),
        }

    def of_member(self, member_id: int) -> set[Resource]:
        """Return what stands for a member: themselves, other teams that they are in, and their registration."""
        found: set[Resource] = {(HoldKind.MEMBER, member_id)}
        own = next((each for each in self.memberships if each.id == member_id), None)
        if own is None:
            return found
        if own.attendee_id:
            found |= self.of_attendee(own.attendee_id)
        if own.person_id:
            found |= {(HoldKind.MEMBER, each.id) for each in self.memberships if each.person_id == own.person_id}
        return found

    @property
    def resources(self) -> set[Resource]:
        """Return what stands for all of them."""
        found: set[Resource] = {(HoldKind.MEMBER, each.id) for each in self.memberships}
        found |= {(HoldKind.ATTENDEE, each.attendee_id) for each in self.memberships if each.attendee_id}
        return found | {(HoldKind.ATTENDEE, each) for each in self.attendee_ids}


def find_people(edition_id: int, attendee_ids: Iterable[int], exhibitor_id: int | None) -> People:
    """Return attendees and the active team of a company, with the other teams that each of them is in."""
    ids = tuple(sorted(set(attendee_ids)))
    if not ids and exhibitor_id is None:
        return People((), ())
    values = {"edition_id": edition_id, "ids": ids, "exhibitor_id": exhibitor_id or 0}
    return People(ids, tuple(Membership(*row) for row in db.session.execute(_MEMBERS, values)))


def list_team(people: People, exhibitor_id: int | None) -> Sequence[Membership]:
    """Return those of the people who are in the team of a company."""
    return [each for each in people.memberships if each.exhibitor_id == exhibitor_id]


def _members() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the query of a company's active team, and of all teams that its members or the attendees are in.

    Look-ups in an index each, because one condition for all would read every member. Members without a pass may have
    registered themselves: the first registration of their account is theirs, others may be those of colleagues.
    """
    registered = (
        select(func.min(Attendee.id))
        .where(
            Attendee.person_id == Member.person_id,
            Attendee.edition_id == bindparam("edition_id"),
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
        .correlate(Member)
        .scalar_subquery()
    )
    columns = (
        Member.id,
        Member.exhibitor_id,
        Member.name,
        Member.email,
        Member.person_id,
        func.coalesce(Member.attendee_id, registered),
    )
    is_active = Member.state == MemberState.ACTIVE.value
    is_of_edition = (
        select(Exhibitor.id)
        .where(Exhibitor.id == Member.exhibitor_id, Exhibitor.edition_id == bindparam("edition_id"))
        .correlate(Member)
        .exists()
    )
    colleague, own = aliased(Member), aliased(Attendee)
    is_colleague = (colleague.exhibitor_id == bindparam("exhibitor_id")) & (colleague.state == MemberState.ACTIVE.value)
    return union(
        select(*columns).where(Member.exhibitor_id == bindparam("exhibitor_id"), is_active),
        select(*columns).where(Member.attendee_id.in_(bindparam("ids", expanding=True)), is_active),
        select(*columns)
        .select_from(own)
        .join(Member, Member.person_id == own.person_id)
        .where(own.id.in_(bindparam("ids", expanding=True)), is_active, is_of_edition),
        select(*columns)
        .select_from(colleague)
        .join(Member, Member.attendee_id == colleague.attendee_id)
        .where(is_colleague, is_active),
        select(*columns)
        .select_from(colleague)
        .join(Member, Member.person_id == colleague.person_id)
        .where(is_colleague, is_active, is_of_edition),
    )


# Built once: building a statement takes longer than running it.
_MEMBERS = _members()
