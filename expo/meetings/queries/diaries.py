"""When people are at the expo and what they have on: sessions, meetings, and times they keep free."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, Select, and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from expo.editions.models import Hall, Room
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, ExhibitorBooth, Member
from expo.exhibitors.rules import MemberState
from expo.infra.db import db
from expo.meetings.models import BusyMark, Meeting, MeetingParticipant, MeetingTable
from expo.meetings.queries.meetings import MeetingRow
from expo.meetings.queries.settings import get_settings, list_slots
from expo.meetings.queries.tables import Places, find_places, list_full_slots
from expo.meetings.rules import MeetingState, ParticipantState, SettingsRequest
from expo.program.models import AgendaEntry, SeatHold, Session, SessionSpeaker, Speaker
from expo.program.rules import SeatState, SessionState
from expo.pure.free_slots import Diary, Engagement, FreeSlots, Obstacle, Slot, find_free_slots
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
    attendee_id: int | None
    load: int = 0
    diary: Diary = field(default_factory=Diary)


def load_diaries(edition_id: int, attendee_ids: Iterable[int], but_meeting_id: int | None = None) -> dict[int, Diary]:
    """Return the diaries of attendees; those who are not confirmed are there on no day."""
    wanted = sorted(set(attendee_ids))
    if not wanted:
        return {}
    engagements: dict[int, list[Engagement]] = defaultdict(list)
    for attendee_id, starts_at, ends_at, hall in db.session.execute(
        _SESSIONS, {"edition_id": edition_id, "ids": wanted}
    ):
        engagements[attendee_id].append(Engagement(starts_at, ends_at, hall or ""))
    for attendee_id, starts_at, ends_at in db.session.execute(
        select(BusyMark.attendee_id, BusyMark.starts_at, BusyMark.ends_at).where(BusyMark.attendee_id.in_(wanted))
    ):
        engagements[attendee_id].append(Engagement(starts_at, ends_at))
    for attendee_id, _, engagement in _list_meetings(_MEETINGS_OF_ATTENDEES, wanted, but_meeting_id):
        engagements[attendee_id or 0].append(engagement)
    members = db.session.execute(
        select(Member.id, Member.attendee_id).where(
            Member.attendee_id.in_(wanted), Member.state == MemberState.ACTIVE.value
        )
    )
    own_teams = {member_id: attendee_id for member_id, attendee_id in members}  # noqa: C416 - a row is not a pair to mypy
    if own_teams:
        for _, member_id, engagement in _list_meetings(_MEETINGS_OF_MEMBERS, list(own_teams), but_meeting_id):
            engagements[own_teams.get(member_id or 0) or 0].append(engagement)
    days = db.session.execute(
        select(Attendee.id, TicketType.valid_from, TicketType.valid_days)
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(
            Attendee.edition_id == edition_id,
            Attendee.id.in_(wanted),
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
    )
    present = {
        attendee_id: frozenset(first + timedelta(days=n) for n in range(count)) for attendee_id, first, count in days
    }
    return {each: Diary(present.get(each, frozenset()), tuple(engagements[each])) for each in wanted}


def load_team(edition_id: int, exhibitor_id: int, but_meeting_id: int | None = None) -> list[TeamMember]:
    """Return the active members of a company's team with their diaries, the least busy first."""
    rows = db.session.execute(
        select(Member.id, Member.name, Member.email, Member.person_id, Member.attendee_id)
        .where(Member.exhibitor_id == exhibitor_id, Member.state == MemberState.ACTIVE.value)
        .order_by(Member.id)
    )
    team = [TeamMember(*row) for row in rows]
    diaries = load_diaries(edition_id, [each.attendee_id for each in team if each.attendee_id], but_meeting_id)
    of_members: dict[int, list[Engagement]] = defaultdict(list)
    for _, member_id, engagement in _list_meetings(_MEETINGS_OF_MEMBERS, [each.id for each in team], but_meeting_id):
        of_members[member_id or 0].append(engagement)
    described = [
        replace(
            each,
            load=len(of_members[each.id]),
            diary=diaries[each.attendee_id] if each.attendee_id in diaries else Diary(None, tuple(of_members[each.id])),
        )
        for each in team
    ]
    return sorted(described, key=lambda each: (each.load, each.id))


def search_slots(
    edition: EditionFacts,
    settings: SettingsRequest,
    groups: Sequence[Sequence[Diary]],
    places: Places | None,
    now: datetime,
) -> FreeSlots:
    """Return the free slots of these people after `now`; without `places` they meet on the web.

    At a booth any number of meetings can be held, each with another representative; tables may run out.
    """
    found = find_free_slots(
        list_slots(edition, settings, now),
        groups,
        hall=places.hall if places else "",
        pause=timedelta(minutes=settings.buffer_minutes),
        walk=timedelta(minutes=settings.walking_minutes),
    )
    if places is None or places.booth_code or not found.slots:
        return found
    full = list_full_slots([each.id for each in places.tables], found.slots) if places.tables else None
    left = tuple(slot for slot in found.slots if full is not None and slot.starts_at not in full)
    return FreeSlots(left, None if left else Obstacle.NO_TABLE)


