"""The demo's meetings: tables, and meetings of visitors with companies and with each other in every state."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from expo.demo.drawing import Weighted
from expo.demo.orders import DemoAttendee
from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, Member
from expo.exhibitors.queries import HallPlan, list_plans
from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingHold, MeetingParticipant, MeetingProposal, MeetingTable
from expo.meetings.queries import list_slots
from expo.meetings.rules import HoldKind, MeetingState, ParticipantState, PlaceKind, SettingsRequest, Side
from expo.pure.codes import make_code
from expo.pure.free_slots import Slot, steps_between
from expo.registration.rules import AttendeeState

TABLES_OF_HALL, HALLS_WITH_TABLES = 6, 3
# In metres.
FROM_WALL, BETWEEN_TABLES = 1.5, 2.5
# Meetings of the first company, the most of the others, those among visitors, and of the demo's attendee.
OF_FIRST, MAX_OF_OTHERS, AMONG_VISITORS, OF_ATTENDEE = 16, 5, 40, 6
CODE_LENGTH = 10
STATES = Weighted(
    [MeetingState.REQUESTED, MeetingState.COUNTERED, MeetingState.SCHEDULED, MeetingState.HELD,
     MeetingState.DECLINED, MeetingState.CANCELLED, MeetingState.EXPIRED, MeetingState.NO_SHOW],
    [18, 7, 30, 20, 10, 7, 5, 3],
)  # fmt: skip
UNANSWERED = (MeetingState.REQUESTED, MeetingState.COUNTERED)
PAST = (MeetingState.HELD, MeetingState.NO_SHOW)
WITH_TIME = (MeetingState.SCHEDULED, *PAST)
MESSAGES = (
    "We are planning a pilot this autumn and would like to see your product.",
    "想了解贵公司的数据治理方案，并讨论本地部署。",
    "Could we talk about a partnership for South-East Asia?",
    "希望交流项目案例与报价方式。",
)
REASONS = {
    MeetingState.DECLINED: (
        "Our team is fully booked that day; please visit our booth.",
        "当天日程已满，欢迎到展位交流。",
    ),
    MeetingState.CANCELLED: ("I have to leave earlier than planned.", "行程有变，抱歉。"),
}


@dataclass
class _Rows:
    """The rows to insert, and who is busy in which slot."""

    first_id: int
    meetings: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    busy: set[tuple[str, int, datetime]] = field(default_factory=set)


@dataclass(frozen=True)
class _Host:
    """Who is visited: a company through a member of its team, or an attendee."""

    exhibitor_id: int | None
    company: str
    member_id: int | None
    attendee_id: int | None


def load_meetings(edition: EditionFacts, attendees: Sequence[DemoAttendee], now: datetime, rng: Random) -> None:
    """Insert tables and meetings; the first confirmed visitor, who can sign in, has several."""
    tables = _load_tables(edition)
    visitors = [each.id for each in attendees if each.state is AttendeeState.CONFIRMED and each.is_paid]
    hosts = _list_hosts(edition)
    if not visitors or not hosts:
        return
    slots, rows = list_slots(edition, SettingsRequest()), _Rows(first_free_id(Meeting))
    teams = list(hosts.values())
    for place, team in enumerate(teams):
        for _ in range(OF_FIRST if not place else rng.randint(0, MAX_OF_OTHERS)):
            _draw_meeting(edition, rows, rng.choice(visitors), rng.choice(team), slots, [], now, rng)
    for number in range(OF_ATTENDEE):
        _draw_meeting(edition, rows, visitors[0], rng.choice(teams[number % len(teams)]), slots, [], now, rng)
    for _ in range(AMONG_VISITORS if len(visitors) > AMONG_VISITORS else 0):
        guest, host = rng.sample(visitors[1:], 2)
        _draw_meeting(edition, rows, guest, _Host(None, "", None, host), slots, tables, now, rng)
    insert_all(Meeting, rows.meetings)
    insert_all(MeetingParticipant, rows.participants)
    insert_all(MeetingProposal, rows.proposals)
    insert_all(MeetingHold, rows.holds)


def _load_tables(edition: EditionFacts) -> list[int]:
    """Put tables into the first halls, on their plans where there is room, and return their ids."""
    halls = list_plans(edition.id)[:HALLS_WITH_TABLES]
    first = first_free_id(MeetingTable)
    rows: list[dict[str, Any]] = [
        {"id": first + number * TABLES_OF_HALL + seat, "edition_id": edition.id, "hall_id": hall.hall_id,
         "code": f"T{number + 1}-{seat + 1}", "seats": 4, "exhibitor_id": None, "is_active": True, "x": x, "y": y}
        for number, hall in enumerate(halls)
        for seat, (x, y) in enumerate(_places_in(hall))
    ]  # fmt: skip
    insert_all(MeetingTable, rows)
    return [row["id"] for row in rows]


def _places_in(hall: HallPlan) -> list[tuple[float | None, float | None]]:
    """Return a row of places along the lower wall, from the right; no places if the hall is too small or not drawn."""
    y = round(hall.depth - FROM_WALL, 2)
    across = [round(hall.width - FROM_WALL - seat * BETWEEN_TABLES, 2) for seat in range(TABLES_OF_HALL)]
    has_room = hall.is_drawn and across[-1] > FROM_WALL
    return [(x, y) if has_room else (None, None) for x in across]


def _list_hosts(edition: EditionFacts) -> dict[int, list[_Host]]:
    """Return the members of each team, in the order of the companies."""
    hosts: dict[int, list[_Host]] = defaultdict(list)
    for company_id, name, member_id, attendee_id in db.session.execute(
        select(Exhibitor.id, Exhibitor.name, Member.id, Member.attendee_id)
        .join(Member, Member.exhibitor_id == Exhibitor.id)
        .where(Exhibitor.edition_id == edition.id, Exhibitor.state == "approved")
        .order_by(Exhibitor.id, Member.id)
    ):
        hosts[company_id].append(_Host(company_id, name, member_id, attendee_id))
    return hosts


def _draw_meeting(
    edition: EditionFacts,
    rows: _Rows,
    guest: int,
    host: _Host,
    slots: Sequence[Slot],
    tables: Sequence[int],
    now: datetime,
    rng: Random,
) -> None:
    state = STATES.draw(rng)
    fitting = [each for each in slots if (each.ends_at < now) == (state in PAST)] or list(slots)
    slot = rng.choice(fitting)
    table_id = rng.choice(tables) if tables else None
    people = [("attendee", guest), ("member", host.member_id), ("attendee", host.attendee_id), ("table", table_id)]
    taken = [(kind, each, slot.starts_at) for kind, each in people if each is not None]
    has_time = state in WITH_TIME
    if (has_time and not rows.busy.isdisjoint(taken)) or guest == host.attendee_id:
        return
    meeting_id = rows.first_id + len(rows.meetings)
    created_at = min(now, slot.starts_at) - timedelta(minutes=rng.randint(30, 60 * 24 * 6))
    rows.meetings.append(
        _meeting_row(edition, meeting_id, host, state, slot, table_id if has_time else None, created_at, now, rng)
    )
    came_at = slot.starts_at + timedelta(minutes=2) if state is MeetingState.HELD else None
    joined = ParticipantState.JOINED if has_time else ParticipantState.INVITED
    for side, attendee_id, member_id, is_initiator in (
        (Side.GUEST, guest, None, True),
        (Side.HOST, None if host.member_id else host.attendee_id, host.member_id, False),
    ):
        rows.participants.append(
            {"meeting_id": meeting_id, "side": side.value, "attendee_id": attendee_id, "member_id": member_id,
             "state": (ParticipantState.JOINED if is_initiator else joined).value, "is_initiator": is_initiator,
             "checked_in_at": came_at,
             "rating": rng.randint(3, 5) if came_at and rng.random() < 0.5 else None,  # noqa: PLR2004
             "reminded_of": None}
        )  # fmt: skip
    if state in UNANSWERED:
        moments = {slot.starts_at, rng.choice(fitting).starts_at}
        rows.proposals += [{"meeting_id": meeting_id, "starts_at": each} for each in sorted(moments)]
    if state is MeetingState.SCHEDULED:
        _hold(rows, meeting_id, taken, slot)
    if has_time:
        rows.busy.update(taken)


def _hold(rows: _Rows, meeting_id: int, taken: Sequence[tuple[str, int, datetime]], slot: Slot) -> None:
    for kind, resource_id, _starts_at in taken:
        buffer = timedelta() if kind == HoldKind.TABLE else timedelta(minutes=SettingsRequest().buffer_minutes)
        rows.holds += [
            {"kind": kind, "resource_id": resource_id, "slot_at": step, "meeting_id": meeting_id}
            for step in steps_between(slot.starts_at, slot.ends_at + buffer)
        ]


def _meeting_row(
    edition: EditionFacts,
    meeting_id: int,
    host: _Host,
    state: MeetingState,
    slot: Slot,
    table_id: int | None,
    created_at: datetime,
    now: datetime,
    rng: Random,
) -> dict[str, Any]:
    has_time, code = state in WITH_TIME, make_code(CODE_LENGTH, rng.choice)
    awaited = {MeetingState.REQUESTED: Side.HOST.value, MeetingState.COUNTERED: Side.GUEST.value}.get(state, "")
    place = PlaceKind.TABLE if table_id else PlaceKind.BOOTH
    return {
        "id": meeting_id,
        "edition_id": edition.id,
        "code": code,
        "exhibitor_id": host.exhibitor_id,
        "company_name": host.company,
        "state": state.value,
        "initiator": Side.GUEST.value,
        "awaited": awaited,
        "message": rng.choice(MESSAGES),
        "reason": rng.choice(REASONS[state]) if state in REASONS else "",
        "place": place.value if has_time else "",
        "table_id": table_id,
        "link": "",
        "is_virtual": False,
        "starts_at": slot.starts_at if has_time else None,
        "ends_at": slot.ends_at if has_time else None,
        "request_key": f"demo-{code}",
        "version": 1,
        "sequence": 0,
        "created_at": created_at,
        "changed_at": min(now, created_at + timedelta(minutes=20)),
        "expires_at": now + timedelta(hours=rng.randint(2, 40)) if awaited else None,
    }
