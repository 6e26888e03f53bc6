"""The demo's zones and checkpoints, and their first day.

The day is simulated in chronological order, so that counters, presence and refusals are consistent.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from sqlalchemy import func, select

from expo.checkin.models import Checkpoint, CheckpointTicketType, Presence, Scan, Zone
from expo.checkin.rules import Direction, Reason, Verdict
from expo.demo.arrivals import draw_arrivals
from expo.demo.orders import DemoAttendee
from expo.demo.outage import DemoDevices, make_devices, simulate_outage
from expo.demo.rows import first_free_id, insert_all
from expo.demo.venue import CONFERENCE
from expo.editions.models import Hall, Room
from expo.editions.queries import EditionFacts
from expo.editions.services import increment_content_version
from expo.infra.db import db
from expo.program.models import Session
from expo.registration.rules import AttendeeState

CAME_SHARE = 0.6
STAY_SHARE = 0.08  # leave without being scanned
LOUNGE_SHARE, LOUNGE_CAPACITY_SHARE = 0.7, 0.45
TALK_SHARE = 0.22
STRAY_SHARE = 0.004  # try a lounge that they have no access to
CLOSING = timedelta(hours=18)
# The first day stops here, with people inside: the demo's day never ends.
STOPS = timedelta(hours=14, minutes=40)
SITE_CAPACITY_SHARE, HALL_CAPACITY_SHARE = 0.45, 0.05
GATES = {"north": 0.45, "south": 0.35, "east": 0.2}
GATE_NAMES = {
    "north": {"en": "North gate", "zh": "北门", "ar": "البوابة الشمالية"},
    "south": {"en": "South gate", "zh": "南门", "ar": "البوابة الجنوبية"},
    "east": {"en": "East gate", "zh": "东门", "ar": "البوابة الشرقية"},
}
LOUNGE_NAME = {"en": "VIP lounge", "zh": "贵宾休息室", "ar": "صالة كبار الزوار"}
LOUNGE_TYPES = ("vip", "speaker", "crew")
ROOM_DOORS = 3
SITE_NAME = {"en": "Expo site", "zh": "展会现场", "ar": "موقع المعرض"}
# Entering one hall leaves the others, so nobody is scanned on the way out of a hall.
HALLS = "halls"
HALL_SHARE, MAX_HALLS = 0.25, 3


@dataclass(frozen=True)
class Door:
    """A checkpoint of the demo and its zone."""

    id: int
    code: str
    zone_id: int
    capacity: int | None = None
    group: str | None = None
    types: frozenset[str] | None = None


@dataclass
class Day:
    """The state of the simulated day."""

    edition: EditionFacts
    steward_id: int
    badges: dict[int, int]
    rng: Random
    groups: dict[str, list[int]]
    devices: DemoDevices
    scans: list[dict[str, Any]] = field(default_factory=list)
    presences: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    inside: dict[int, int] = field(default_factory=dict)

    def scan(self, door: Door, attendee: DemoAttendee | None, direction: Direction, at: datetime) -> bool:
        """Record a scan, and return whether the person passes. Without an attendee it is a foreign code."""
        reason, entered_at = self._judge(door, attendee, direction)
        first = self.presences[door.zone_id, attendee.id] if entered_at and attendee else None
        row = {
            "edition_id": self.edition.id,
            "scan_id": str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
            "checkpoint_id": door.id,
            "attendee_id": attendee.id if attendee else None,
            "badge_id": self.badges.get(attendee.id) if attendee else None,
            "direction": direction.value,
            "verdict": (Verdict.REFUSED if reason else Verdict.ADMITTED).value,
            "reason": reason.value if reason else None,
            "forced": False,
            "decided": "server",
            "disagrees": None,
            "party": 1,
            "device_id": self._device_at(door),
            "device_time": None,
            "skew_ms": None,
            "attendee_state": attendee.state.value if attendee else None,
            "first_entered_at": entered_at,
            "first_checkpoint_id": first["checkpoint_id"] if first else None,
            "scanned_at": at,
            "received_at": at + timedelta(milliseconds=self.rng.randint(60, 900)),
            "actor_kind": "person",
            "actor_id": self.steward_id,
        }
        self.scans.append(row)
        if reason is None and attendee is not None:
            self._pass(door, attendee, direction, row)
        return reason is None

    def _device_at(self, door: Door) -> int | None:
        """Return the devices of the checkpoint in turn."""
        ids = self.devices.at.get(door.id, [])
        return ids[len(self.scans) % len(ids)] if ids else None

    def is_inside(self, door: Door, attendee: DemoAttendee) -> bool:
        """Return whether the attendee is inside the checkpoint's zone now."""
        presence = self.presences.get((door.zone_id, attendee.id))
        return presence is not None and presence["is_inside"]

    def _judge(
        self, door: Door, attendee: DemoAttendee | None, direction: Direction
    ) -> tuple[Reason | None, datetime | None]:
        if attendee is None:
            return Reason.UNKNOWN_TOKEN, None
        if direction is Direction.EXIT:
            return (None if self.is_inside(door, attendee) else Reason.NOT_INSIDE), None
        reason = _judge_ticket(door, attendee)
        if reason is None and self.is_inside(door, attendee):
            return Reason.ALREADY_ADMITTED, self.presences[door.zone_id, attendee.id]["entered_at"]
        if reason is None and door.capacity is not None and self.inside.get(door.zone_id, 0) >= door.capacity:
            reason = Reason.ZONE_FULL
        return reason, None

    def _pass(self, door: Door, attendee: DemoAttendee, direction: Direction, row: dict[str, Any]) -> None:
        key, at = (door.zone_id, attendee.id), row["scanned_at"]
        if direction is Direction.EXIT:
            self.presences[key].update(is_inside=False, left_at=at, as_of=at)
            self.inside[door.zone_id] -= 1
            return
        self.inside[door.zone_id] = self.inside.get(door.zone_id, 0) + 1
        if door.group is not None:
            self._leave_group(door, attendee, at)
        before = self.presences.get(key)
        entries = before["entries"] + 1 if before else 1
        self.presences[key] = {
            "zone_id": door.zone_id,
            "attendee_id": attendee.id,
            "is_inside": True,
            "entries": entries,
            "first_scan_id": before["first_scan_id"] if before else row["scan_id"],
            "day": self.edition.starts_on,
            "entries_today": entries,
            "entered_at": at,
            "checkpoint_id": door.id,
            "left_at": None,
            "as_of": at,
        }

    def _leave_group(self, door: Door, attendee: DemoAttendee, at: datetime) -> None:
        for zone_id in self.groups[door.group or ""]:
            presence = self.presences.get((zone_id, attendee.id))
            if zone_id != door.zone_id and presence is not None and presence["is_inside"]:
                presence.update(is_inside=False, left_at=at, as_of=at)
                self.inside[zone_id] -= 1


