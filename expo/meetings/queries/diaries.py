"""When people are at the expo and what they have on: sessions, meetings, and times they keep free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from expo.editions.models import Hall, Room
from expo.exhibitors.models import Booth, ExhibitorBooth
from expo.infra.db import db
from expo.meetings.models import BusyMark, Meeting, MeetingHold, MeetingParticipant, MeetingTable
from expo.meetings.queries.people import People, Resource, find_people, list_team
from expo.meetings.rules import HoldKind, MeetingState, ParticipantState
from expo.program.models import AgendaEntry, SeatHold, Session, SessionSpeaker, Speaker
from expo.program.rules import SeatState, SessionState
from expo.pure.free_slots import Diary, Engagement, steps_between
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState
from expo.tickets.models import TicketType


@dataclass(frozen=True)
class TeamMember:
    """A member of a company's team who can represent it in meetings, and how many meetings they have."""

    id: int
    name: str
    email: str
    person_id: int | None
    load: int = 0
    diary: Diary = field(default_factory=Diary)


def load_diaries(edition_id: int, attendee_ids: Iterable[int], but_meeting_id: int | None = None) -> dict[int, Diary]:
    """Return the diaries of attendees; those who are not confirmed are there on no day."""
    return read_diaries(edition_id, attendee_ids, None, but_meeting_id)[0]


def load_team(
    edition_id: int, exhibitor_id: int, but_meeting_id: int | None = None, people: People | None = None
) -> list[TeamMember]:
    """Return the active members of a company's team with their diaries, the least busy first."""
    return read_diaries(edition_id, (), exhibitor_id, but_meeting_id, people)[1]


def read_diaries(
    edition_id: int,
    attendee_ids: Iterable[int],
    exhibitor_id: int | None,
    but_meeting_id: int | None = None,
    people: People | None = None,
) -> tuple[dict[int, Diary], list[TeamMember]]:
    """Return the diaries of attendees, and a company's team with theirs, the least busy first.

    Three queries, however many they are, or two if the people are known already. Somebody who is registered and in a
    team, or in several teams, has one diary for all.
    """
    wanted = sorted(set(attendee_ids))
    people = people or find_people(edition_id, wanted, exhibitor_id)
    members = people.memberships
    everybody = sorted({*wanted, *(each.attendee_id for each in members if each.attendee_id)})
    of_attendees, of_members = _read_engagements(everybody, [each.id for each in members], but_meeting_id)
    of_persons: dict[int, list[Engagement]] = defaultdict(list)
    for each in members:
        if each.attendee_id:
            of_attendees[each.attendee_id] += of_members[each.id]
        elif each.person_id:
            of_persons[each.person_id] += of_members[each.id]
    present = _read_days(edition_id, everybody)
    diaries = {each: Diary(present.get(each, frozenset()), tuple(of_attendees[each])) for each in everybody}
    team = [
        TeamMember(
            each.id,
            each.name,
            each.email,
            each.person_id,
            load=len(of_members[each.id]),
            diary=diaries[each.attendee_id]
            if each.attendee_id
            else Diary(None, tuple(of_persons[each.person_id] if each.person_id else of_members[each.id])),
        )
        for each in list_team(people, exhibitor_id)
    ]
    return {each: diaries[each] for each in wanted}, sorted(team, key=lambda each: (each.load, each.id))


def list_halls_nearby(meeting_id: int, since: datetime, until: datetime) -> dict[Resource, set[str]]:
    """Return in which halls those whose time a meeting holds have others between two moments, where it is known."""
    values = {"meeting_id": meeting_id, "since": since, "until": until, "steps": steps_between(since, until)}
    halls: dict[Resource, set[str]] = defaultdict(set)
    for kind, resource_id, hall in db.session.execute(_HALLS_NEARBY, values):
        if hall:
            halls[HoldKind(kind), resource_id].add(hall)
    return halls


def _read_engagements(
    attendee_ids: Sequence[int], member_ids: Sequence[int], but_meeting_id: int | None
) -> tuple[dict[int, list[Engagement]], dict[int, list[Engagement]]]:
    """Return what attendees have on, by attendee, and the meetings of members, by member."""
    of_attendees: dict[int, list[Engagement]] = defaultdict(list)
    of_members: dict[int, list[Engagement]] = defaultdict(list)
    if not attendee_ids and not member_ids:
        return of_attendees, of_members
    values = {
        "ids": attendee_ids,
        "member_ids": member_ids,
        "but_meeting_id": but_meeting_id or 0,
    }
    for attendee_id, member_id, starts_at, ends_at, hall in db.session.execute(_ENGAGEMENTS, values):
        engagement = Engagement(starts_at, ends_at, hall or "")
        if member_id is None:
            of_attendees[attendee_id].append(engagement)
        else:
            of_members[member_id].append(engagement)
    return of_attendees, of_members


def _read_days(edition_id: int, attendee_ids: Sequence[int]) -> dict[int, frozenset[Any]]:
    """Return the days of the tickets of attendees who are confirmed."""
    if not attendee_ids:
        return {}
    return {
        attendee_id: frozenset(first + timedelta(days=n) for n in range(count))
        for attendee_id, first, count in db.session.execute(_DAYS, {"edition_id": edition_id, "ids": attendee_ids})
    }


