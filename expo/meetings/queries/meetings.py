"""Reads of meetings with their participants and proposed times."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select

from expo.editions.models import Hall
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth, Member
from expo.infra.db import db
from expo.meetings.errors import MeetingMissing
from expo.meetings.models import Meeting, MeetingParticipant, MeetingProposal, MeetingTable
from expo.meetings.queries.parties import Party
from expo.meetings.rules import (
    ARRIVAL_STATES,
    OPEN_STATES,
    UNANSWERED_STATES,
    MeetingState,
    ParticipantState,
    PlaceKind,
    Side,
)
from expo.registration.models import Attendee

# At most this many meetings at once, because a statement takes a limited number of values.
CHUNK = 5_000


@dataclass(frozen=True)
class ParticipantRow:
    """Somebody who takes part, with what the other side may know about them."""

    id: int
    side: Side
    state: ParticipantState
    attendee_id: int | None
    member_id: int | None
    name: str
    company: str
    job_title: str
    country: str
    # The code on the badge: for organizers, and the attendee.
    badge_code: str
    is_initiator: bool
    checked_in_at: datetime | None
    rating: int | None


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as listed."""

    id: int
    edition_id: int
    code: str
    exhibitor_id: int | None
    exhibitor_slug: str | None
    company_name: str
    state: MeetingState
    initiator: Side
    awaited: str
    message: str
    reason: str
    place: str
    table_id: int | None
    place_code: str
    hall_name: dict[str, str] | None
    link: str
    is_virtual: bool
    starts_at: datetime | None
    ends_at: datetime | None
    version: int
    sequence: int
    created_at: datetime
    changed_at: datetime
    expires_at: datetime | None
    proposals: tuple[datetime, ...] = ()
    participants: tuple[ParticipantRow, ...] = ()

    def of_side(self, side: Side) -> list[ParticipantRow]:
        """Return the participants of a side who have not declined."""
        return [each for each in self.participants if each.side == side and each.state != ParticipantState.DECLINED]

    @property
    def all_guests(self) -> list[ParticipantRow]:
        """The guests, also those who declined or left."""
        return [each for each in self.participants if each.side is Side.GUEST]

    def names_of(self, side: Side) -> list[str]:
        """Return the names of a side: the company of an exhibitor, else those of the people."""
        if side == Side.HOST and self.company_name:
            return [self.company_name]
        return [each.name for each in self.of_side(side)]

    @property
    def names(self) -> list[str]:
        """The names of both sides."""
        return [name for side in (Side.HOST, Side.GUEST) for name in self.names_of(side)]

    def side_of(self, party: Party) -> Side | None:
        """Return the side of a party; None for organizers and everybody who takes no part."""
        if party.exhibitor_id is not None:
            return Side.HOST if party.exhibitor_id == self.exhibitor_id else None
        if party.attendee_id is None:
            return None
        own = next((each for each in self.participants if each.attendee_id == party.attendee_id), None)
        return own.side if own else None

    def own_state(self, party: Party) -> ParticipantState | None:
        """Return whether an attendee joins the meeting."""
        own = next((e for e in self.participants if e.attendee_id and e.attendee_id == party.attendee_id), None)
        return own.state if own else None

    @property
    def attending_ids(self) -> list[int]:
        """The attendees who come or may still come, in the order in which their diaries are searched."""
        return [
            each.attendee_id
            for each in self.participants
            if each.attendee_id and each.state is not ParticipantState.DECLINED
        ]

    def ids_to_search(self, party: Party) -> list[int]:
        """Return the attendees who have to be free for what a party can choose, in the order of their diaries."""
        # A guest of a group answers for themselves: of the others only those who come matter, and later none.
        if not self.is_group or self.side_of(party) is not Side.GUEST:
            return list(dict.fromkeys(self.attending_ids))
        others = self.participants if self.starts_at is None else ()
        joined = [each.attendee_id for each in others if each.state is ParticipantState.JOINED]
        return list(dict.fromkeys(each for each in (party.attendee_id, *joined) if each))

    def shown_to(self, party: Party) -> list[ParticipantRow]:
        """Return the participants that a party sees: one guest of several sees nobody who has not agreed to come."""
        coming = [each for each in self.participants if each.state is not ParticipantState.DECLINED]
        if not self.is_group or self.side_of(party) is not Side.GUEST:
            return coming
        return [
            each for each in coming if each.state is ParticipantState.JOINED or each.attendee_id == party.attendee_id
        ]

    def link_for(self, party: Party) -> str:
        """Return the link of an online meeting, for those who come."""
        if self.state not in (MeetingState.SCHEDULED, MeetingState.HELD):
            return ""
        own = self.own_state(party)
        return self.link if own in (None, ParticipantState.JOINED) else ""

    def continues_without(self, attendee_id: int | None) -> bool:
        """Whether the meeting continues if this attendee leaves: another guest is left, and they did not ask for it."""
        guests = self.of_side(Side.GUEST)
        own = next((each for each in guests if each.attendee_id == attendee_id), None)
        return own is not None and not own.is_initiator and len(guests) > 1

    def can_answer(self, party: Party) -> bool:
        """Return whether it is this party's turn to answer."""
        side = self.side_of(party)
        if self.is_group and side is Side.GUEST:
            return self.own_state(party) is ParticipantState.INVITED and self.state in OPEN_STATES
        return self.state in OPEN_STATES and side is not None and self.awaited == side.value

    @property
    def is_group(self) -> bool:
        """Whether several guests were invited, each of whom answers for themselves."""
        return self.initiator is Side.HOST and sum(each.side is Side.GUEST for each in self.participants) > 1

    @property
    def is_unanswered(self) -> bool:
        """Whether the request waits for an answer."""
        return self.state in UNANSWERED_STATES