def _judge_ticket(door: Door, attendee: DemoAttendee) -> Reason | None:
    if not attendee.is_paid:
        return Reason.UNPAID
    if attendee.state is not AttendeeState.CONFIRMED:
        return Reason.NOT_APPROVED
    if door.types is not None and attendee.offer.code not in door.types:
        return Reason.WRONG_TICKET_TYPE
    return None


# Time, tiebreaker, checkpoint, attendee, direction.
Step = tuple[datetime, int, Door, DemoAttendee | None, Direction]


def load_doors(
    edition: EditionFacts,
    ticket_types: dict[str, int],
    attendees: Sequence[DemoAttendee],
    badges: dict[int, int],
    steward_id: int,
    now: datetime,
    rng: Random,
) -> int:
    """Insert the checkpoints and the first day's scans up to now; return the number of scans."""
    doors = _make_doors(edition, ticket_types, attendees)
    groups = {HALLS: [door.zone_id for door in doors if door.group == HALLS]}
    midnight = datetime.combine(edition.starts_on, time(), edition.zone)
    until = min(now, midnight + STOPS)
    by_code = {door.code: door.id for door in doors}
    gates = [(by_code[code], name["en"]) for code, name in GATE_NAMES.items()]
    devices = make_devices(edition, gates, until, Random(f"devices {edition.id}"))
    day = Day(edition, steward_id, badges, rng, groups, devices)
    steps = list(_plan_steps(edition, doors, attendees, rng))
    heapify(steps)
    number = len(steps)
    while steps:
        at, _, door, attendee, direction = heappop(steps)
        if at >= until:
            break
        if attendee and door.code not in GATES and not day.is_inside(doors[0], attendee):
            continue  # they have left the site
        let_in = day.scan(door, attendee, direction, at)
        is_scanned_out = door.group is None and rng.random() >= STAY_SHARE
        if let_in and attendee and direction is Direction.ENTRY and is_scanned_out:
            closing = midnight + CLOSING + timedelta(seconds=rng.randrange(1800))
            leaves = max(at, min(closing, at + _draw_stay(door, rng)))
            heappush(steps, (leaves, number, door, attendee, Direction.EXIT))
            number += 1
    simulate_outage(day.scans, devices, midnight, until, Random(f"outage {edition.id}"))
    insert_all(Scan, day.scans)
    insert_all(Presence, list(day.presences.values()))
    for door in doors:
        if door.capacity is not None:
            zone = db.session.get_one(Zone, door.zone_id)
            zone.inside = day.inside.get(door.zone_id, 0)
    increment_content_version(edition.id, now)
    return len(day.scans)


