"""The demo's doors, and what happened at them on the first day."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, insert, select, update

from expo.checkin.models import Checkpoint, CheckpointTicketType, Presence, Scan
from expo.demo.arrivals import DemoArrival, draw_arrivals
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.models import TicketType

CHUNK = 2000
CAME_SHARE = 0.6
LEFT_SHARE = 0.92
LOUNGE_CAPACITY = 180
GATES = {"north": 0.42, "south": 0.33, "east": 0.18, "vip": 0.07}
NAMES = {
    "north": {"en": "North gate", "zh": "北门", "ar": "البوابة الشمالية"},
    "south": {"en": "South gate", "zh": "南门", "ar": "البوابة الجنوبية"},
    "east": {"en": "East gate", "zh": "东门", "ar": "البوابة الشرقية"},
    "vip": {"en": "VIP lounge", "zh": "贵宾休息室", "ar": "صالة كبار الزوار"},
}
LOUNGE_TYPES = ("vip", "speaker", "crew")

# An attendee: id, code of the ticket type, state, whether the order is paid.
Comer = tuple[int, str, str, bool]


def load_doors(edition: EditionFacts, comers: Sequence[Comer], now: datetime, rng: Random) -> int:
    """Make the doors and the scans of the first day, and return how many scans there are."""
    doors = _make_doors(edition)
    begins = datetime.combine(edition.starts_on, datetime.min.time(), edition.zone)
    welcome = [each for each in comers if each[2] == "confirmed" and each[3]]
    unpaid = [each for each in comers if each[2] == "confirmed" and not each[3]]
    waiting = [each for each in comers if each[2] == "awaiting_approval"]
    rng.shuffle(welcome)
    count = int(len(welcome) * CAME_SHARE)
    scans: list[dict[str, Any]] = []
    inside: dict[tuple[int, int], dict[str, Any]] = {}
    for arrival in draw_arrivals(count, begins, rng, checkpoints=GATES):
        if arrival.at >= now:
            continue
        attendee_id, code, _, _ = welcome[arrival.person % len(welcome)]
        gate = arrival.checkpoint if arrival.checkpoint != "vip" or code in LOUNGE_TYPES else "north"
        scan = _scan(edition, doors[gate], attendee_id, arrival, rng)
        key = (doors[gate], attendee_id)
        if arrival.kind == "refused":
            _refuse(scan, arrival, unpaid, waiting, rng)
        elif key in inside:
            scan.update(verdict="refused", reason="already_admitted")
        elif arrival.kind == "again":
            continue
        else:
            inside[key] = _presence(key, scan)
        scans.append(scan)
    scans += _leave(edition, inside, now, rng)
    _insert(Scan, scans)
    _insert(Presence, list(inside.values()))
    still = sum(1 for (door, _), row in inside.items() if door == doors["vip"] and row["is_inside"])
    db.session.execute(update(Checkpoint).where(Checkpoint.id == doors["vip"]).values(inside=still))
    return len(scans)


def _make_doors(edition: EditionFacts) -> dict[str, int]:
    rows = [
        Checkpoint(
            edition_id=edition.id,
            code=code,
            name=name,
            position=position,
            is_restricted=code == "vip",
            capacity=LOUNGE_CAPACITY if code == "vip" else None,
        )
        for position, (code, name) in enumerate(NAMES.items())
    ]
    db.session.add_all(rows)
    db.session.flush()
    doors = {row.code: row.id for row in rows}
    types = db.session.scalars(
        select(TicketType.id).where(TicketType.edition_id == edition.id, TicketType.code.in_(LOUNGE_TYPES))
    )
    for ticket_type_id in types:
        db.session.add(CheckpointTicketType(checkpoint_id=doors["vip"], ticket_type_id=ticket_type_id))
    db.session.flush()
    return doors


def _scan(edition: EditionFacts, door: int, attendee_id: int, arrival: DemoArrival, rng: Random) -> dict[str, Any]:
    return {
        "edition_id": edition.id,
        "scan_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "checkpoint_id": door,
        "attendee_id": attendee_id,
        "badge_id": None,
        "direction": "entry",
        "verdict": "admitted",
        "reason": None,
        "forced": False,
        "scanned_at": arrival.at,
        "received_at": arrival.at + timedelta(milliseconds=rng.randint(60, 900)),
        "actor_kind": "person",
        "actor_id": None,
    }


def _refuse(
    scan: dict[str, Any], arrival: DemoArrival, unpaid: Sequence[Comer], waiting: Sequence[Comer], rng: Random
) -> None:
    """Turn a scan into a refusal of somebody whom its reason fits; what fits nobody is a code that is not ours."""
    fitting = {"unpaid": unpaid, "not_approved": waiting}.get(arrival.reason or "", ())
    if fitting:
        scan.update(verdict="refused", reason=arrival.reason, attendee_id=rng.choice(fitting)[0])
    else:
        scan.update(verdict="refused", reason="unknown_token", attendee_id=None)


def _presence(key: tuple[int, int], scan: dict[str, Any]) -> dict[str, Any]:
    door, attendee_id = key
    return {
        "checkpoint_id": door,
        "attendee_id": attendee_id,
        "is_inside": True,
        "entries": 1,
        "first_scan_id": scan["scan_id"],
        "entered_at": scan["scanned_at"],
        "left_at": None,
    }


def _leave(
    edition: EditionFacts, inside: dict[tuple[int, int], dict[str, Any]], now: datetime, rng: Random
) -> list[dict[str, Any]]:
    """Let most people go home in the afternoon."""
    closing = datetime.combine(edition.starts_on, datetime.min.time(), edition.zone) + timedelta(hours=18)
    scans = []
    for (door, attendee_id), presence in inside.items():
        left_at = min(closing, presence["entered_at"] + timedelta(minutes=rng.randint(60, 480)))
        if rng.random() > LEFT_SHARE or left_at >= now or left_at <= presence["entered_at"]:
            continue
        presence.update(is_inside=False, left_at=left_at)
        scan = _scan(edition, door, attendee_id, DemoArrival(left_at, 0, "", "admitted"), rng)
        scan["direction"] = "exit"
        scans.append(scan)
    return scans


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    table: Table = model.__table__
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(table), list(rows[start : start + CHUNK]))