def get_meeting(party: Party, code: str) -> MeetingRow:
    """Return a meeting that the party takes part in; organizers see all. Raises MeetingMissing."""
    rows = read_meetings(_of_party(party) & (Meeting.code == code))
    if not rows:
        raise MeetingMissing
    return rows[0]


def find_meeting_id(party: Party, code: str) -> int:
    """Return the id of a meeting that the party takes part in. Raises MeetingMissing."""
    meeting_id = db.session.scalar(select(Meeting.id).where(_of_party(party), Meeting.code == code))
    if meeting_id is None:
        raise MeetingMissing
    return meeting_id


def get_meeting_by_id(meeting_id: int) -> MeetingRow:
    """Return one meeting. Raises MeetingMissing."""
    rows = read_meetings(Meeting.id == meeting_id)
    if not rows:
        raise MeetingMissing
    return rows[0]


def list_meetings(party: Party, *, states: Iterable[MeetingState] = (), limit: int | None = None) -> list[MeetingRow]:
    """Return the meetings of a party: those with a time in order of it, then the newest."""
    condition = _of_party(party)
    if states:
        condition &= Meeting.state.in_([each.value for each in states])
    return read_meetings(condition, limit)


def paginate_meetings(
    edition_id: int, state: MeetingState | None, cursor: int | None, limit: int
) -> tuple[list[MeetingRow], int | None]:
    """Return the page of meetings after `cursor`, ordered by id, and the next cursor (None at the end)."""
    query = select(Meeting.id).where(Meeting.edition_id == edition_id).order_by(Meeting.id).limit(limit + 1)
    if state is not None:
        query = query.where(Meeting.state == state.value)
    if cursor is not None:
        query = query.where(Meeting.id > cursor)
    ids = list(db.session.scalars(query))
    rows = sorted(read_meetings(Meeting.id.in_(ids[:limit])), key=lambda row: row.id)
    return rows, ids[limit - 1] if len(ids) > limit else None


