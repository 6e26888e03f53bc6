"""Who is kept apart: people and companies, one of whom blocked or reported the other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, bindparam, cast, null, or_, select, union
from sqlalchemy.orm import aliased

from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.rules import MemberState
from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingBlock, MeetingParticipant, MeetingReport
from expo.meetings.rules import Side
from expo.registration.models import Attendee

_NOBODY = cast(null(), Integer)
_IS_ACTIVE = Member.state == MemberState.ACTIVE.value


@dataclass(frozen=True)
class Exclusions:
    """The people and companies that are not recommended to somebody, and to whom they are not recommended."""

    attendee_ids: frozenset[int]
    exhibitor_ids: frozenset[int]


def list_exclusions_of_attendee(edition_id: int, attendee_id: int) -> Exclusions:
    """Return who blocked or reported an attendee or a company of theirs, or was blocked or reported by one.

    People who work for such a company are among them.
    """
    rows = db.session.execute(_query_of_attendee(), {"edition_id": edition_id, "attendee_id": attendee_id})
    return _exclusions(edition_id, rows.all())


def list_exclusions_of_company(edition_id: int, exhibitor_id: int) -> Exclusions:
    """Return who blocked or reported a company or somebody of its team, or was blocked or reported by them."""
    query = _query(_team_of(edition_id, [exhibitor_id]), select(Exhibitor.id).filter_by(id=exhibitor_id))
    return _exclusions(edition_id, db.session.execute(query).all())


@cache
def _query_of_attendee() -> CompoundSelect[Any]:
    """Return the query about an attendee, built once: putting it together takes longer than running it."""
    edition_id, attendee_id = bindparam("edition_id", type_=Integer), bindparam("attendee_id", type_=Integer)
    person = select(Attendee.person_id).where(Attendee.id == attendee_id).scalar_subquery()
    people = select(Attendee.id).where(
        Attendee.edition_id == edition_id, or_(Attendee.id == attendee_id, Attendee.person_id == person)
    )
    companies = (
        select(Member.exhibitor_id)
        .join(Exhibitor, Exhibitor.id == Member.exhibitor_id)
        .where(
            Exhibitor.edition_id == edition_id,
            _IS_ACTIVE,
            or_(Member.attendee_id == attendee_id, Member.person_id == person),
        )
    )
    return _query(people, companies)


def _query(people: Select[int], companies: Select[int]) -> CompoundSelect[Any]:
    by_them = or_(MeetingBlock.attendee_id.in_(people), MeetingBlock.exhibitor_id.in_(companies))
    of_them = or_(MeetingBlock.blocked_attendee_id.in_(people), MeetingBlock.blocked_exhibitor_id.in_(companies))
    return union(
        select(MeetingBlock.blocked_attendee_id, MeetingBlock.blocked_exhibitor_id).where(by_them),
        select(MeetingBlock.attendee_id, MeetingBlock.exhibitor_id).where(of_them),
        *_reported(people, companies),
    )


def _exclusions(edition_id: int, rows: Sequence[Any]) -> Exclusions:
    exhibitor_ids = {exhibitor_id for _, exhibitor_id in rows if exhibitor_id is not None}
    attendee_ids = {attendee_id for attendee_id, _ in rows if attendee_id is not None}
    if exhibitor_ids:
        attendee_ids.update(db.session.scalars(_team_of(edition_id, exhibitor_ids)))
    return Exclusions(frozenset(attendee_ids), frozenset(exhibitor_ids))


def _reported(people: Select[int], companies: Select[int]) -> list[Select[*tuple[Any, ...]]]:
    """Return the queries of those whom somebody complained about, and of those who complained about them.

    A complaint is between the host and one guest; where it was not noted which of several, it is between all of them.
    """
    own, other = aliased(MeetingParticipant), aliased(MeetingParticipant)
    reports = (
        select(MeetingReport.guest_id, Meeting.id, Meeting.exhibitor_id)
        .join(Meeting, Meeting.id == MeetingReport.meeting_id)
        .subquery()
    )
    is_all = reports.c.guest_id.is_(None)
    return [
        select(other.attendee_id, _NOBODY)
        .join(own, own.meeting_id == other.meeting_id)
        .join(reports, reports.c.id == other.meeting_id)
        .where(
            own.attendee_id.in_(people),
            other.side != own.side,
            other.attendee_id.is_not(None),
            or_(is_all, reports.c.guest_id.in_([own.id, other.id])),
        ),
        select(_NOBODY, reports.c.exhibitor_id)
        .join(own, own.meeting_id == reports.c.id)
        .where(
            own.attendee_id.in_(people),
            own.side == Side.GUEST.value,
            reports.c.exhibitor_id.is_not(None),
            or_(is_all, reports.c.guest_id == own.id),
        ),
        select(other.attendee_id, _NOBODY)
        .join(reports, reports.c.id == other.meeting_id)
        .where(
            reports.c.exhibitor_id.in_(companies),
            other.side == Side.GUEST.value,
            other.attendee_id.is_not(None),
            or_(is_all, reports.c.guest_id == other.id),
        ),
    ]


def _team_of(edition_id: int, exhibitor_ids: Iterable[int]) -> Select[int]:
    """Return the query of the registrations of those who work for companies."""
    members = Member.exhibitor_id.in_(list(exhibitor_ids)) & _IS_ACTIVE
    by_pass = select(Member.attendee_id).where(members, Member.attendee_id.is_not(None))
    by_account = select(Member.person_id).where(members, Member.person_id.is_not(None))
    return select(Attendee.id).where(
        Attendee.edition_id == edition_id, or_(Attendee.id.in_(by_pass), Attendee.person_id.in_(by_account))
    )