def _draw_stay(door: Door, rng: Random) -> timedelta:
    longest = 480 if door.code in GATES else 95
    return timedelta(seconds=rng.randint(20 * 60, longest * 60))


def _plan_steps(
    edition: EditionFacts, doors: Sequence[Door], attendees: Sequence[DemoAttendee], rng: Random
) -> Iterator[Step]:
    """Return who comes to which checkpoint and when."""
    gates = {door.code: door for door in doors if door.code in GATES}
    lounge = next(door for door in doors if door.types is not None)
    halls = [door for door in doors if door.group == HALLS]
    rooms = [door for door in doors if door.code not in gates and door is not lounge and door not in halls]
    welcome = [each for each in attendees if each.state is AttendeeState.CONFIRMED and each.is_paid]
    unpaid = [each for each in attendees if each.state is AttendeeState.CONFIRMED and not each.is_paid]
    waiting = [each for each in attendees if each.state is AttendeeState.AWAITING_APPROVAL]
    rng.shuffle(welcome)
    midnight = datetime.combine(edition.starts_on, time(), edition.zone)
    reasons = {"unpaid": unpaid, "not_approved": waiting, "unknown_token": []}
    arrivals = draw_arrivals(
        int(len(welcome) * CAME_SHARE),
        midnight,
        rng,
        checkpoints=GATES,
        refusals={"unpaid": 3, "not_approved": 1, "unknown_token": 1},
    )
    number = 0
    for arrival in arrivals:
        gate, person = gates[arrival.checkpoint], welcome[arrival.person]
        if person.order["created_at"] >= arrival.at:  # registered at the desk later that day
            continue
        if arrival.kind == "refused":
            others = [each for each in reasons[arrival.reason or ""] if each.order["created_at"] < arrival.at]
            yield arrival.at, number, gate, rng.choice(others) if others else None, Direction.ENTRY
        else:
            yield arrival.at, number, gate, person, Direction.ENTRY
        number += 1
        if arrival.kind != "admitted":
            continue
        later = arrival.at + timedelta(seconds=rng.randint(600, 3 * 3600))
        is_guest = person.offer.code in LOUNGE_TYPES
        if later < midnight + CLOSING and rng.random() < (LOUNGE_SHARE if is_guest else STRAY_SHARE):
            yield later, number, lounge, person, Direction.ENTRY
            number += 1
        later = arrival.at + timedelta(seconds=rng.randint(900, 5 * 3600))
        if rooms and later < midnight + CLOSING and rng.random() < TALK_SHARE:
            yield later, number, rng.choice(rooms), person, Direction.ENTRY
            number += 1
        if halls and rng.random() < HALL_SHARE:
            for hall in rng.sample(halls, min(len(halls), rng.randint(1, MAX_HALLS))):
                later = arrival.at + timedelta(seconds=rng.randint(300, 5 * 3600))
                if later < midnight + CLOSING:
                    yield later, number, hall, person, Direction.ENTRY
                    number += 1


