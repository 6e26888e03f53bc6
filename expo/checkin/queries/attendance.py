"""People and entries of one day: per device, checkpoint, zone and on the whole site; and per day and checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from expo.checkin.models import Checkpoint, Scan, Zone
from expo.checkin.queries.arrivals import is_admitted, scanned_between
from expo.checkin.rules import Direction, Verdict
from expo.infra.db import db
from expo.pure.door_days import DoorCalendar


@dataclass(frozen=True)
class DeviceAttendance:
    """What one device did at one checkpoint; `device_id` is None for scans without a device."""

    checkpoint_id: int
    device_id: int | None
    people: int
    entries: int
    exits: int
    refused: int


@dataclass(frozen=True)
class Attendance:
    """Attendance in a period. People are counted once per row of each level, so levels do not add up."""

    devices: list[DeviceAttendance]
    people_by_checkpoint: dict[int, int]
    people_by_zone: dict[int, int]
    people: int


@dataclass(frozen=True)
class DayAttendance:
    """The entries at one checkpoint on one day, and the people who made them."""

    day: date
    checkpoint_code: str
    checkpoint_name: dict[str, str]
    zone_code: str
    people: int
    entries: int


def get_attendance(edition_id: int, starts_at: datetime, ends_at: datetime) -> Attendance:
    """Return the attendance of a period, in four queries."""
    scanned = scanned_between(edition_id, starts_at, ends_at)
    entered = is_admitted(Direction.ENTRY)
    people: Any = func.count(Scan.attendee_id.distinct())
    devices = db.session.execute(
        select(
            Scan.checkpoint_id,
            Scan.device_id,
            people.filter(*entered),
            func.count().filter(*entered),
            func.count().filter(*is_admitted(Direction.EXIT)),
            func.count().filter(Scan.verdict == Verdict.REFUSED.value),
        )
        .where(*scanned)
        .group_by(Scan.checkpoint_id, Scan.device_id)
        .order_by(Scan.checkpoint_id, Scan.device_id)
    )
    by_checkpoint = select(Scan.checkpoint_id, people).where(*scanned, *entered).group_by(Scan.checkpoint_id)
    by_zone = (
        select(Checkpoint.zone_id, people)
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .where(*scanned, *entered)
        .group_by(Checkpoint.zone_id)
    )
    return Attendance(
        devices=[DeviceAttendance(row[0] or 0, *row[1:]) for row in devices],
        people_by_checkpoint={row[0] or 0: row[1] for row in db.session.execute(by_checkpoint)},
        people_by_zone={row[0]: row[1] for row in db.session.execute(by_zone)},
        people=db.session.scalar(select(people).where(*scanned, *entered)) or 0,
    )


def list_attendance_by_day(edition_id: int, calendar: DoorCalendar, days: Sequence[date]) -> list[DayAttendance]:
    """Return the entries per day and checkpoint, in order; days begin and end as they do at the doors."""
    if not days:
        return []
    number = case(*((Scan.scanned_at < calendar.ends_at(day), place) for place, day in enumerate(days))).label("day")
    rows = db.session.execute(
        select(
            number,
            Checkpoint.code,
            Checkpoint.name,
            Zone.code,
            func.count(Scan.attendee_id.distinct()),
            func.count(),
        )
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .where(
            *scanned_between(edition_id, calendar.begins_at(days[0]), calendar.ends_at(days[-1])),
            *is_admitted(Direction.ENTRY),
        )
        .group_by(number, Checkpoint.id, Zone.id)
        .order_by(number, Checkpoint.position, Checkpoint.id)
    )
    return [DayAttendance(days[row[0]], *row[1:]) for row in rows]