def find_next_meeting(edition_id: int, attendee_id: int, now: datetime) -> MeetingRow | None:
    """Return an attendee's next scheduled meeting, also one in which they represent a company."""
    condition = takes_part(attendee_id) & (Meeting.edition_id == edition_id)
    condition &= (Meeting.state == MeetingState.SCHEDULED.value) & (Meeting.ends_at > now)
    return next(iter(read_meetings(condition, 1)), None)


def list_scheduled(edition_id: int, attendee_id: int, now: datetime) -> list[MeetingRow]:
    """Return an attendee's scheduled meetings that are not over, by time, also those in which they represent a company.

    Those that they were only invited to are left out.
    """
    condition = takes_part(attendee_id) & (Meeting.edition_id == edition_id)
    condition &= (Meeting.state == MeetingState.SCHEDULED.value) & (Meeting.ends_at > now)
    invited = ParticipantState.INVITED
    return [
        row
        for row in read_meetings(condition)
        if not any(each.attendee_id == attendee_id and each.state is invited for each in row.participants)
    ]


def list_meetings_at(party: Party, attendee_id: int, ends_from: datetime, starts_until: datetime) -> list[MeetingRow]:
    """Return a company's meetings with an attendee, not online, that end and begin by these times.

    Also those that were released because nobody had been checked in.
    """
    joins = exists().where(
        MeetingParticipant.meeting_id == Meeting.id,
        MeetingParticipant.attendee_id == attendee_id,
        MeetingParticipant.side == Side.GUEST.value,
        MeetingParticipant.state == ParticipantState.JOINED.value,
    )
    condition = _of_party(party) & joins & Meeting.state.in_([each.value for each in ARRIVAL_STATES])
    condition &= Meeting.place != PlaceKind.VIRTUAL.value
    return read_meetings(condition & (Meeting.starts_at <= starts_until) & (Meeting.ends_at >= ends_from))


def count_awaiting(party: Party) -> int:
    """Return how many meetings wait for an answer of a party."""
    rows = list_meetings(party, states=OPEN_STATES)
    return sum(row.can_answer(party) for row in rows)


def takes_part(attendee_id: int) -> ColumnElement[bool]:
    """Return the condition for meetings that an attendee joins, also as a member of a company's team."""
    members = select(Member.id).where(Member.attendee_id == attendee_id)
    return Meeting.id.in_(
        select(MeetingParticipant.meeting_id).where(
            or_(MeetingParticipant.attendee_id == attendee_id, MeetingParticipant.member_id.in_(members)),
            MeetingParticipant.state == ParticipantState.JOINED.value,
        )
    )


def read_meetings(condition: ColumnElement[bool], limit: int | None = None, offset: int = 0) -> list[MeetingRow]:
    """Return the meetings that meet a condition, by time; those without a time come last, the newest first."""
    query = _MEETINGS.where(condition)
    found = db.session.execute(query.limit(limit).offset(offset) if limit else query).all()
    ids = [row.id for row in found]
    participants: dict[int, list[ParticipantRow]] = defaultdict(list)
    proposals: dict[int, list[datetime]] = defaultdict(list)
    for first in range(0, len(ids), CHUNK):
        values = {"ids": ids[first : first + CHUNK]}
        for meeting_id, participant_id, side, state, *rest in db.session.execute(_PARTICIPANTS, values):
            participants[meeting_id].append(ParticipantRow(participant_id, Side(side), ParticipantState(state), *rest))
        for meeting_id, starts_at in db.session.execute(_PROPOSALS, values):
            proposals[meeting_id].append(starts_at)
    booths = _booths({row.exhibitor_id for row in found if row.exhibitor_id and row.place == "booth"})
    return [_meeting(row, booths, proposals[row.id], participants[row.id]) for row in found]


def _of_party(party: Party) -> ColumnElement[bool]:
    condition = Meeting.edition_id == party.edition_id
    if party.exhibitor_id is not None:
        return condition & (Meeting.exhibitor_id == party.exhibitor_id)
    if party.attendee_id is not None:
        mine = exists().where(
            MeetingParticipant.meeting_id == Meeting.id, MeetingParticipant.attendee_id == party.attendee_id
        )
        return and_(condition, mine)
    return condition