def _make_doors(edition: EditionFacts, ticket_types: dict[str, int], attendees: Sequence[DemoAttendee]) -> list[Door]:
    """Insert the site with three gates, its halls, a small lounge, and the doors of the three fullest rooms."""
    halls = db.session.scalars(select(Hall).where(Hall.edition_id == edition.id).order_by(Hall.position, Hall.id)).all()
    conference = next(hall for hall in halls if hall.code == CONFERENCE)
    exhibition = [hall for hall in halls if hall is not conference] or [conference]
    rooms = db.session.scalars(
        select(Room)
        .join(Session, Session.room_id == Room.id)
        .where(Room.edition_id == edition.id, Session.day == edition.starts_on)
        .group_by(Room.id)
        .order_by(func.max(Room.capacity).desc(), Room.id)
        .limit(ROOM_DOORS)
    ).all()
    guests = sum(1 for each in attendees if each.offer.code in LOUNGE_TYPES)
    capacity = max(3, int(guests * CAME_SHARE * LOUNGE_CAPACITY_SHARE * 0.5))
    hall_capacity = max(20, int(len(attendees) * HALL_CAPACITY_SHARE))
    zones = [
        _zone(edition.id, "site", SITE_NAME, capacity=max(50, int(len(attendees) * SITE_CAPACITY_SHARE))),
        _zone(edition.id, "vip-lounge", LOUNGE_NAME, capacity=capacity),
        *(
            _zone(edition.id, f"hall-{hall.code}"[:32], hall.name, capacity=hall_capacity, exclusive_group=HALLS)
            for hall in exhibition
        ),
        *(_zone(edition.id, f"room-{room.slug}"[:32], room.name, capacity=room.capacity) for room in rooms),
    ]
    _number(zones, first_free_id(Zone))
    insert_all(Zone, zones)
    site, lounge, *others = (zone["id"] for zone in zones)
    places: list[dict[str, Any]] = [{"hall_id": hall.id} for hall in exhibition] + [
        {"room_id": room.id} for room in rooms
    ]
    rows = [
        *(
            _checkpoint(edition.id, site, code, name, hall_id=exhibition[position % len(exhibition)].id)
            for position, (code, name) in enumerate(GATE_NAMES.items())
        ),
        _checkpoint(edition.id, lounge, "vip-lounge", LOUNGE_NAME, hall_id=conference.id, is_restricted=True),
        *(
            _checkpoint(edition.id, zone_id, zone["code"], zone["name"], **place)
            for zone_id, zone, place in zip(others, zones[2:], places, strict=True)
        ),
    ]
    _number(rows, first_free_id(Checkpoint))
    insert_all(Checkpoint, rows)
    lounge_door = next(row["id"] for row in rows if row["is_restricted"])
    insert_all(
        CheckpointTicketType,
        [{"checkpoint_id": lounge_door, "ticket_type_id": ticket_types[code]} for code in LOUNGE_TYPES],
    )
    by_id = {zone["id"]: zone for zone in zones}
    return [_door(row, by_id[row["zone_id"]]) for row in rows]


def _door(row: dict[str, Any], zone: dict[str, Any]) -> Door:
    types = frozenset(LOUNGE_TYPES) if row["is_restricted"] else None
    return Door(row["id"], row["code"], zone["id"], zone["capacity"], zone["exclusive_group"], types)


def _number(rows: list[dict[str, Any]], first_id: int) -> None:
    for position, row in enumerate(rows):
        row.update(id=first_id + position, position=position)


def _zone(edition_id: int, code: str, name: dict[str, str], **values: Any) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "code": code,
        "name": name,
        "capacity": None,
        "inside": 0,
        "exclusive_group": None,
        "anti_passback": True,
        "warning_percent": 80,
        "alarm_percent": 95,
        **values,
    }


def _checkpoint(edition_id: int, zone_id: int, code: str, name: dict[str, str], **values: Any) -> dict[str, Any]:
    return {
        "edition_id": edition_id,
        "zone_id": zone_id,
        "code": code,
        "name": name,
        "hall_id": None,
        "room_id": None,
        "is_open": True,
        "is_restricted": False,
        "opens_at": None,
        "closes_at": None,
        **values,
    }