def _engagements() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the query of everything that attendees and members have on: whose, from when until when, in which hall."""
    return union_all(
        *_sessions(),
        select(
            BusyMark.attendee_id,
            cast(null(), Integer),
            BusyMark.starts_at,
            BusyMark.ends_at,
            cast(null(), String),
        ).where(BusyMark.attendee_id.in_(bindparam("ids", expanding=True))),
        _meetings(MeetingParticipant.attendee_id, "ids"),
        _meetings(MeetingParticipant.member_id, "member_ids"),
    )


def _sessions() -> list[Select[*tuple[Any, ...]]]:
    """Return the queries of the sessions that attendees starred, have a seat in, or speak in."""
    columns = (cast(null(), Integer), Session.starts_at, Session.ends_at, Hall.code)
    # Not by edition, which the attendee and speaker have: SQLite would begin with all sessions of it.
    held = and_(
        Session.state == SessionState.PUBLISHED.value,
        Session.starts_at.is_not(None),
        Session.ends_at > Session.starts_at,
    )
    parts = [
        select(AgendaEntry.attendee_id, *columns)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(AgendaEntry.attendee_id.in_(bindparam("ids", expanding=True))),
        select(SeatHold.attendee_id, *columns)
        .join(Session, Session.id == SeatHold.session_id)
        .where(
            SeatHold.attendee_id.in_(bindparam("ids", expanding=True)),
            SeatHold.state.in_([SeatState.HELD.value, SeatState.OFFERED.value, SeatState.USED.value]),
        ),
        # Speakers are known by their registration or their account: one part each, because each has its index.
        select(Speaker.attendee_id, *columns)
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Speaker.attendee_id.in_(bindparam("ids", expanding=True))),
        select(Attendee.id, *columns)
        .select_from(Attendee)
        .join(Speaker, Speaker.person_id == Attendee.person_id)
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Attendee.id.in_(bindparam("ids", expanding=True)), Speaker.edition_id == Attendee.edition_id),
    ]
    return [
        part.outerjoin(Room, Room.id == Session.room_id).outerjoin(Hall, Hall.id == Room.hall_id).where(held)
        for part in parts
    ]


def _hall() -> ColumnElement[Any]:
    """Return the hall of a meeting's table, which is joined, or else of the company's booth."""
    booth_hall = (
        select(func.min(Hall.code))
        .join(Booth, Booth.hall_id == Hall.id)
        .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
        .where(ExhibitorBooth.exhibitor_id == Meeting.exhibitor_id, Meeting.place == "booth")
        .correlate(Meeting)
        .scalar_subquery()
    )
    return func.coalesce(Hall.code, booth_hall)


def _meetings(whose: InstrumentedAttribute[int | None], ids: str) -> Select[*tuple[Any, ...]]:
    """Return the query of the scheduled meetings of participants, with the hall of the table or booth."""
    return (
        select(
            MeetingParticipant.attendee_id,
            MeetingParticipant.member_id,
            Meeting.starts_at,
            Meeting.ends_at,
            _hall(),
        )
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .outerjoin(MeetingTable, MeetingTable.id == Meeting.table_id)
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
        .where(
            whose.in_(bindparam(ids, expanding=True)),
            # An expression, for which there is no index: SQLite would begin with all scheduled meetings.
            Meeting.state.concat("") == MeetingState.SCHEDULED.value,
            MeetingParticipant.state == ParticipantState.JOINED.value,
            Meeting.starts_at.is_not(None),
            Meeting.id != bindparam("but_meeting_id"),
        )
    )


def _halls_nearby() -> Select[*tuple[Any, ...]]:
    """Return the query of the halls of other meetings that hold the time of the same people.

    Each step is looked up by the primary key: a range of steps would make SQLite read the holds of everybody.
    """
    own, other = aliased(MeetingHold), aliased(MeetingHold)
    return (
        select(other.kind, other.resource_id, _hall())
        .select_from(own)
        .join(other, (other.kind == own.kind) & (other.resource_id == own.resource_id))
        .join(Meeting, Meeting.id == other.meeting_id)
        .outerjoin(MeetingTable, MeetingTable.id == Meeting.table_id)
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
        .where(
            own.meeting_id == bindparam("meeting_id"),
            own.kind != HoldKind.TABLE.value,
            other.meeting_id != bindparam("meeting_id"),
            other.slot_at.in_(bindparam("steps", expanding=True)),
            # A hold includes the pause after the meeting.
            Meeting.starts_at < bindparam("until"),
            Meeting.ends_at > bindparam("since"),
        )
        .distinct()
    )


def _days() -> Select[*tuple[Any, ...]]:
    return (
        select(Attendee.id, TicketType.valid_from, TicketType.valid_days)
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(
            Attendee.edition_id == bindparam("edition_id"),
            Attendee.id.in_(bindparam("ids", expanding=True)),
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
    )


# Built once: building a statement takes longer than running it.
_ENGAGEMENTS = _engagements()
_HALLS_NEARBY = _halls_nearby()
_DAYS = _days()
