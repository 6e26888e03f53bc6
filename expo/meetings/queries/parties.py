"""Who acts on meetings: an attendee, a company's team, or the organizers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, union

from expo.accounts.models import Person
from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.holders import find_holder
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import MemberState, TeamAction
from expo.infra.db import db
from expo.meetings.models import MeetingBlock
from expo.profiles.models import Profile
from expo.profiles.queries import find_visible_attendee_ids
from expo.profiles.rules import Viewer
from expo.pure.codes import normalize_code
from expo.registration.models import Attendee
from expo.registration.queries import AttendeeRow, get_attendee_by_id, list_attendees
from expo.registration.rules import AttendeeState, require_own


@dataclass(frozen=True)
class Party:
    """An actor with the side they act for. Organizers act for neither side."""

    actor: Actor
    edition_id: int
    name: str
    attendee_id: int | None = None
    exhibitor_id: int | None = None
    member_id: int | None = None

    @property
    def is_organizer(self) -> bool:
        """Whether the party is the organizers, who see and change every meeting."""
        return self.attendee_id is None and self.exhibitor_id is None

    @property
    def actor_is_organizer(self) -> bool:
        """Whether the actor manages exhibitors, even when acting for a side: limits do not apply to them."""
        return self.actor.may(Permission.EXHIBITORS_MANAGE, self.edition_id) and self.member_id is None


def party_of_attendee(actor: Actor, edition_id: int, attendee_id: int) -> Party:
    """Return the party of an attendee. Raises AttendeeMissing, PermissionMissing."""
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.EXHIBITORS_MANAGE, edition_id, [attendee.person_id, attendee.order_person_id])
    return Party(actor, edition_id, attendee.name, attendee_id=attendee_id)


def party_of_company(actor: Actor, edition_id: int, slug: str) -> Party:
    """Return the party of a company's team. Raises ExhibitorMissing, PermissionMissing."""
    found = require_member(actor, edition_id, slug, TeamAction.HANDLE_MEETINGS)
    return Party(actor, edition_id, found.name, exhibitor_id=found.exhibitor_id, member_id=found.member_id)


def party_of_organizers(actor: Actor, edition_id: int) -> Party:
    """Return the party of the organizers. Raises PermissionMissing."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    return Party(actor, edition_id, "")


def find_company(edition_id: int, exhibitor_id: int) -> tuple[str, str] | None:
    """Return a company's name and the name in its address."""
    row = db.session.execute(
        select(Exhibitor.name, Exhibitor.slug).where(Exhibitor.edition_id == edition_id, Exhibitor.id == exhibitor_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def works_for(attendee_id: int, exhibitor_id: int) -> bool:
    """Return whether an attendee is an active member of a company's team."""
    found = select(Member.id).where(
        Member.exhibitor_id == exhibitor_id,
        Member.attendee_id == attendee_id,
        Member.state == MemberState.ACTIVE.value,
    )
    return db.session.scalars(found.limit(1)).first() is not None


def list_findable(edition_id: int, names: Sequence[str], viewer: Viewer) -> list[AttendeeRow]:
    """Return the confirmed attendees whom a viewer may find.

    They are named by the key of their profile, or by the code of a badge that somebody typed.
    """
    ids = db.session.scalars(
        select(Attendee.id)
        .where(
            Attendee.edition_id == edition_id,
            or_(
                Attendee.code.in_([normalize_code(each) for each in names]),
                Attendee.id.in_(select(Profile.attendee_id).where(Profile.key.in_(names))),
            ),
            Attendee.state == AttendeeState.CONFIRMED.value,
            Attendee.id.in_(find_visible_attendee_ids(edition_id, viewer)),
        )
        .order_by(Attendee.id)
    )
    return list_attendees(edition_id, list(ids))


def read_badge(edition_id: int, text: str) -> str:
    """Return the code of a badge, which was typed or whose QR code was scanned; empty for anything else."""
    holder = find_holder(edition_id, text)
    if holder is not None:
        return holder.attendee.code if holder.is_current else ""
    return normalize_code(text)


def find_attendee_of_badge(edition_id: int, text: str) -> int | None:
    """Return whose badge a QR code or a typed code is; None if it was replaced, revoked or is not a badge."""
    holder = find_holder(edition_id, text)
    if holder is not None:
        return holder.attendee.id if holder.is_current else None
    return db.session.scalar(
        select(Attendee.id).where(Attendee.edition_id == edition_id, Attendee.code == normalize_code(text))
    )


def is_blocked(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Return whether one of two parties blocked the other; each is (attendee's id, exhibitor's id)."""
    query = select(MeetingBlock.id).where(or_(blocks(one, other), blocks(other, one)))
    return db.session.scalars(query.limit(1)).first() is not None


def blocks(by: tuple[int | None, int | None], whom: tuple[int | None, int | None]) -> ColumnElement[bool]:
    """Return the condition for the block of one party by another."""
    attendee_id, exhibitor_id = by
    blocked_attendee_id, blocked_exhibitor_id = whom
    by_whom = MeetingBlock.exhibitor_id == exhibitor_id if exhibitor_id else MeetingBlock.attendee_id == attendee_id
    of_whom = (
        MeetingBlock.blocked_exhibitor_id == blocked_exhibitor_id
        if blocked_exhibitor_id
        else MeetingBlock.blocked_attendee_id == blocked_attendee_id
    )
    return by_whom & of_whom


@dataclass(frozen=True)
class TeamContact:
    """How a member of a company's team is written to."""

    member_id: int
    email: str
    name: str
    language: str
    person_id: int | None


def list_team_contacts(exhibitor_id: int, member_ids: Collection[int] | None = None) -> list[TeamContact]:
    """Return how the active members of a company's team are written to: all, or these."""
    query = (
        select(
            Member.id,
            func.coalesce(Person.email, Member.email),
            func.coalesce(func.nullif(Member.name, ""), Person.name, ""),
            func.coalesce(Person.language, Member.language),
            Member.person_id,
        )
        .outerjoin(Person, Person.id == Member.person_id)
        .where(Member.exhibitor_id == exhibitor_id, Member.state == MemberState.ACTIVE.value)
        .order_by(Member.id)
    )
    if member_ids is not None:
        query = query.where(Member.id.in_(member_ids))
    return [TeamContact(*row) for row in db.session.execute(query)]


def has_team(exhibitor_id: int) -> bool:
    """Return whether somebody can represent a company in meetings."""
    query = select(Member.id).where(Member.exhibitor_id == exhibitor_id, Member.state == MemberState.ACTIVE.value)
    return db.session.scalars(query.limit(1)).first() is not None


def list_blocking(attendee_ids: Collection[int], exhibitor_ids: Collection[int]) -> list[int]:
    """Return the attendees who blocked one of these parties or were blocked by one, and so are not found by them."""
    by_them = or_(MeetingBlock.attendee_id.in_(attendee_ids), MeetingBlock.exhibitor_id.in_(exhibitor_ids))
    of_them = or_(
        MeetingBlock.blocked_attendee_id.in_(attendee_ids), MeetingBlock.blocked_exhibitor_id.in_(exhibitor_ids)
    )
    found = union(
        select(MeetingBlock.blocked_attendee_id).where(by_them, MeetingBlock.blocked_attendee_id.is_not(None)),
        select(MeetingBlock.attendee_id).where(of_them, MeetingBlock.attendee_id.is_not(None)),
    )
    return list(db.session.scalars(found))
