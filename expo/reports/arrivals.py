"""Arrivals of a day against the forecast, and the lanes that each entrance needs."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.alarms import ControlRoomRow, get_control_room
from expo.checkin.queries.arrivals import QUARTER_SECONDS
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.day_counts import count_day_arrivals
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.pure.door_days import DayRange
from expo.pure.forecast import QUARTERS_PER_DAY, forecast_day, scale_of
from expo.pure.queueing import lanes_needed
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState
from expo.reports.arrival_curves import ArrivalsCurve, choose_curve, midnight_of, sum_quarters
from expo.tickets.models import TicketType

MINUTES_PER_QUARTER = QUARTER_SECONDS / 60
# An entrance with fewer of the arrivals is not one where people arrive, such as the door of a room.
SMALLEST_GATE_SHARE = 0.02


@dataclass(frozen=True)
class Gate:
    """An entrance at which people arrive, and its share of the arrivals."""

    code: str
    name: dict[str, str]
    share: float


@dataclass(frozen=True)
class Quarter:
    """A quarter of an hour: forecast beforehand, expected now, counted (None if not begun), lanes by gate."""

    starts_at: datetime
    planned: float
    expected: float
    arrived: int | None
    is_over: bool
    lanes: tuple[int, ...]


@dataclass(frozen=True)
class ArrivalsReport:
    """The arrivals of a day. `planned` and `expected` are totals: before the day, and corrected by who has come."""

    day: date
    registered: int
    planned: int
    expected: int
    arrived: int
    # Arrivals that the plan expected by now.
    planned_by_now: int
    scale: float
    gates: list[Gate]
    quarters: list[Quarter]
    assumptions: ControlRoomRow
    curve: ArrivalsCurve

    @property
    def busiest(self) -> Quarter | None:
        """The quarter with the most arrivals, counted or expected."""
        return max(self.quarters, key=lambda each: each.expected, default=None)


def get_arrivals(actor: Actor, edition: EditionFacts, day: date, now: datetime) -> ArrivalsReport:
    """Return the arrivals of a day of the expo; each person arrives once a day, groups with all their members."""
    require(actor, Permission.REPORTS_READ, edition.id)
    calendar, assumptions = edition.door_calendar, get_control_room(edition.id)
    counted = count_day_arrivals(edition.id, calendar.begins_at(day), calendar.ends_at(day), now)
    midnight = midnight_of(edition, day)
    over = min(max(int((now - midnight).total_seconds()) // QUARTER_SECONDS, 0), QUARTERS_PER_DAY)
    by_quarter = sum_quarters(counted, midnight)
    arrived = [by_quarter[place] for place in range(over)]
    registered, badges = count_registered(edition.id, day)
    curve = choose_curve(edition, day, assumptions.curve)
    profile = curve.profile
    planned = registered * assumptions.show_percent / 100
    expected = forecast_day(planned, profile, arrived, registered)
    gates = _list_gates(edition.id, counted)
    quarters = [
        Quarter(
            starts_at=midnight + timedelta(seconds=place * QUARTER_SECONDS),
            planned=planned * profile[place],
            expected=max(expected[place], by_quarter[place]),
            arrived=by_quarter[place] if place <= over and now >= midnight else None,
            is_over=place < over,
            lanes=tuple(
                _lanes(max(expected[place], by_quarter[place]) * gate.share * badges / max(registered, 1), assumptions)
                for gate in gates
            ),
        )
        for place in range(QUARTERS_PER_DAY)
        if profile[place] > 0 or by_quarter[place]
    ]
    return ArrivalsReport(
        day=day,
        registered=registered,
        planned=round(planned),
        expected=round(sum(expected)),
        arrived=by_quarter.total(),
        planned_by_now=round(planned * sum(profile[:over])),
        scale=scale_of(planned, profile, arrived),
        gates=gates,
        quarters=quarters,
        assumptions=assumptions,
        curve=curve,
    )


def count_registered(edition_id: int, day: date) -> tuple[int, int]:
    """Return how many people have a confirmed ticket for a day, and how many badges: a group has one."""
    rows = db.session.execute(
        select(TicketType.valid_from, TicketType.valid_days, TicketType.party, func.count(Attendee.id))
        .join(Attendee, Attendee.ticket_type_id == TicketType.id)
        .where(Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED.value)
        .group_by(TicketType.valid_from, TicketType.valid_days, TicketType.party)
    )
    found = [(party * badges, badges) for first, days, party, badges in rows if DayRange.of(first, days).holds(day)]
    return sum(people for people, _ in found), sum(badges for _, badges in found)


def _lanes(badges: float, assumptions: ControlRoomRow) -> int:
    """Return the lanes needed for this many badges in a quarter of an hour."""
    return lanes_needed(
        badges / MINUTES_PER_QUARTER,
        assumptions.scan_seconds,
        assumptions.wait_minutes,
        assumptions.wait_percent / 100,
    )


def _list_gates(edition_id: int, counted: Counter[tuple[int, datetime]]) -> list[Gate]:
    """Return the entrances by their arrivals so far; before the first, equal shares of those that are not rooms."""
    people: Counter[int] = Counter()
    for (checkpoint_id, _quarter), number in counted.items():
        people[checkpoint_id] += number
    doors = list_checkpoints(edition_id)
    if not people:
        people = Counter({each.id: 1 for each in doors if each.room_id is None and each.ticket_type_ids is None})
    used = {door: number for door, number in people.items() if number >= SMALLEST_GATE_SHARE * people.total()}
    total = sum(used.values())
    return [Gate(each.code, each.name, used[each.id] / total) for each in doors if each.id in used]