def search_for_meeting(edition: EditionFacts, row: MeetingRow, now: datetime) -> FreeSlots:
    """Return the slots in which everybody in a meeting is free, apart from the meeting itself."""
    attendee_ids = [each.attendee_id for each in row.participants if each.attendee_id]
    return search_with(edition, attendee_ids, row.exhibitor_id, now, is_virtual=row.is_virtual, but_meeting_id=row.id)


def search_with(
    edition: EditionFacts,
    attendee_ids: Sequence[int],
    exhibitor_id: int | None,
    now: datetime,
    *,
    is_virtual: bool = False,
    but_meeting_id: int | None = None,
) -> FreeSlots:
    """Return the slots in which these attendees, and somebody of a company's team, are free.

    Groups are numbered in this order: the attendees, then the team.
    """
    diaries = load_diaries(edition.id, attendee_ids, but_meeting_id)
    groups = [[diaries[each]] for each in dict.fromkeys(attendee_ids)]
    if exhibitor_id is not None:
        groups.append([each.diary for each in load_team(edition.id, exhibitor_id, but_meeting_id)])
    places = None if is_virtual else find_places(edition.id, exhibitor_id, tables_beside_booth=False)
    return search_slots(edition, get_settings(edition.id), groups, places, now)


def is_free_at(diary: Diary, slot: Slot, settings: SettingsRequest) -> bool:
    """Return whether somebody is there and free in a slot."""
    pause = timedelta(minutes=settings.buffer_minutes)
    return bool(find_free_slots([slot], [[diary]], pause=pause).slots)


def _list_meetings(
    query: Select[*tuple[Any, ...]], ids: Sequence[int], but_meeting_id: int | None
) -> list[tuple[int | None, int | None, Engagement]]:
    """Return the scheduled meetings of participants, with the attendee's or member's id."""
    values = {"ids": ids, "but_meeting_id": but_meeting_id or 0}
    return [
        (attendee_id, member_id, Engagement(starts_at, ends_at, hall or ""))
        for attendee_id, member_id, starts_at, ends_at, hall in db.session.execute(query, values)
    ]


def _sessions() -> CompoundSelect[*tuple[Any, ...]]:
    """Return the query of the sessions that attendees starred, have a seat in, or speak in."""
    columns = (Session.starts_at, Session.ends_at, Hall.code)
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    edition_id: BindParameter[int] = bindparam("edition_id")
    held = and_(
        Session.edition_id == edition_id,
        Session.state == SessionState.PUBLISHED.value,
        Session.starts_at.is_not(None),
        Session.ends_at > Session.starts_at,
    )
    parts = [
        select(AgendaEntry.attendee_id, *columns)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(AgendaEntry.attendee_id.in_(ids)),
        select(SeatHold.attendee_id, *columns)
        .join(Session, Session.id == SeatHold.session_id)
        .where(
            SeatHold.attendee_id.in_(ids),
            SeatHold.state.in_([SeatState.HELD.value, SeatState.OFFERED.value, SeatState.USED.value]),
        ),
        select(Attendee.id, *columns)
        .select_from(Attendee)
        .join(Speaker, or_(Speaker.attendee_id == Attendee.id, Speaker.person_id == Attendee.person_id))
        .join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id)
        .join(Session, Session.id == SessionSpeaker.session_id)
        .where(Attendee.id.in_(ids), Speaker.edition_id == edition_id),
    ]
    return union_all(
        *(
            part.outerjoin(Room, Room.id == Session.room_id).outerjoin(Hall, Hall.id == Room.hall_id).where(held)
            for part in parts
        )
    )


def _meetings(whose: InstrumentedAttribute[int | None]) -> Select[*tuple[Any, ...]]:
    """Return the query of the scheduled meetings of participants, with the hall of the table or booth."""
    booth_hall = (
        select(func.min(Hall.code))
        .join(Booth, Booth.hall_id == Hall.id)
        .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
        .where(ExhibitorBooth.exhibitor_id == Meeting.exhibitor_id, Meeting.place == "booth")
        .correlate(Meeting)
        .scalar_subquery()
    )
    return (
        select(
            MeetingParticipant.attendee_id,
            MeetingParticipant.member_id,
            Meeting.starts_at,
            Meeting.ends_at,
            func.coalesce(Hall.code, booth_hall),
        )
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .outerjoin(MeetingTable, MeetingTable.id == Meeting.table_id)
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
        .where(
            whose.in_(bindparam("ids", expanding=True)),
            Meeting.state == MeetingState.SCHEDULED.value,
            MeetingParticipant.state == ParticipantState.JOINED.value,
            Meeting.starts_at.is_not(None),
            Meeting.id != bindparam("but_meeting_id"),
        )
    )


# Built once: building a statement takes longer than running it.
_SESSIONS = _sessions()
_MEETINGS_OF_ATTENDEES = _meetings(MeetingParticipant.attendee_id)
_MEETINGS_OF_MEMBERS = _meetings(MeetingParticipant.member_id)
