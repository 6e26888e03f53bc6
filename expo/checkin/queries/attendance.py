"""People and entries of one day: per device, checkpoint, zone and on the whole site; and per day and checkpoint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

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
    """Attendance in a period. People are counted once per row of each level, so levels do not add up.

    Groups count with all their members: people, entries and exits are not numbers of badges.
    """

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
    of_badges = (
        select(
            Scan.checkpoint_id,
            Scan.device_id,
            func.max(Scan.party).filter(*entered).label("people"),
            func.sum(Scan.party).filter(*entered).label("entries"),
            func.sum(Scan.party).filter(*is_admitted(Direction.EXIT)).label("exits"),
            func.count().filter(Scan.verdict == Verdict.REFUSED.value).label("refused"),
        )
        .where(*scanned)
        .group_by(Scan.checkpoint_id, Scan.device_id, Scan.attendee_id)
        .subquery()
    )
    sums = (_total(of_badges.c[name]) for name in ("people", "entries", "exits", "refused"))
    devices = db.session.execute(
        select(of_badges.c.checkpoint_id, of_badges.c.device_id, *sums)
        .group_by(of_badges.c.checkpoint_id, of_badges.c.device_id)
        .order_by(of_badges.c.checkpoint_id, of_badges.c.device_id)
    )
    admitted = (*scanned, *entered, Checkpoint.id == Scan.checkpoint_id)
    site = select(func.max(Scan.party).label("people")).where(*scanned, *entered).group_by(Scan.attendee_id).subquery()
    return Attendance(
        devices=[DeviceAttendance(row[0] or 0, *row[1:]) for row in devices],
        people_by_checkpoint=_count_people(Checkpoint.id, *admitted),
        people_by_zone=_count_people(Checkpoint.zone_id, *admitted),
        people=db.session.scalar(select(func.sum(site.c.people))) or 0,
    )


def _total(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return SQL for the sum of a column as a whole number; PostgreSQL adds sums to a decimal one."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def _count_people(place: InstrumentedAttribute[int], *conditions: ColumnElement[bool]) -> dict[int, int]:
    """Return how many people were scanned at each place. A badge counts once, with as many people as it admits."""
    badges = (
        select(place.label("place"), func.max(Scan.party).label("people"))
        .where(*conditions)
        .group_by(place, Scan.attendee_id)
        .subquery()
    )
    rows = db.session.execute(select(badges.c.place, func.sum(badges.c.people)).group_by(badges.c.place))
    return {row.place: row[1] for row in rows}


def list_attendance_by_day(edition_id: int, calendar: DoorCalendar, days: Sequence[date]) -> list[DayAttendance]:
    """Return the entries per day and checkpoint, in order; days begin and end as they do at the doors."""
    if not days:
        return []
    number = case(*((Scan.scanned_at < calendar.ends_at(day), place) for place, day in enumerate(days))).label("day")
    badges = (
        select(
            number,
            Scan.checkpoint_id,
            func.max(Scan.party).label("people"),
            func.sum(Scan.party).label("entries"),
        )
        .where(
            *scanned_between(edition_id, calendar.begins_at(days[0]), calendar.ends_at(days[-1])),
            *is_admitted(Direction.ENTRY),
        )
        .group_by(number, Scan.checkpoint_id, Scan.attendee_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            badges.c.day,
            Checkpoint.code,
            Checkpoint.name,
            Zone.code,
            _total(badges.c.people),
            _total(badges.c.entries),
        )
        .join(Checkpoint, Checkpoint.id == badges.c.checkpoint_id)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .group_by(badges.c.day, Checkpoint.id, Zone.id)
        .order_by(badges.c.day, Checkpoint.position, Checkpoint.id)
    )
    return [DayAttendance(days[row[0]], *row[1:]) for row in rows]