def _query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Meeting.id,
            Meeting.edition_id,
            Meeting.code,
            Meeting.exhibitor_id,
            Exhibitor.slug.label("exhibitor_slug"),
            func.coalesce(Exhibitor.name, Meeting.company_name).label("company_name"),
            Meeting.state,
            Meeting.initiator,
            Meeting.awaited,
            Meeting.message,
            Meeting.reason,
            Meeting.place,
            Meeting.table_id,
            MeetingTable.code.label("table_code"),
            Hall.name.label("table_hall"),
            Meeting.link,
            Meeting.is_virtual,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.version,
            Meeting.sequence,
            Meeting.created_at,
            Meeting.changed_at,
            Meeting.expires_at,
        )
        .outerjoin(Exhibitor, Exhibitor.id == Meeting.exhibitor_id)
        .outerjoin(MeetingTable, MeetingTable.id == Meeting.table_id)
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
    )


def _meeting(
    row: Any,
    booths: dict[int, tuple[str, dict[str, str] | None]],
    proposals: list[datetime],
    participants: list[ParticipantRow],
) -> MeetingRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    code, hall = values.pop("table_code") or "", values.pop("table_hall")
    if row.place == "booth":
        code, hall = booths.get(row.exhibitor_id, ("", None))
    values.update(state=MeetingState(row.state), initiator=Side(row.initiator), place_code=code, hall_name=hall)
    return MeetingRow(**values, proposals=tuple(proposals), participants=tuple(participants))


def _booths(exhibitor_ids: set[int]) -> dict[int, tuple[str, dict[str, str] | None]]:
    if not exhibitor_ids:
        return {}
    rows = db.session.execute(
        select(ExhibitorBooth.exhibitor_id, Booth.code, Hall.name)
        .join(Booth, Booth.id == ExhibitorBooth.booth_id)
        .outerjoin(Hall, Hall.id == Booth.hall_id)
        .where(ExhibitorBooth.exhibitor_id.in_(exhibitor_ids))
        .order_by(ExhibitorBooth.position.desc(), Booth.id.desc())
    )
    return {exhibitor_id: (code, hall) for exhibitor_id, code, hall in rows}


def _participants() -> Select[*tuple[Any, ...]]:
    return (
        select(
            MeetingParticipant.meeting_id,
            MeetingParticipant.id,
            MeetingParticipant.side,
            MeetingParticipant.state,
            MeetingParticipant.attendee_id,
            MeetingParticipant.member_id,
            func.coalesce(Attendee.name, Member.name, "").label("name"),
            func.coalesce(Attendee.company, "").label("company"),
            func.coalesce(Attendee.job_title, "").label("job_title"),
            func.coalesce(Attendee.country, "").label("country"),
            func.coalesce(Attendee.code, "").label("badge_code"),
            MeetingParticipant.is_initiator,
            MeetingParticipant.checked_in_at,
            MeetingParticipant.rating,
        )
        .outerjoin(Attendee, Attendee.id == MeetingParticipant.attendee_id)
        .outerjoin(Member, Member.id == MeetingParticipant.member_id)
        .where(MeetingParticipant.meeting_id.in_(bindparam("ids", expanding=True)))
        .order_by(MeetingParticipant.id)
    )


# Built once: building a statement takes longer than running it.
_MEETINGS = _query().order_by(Meeting.starts_at.is_(None), Meeting.starts_at, Meeting.id.desc())
_PARTICIPANTS = _participants()
_PROPOSALS = (
    select(MeetingProposal.meeting_id, MeetingProposal.starts_at)
    .where(MeetingProposal.meeting_id.in_(bindparam("ids", expanding=True)))
    .order_by(MeetingProposal.starts_at)
)
