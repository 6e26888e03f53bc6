"""Attendance of a day as a tree: site, zones, checkpoints, devices; with the people on site now."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Device
from expo.checkin.queries.arrivals import QuarterCount, list_quarter_counts
from expo.checkin.queries.attendance import DayAttendance, DeviceAttendance, get_attendance, list_attendance_by_day
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.control_room import estimate_occupancy, read_control_facts
from expo.checkin.queries.zones import list_zones
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.pure.occupancy import Bounds


@dataclass(frozen=True)
class Line:
    """One line of the tree. `level`: site, zone, checkpoint or device. `bounds`: on site now, on the current day."""

    level: str
    name: dict[str, str]
    people: int
    entries: int
    exits: int
    refused: int
    bounds: Bounds | None = None


@dataclass(frozen=True)
class AttendanceReport:
    """The attendance of a day, its entries per quarter of an hour by checkpoint, and all days by checkpoint."""

    day: date
    days: list[date]
    lines: list[Line]
    quarters: list[tuple[datetime, dict[str, int]]]
    by_day: list[DayAttendance]


def get_attendance_report(
    actor: Actor, edition: EditionFacts, now: datetime, day: date | None = None
) -> AttendanceReport:
    """Return the attendance of a day, or of the current one."""
    require(actor, Permission.REPORTS_READ, edition.id)
    facts = read_control_facts(edition, now)
    calendar = edition.door_calendar
    today = min(max(facts.day, edition.starts_on), edition.ends_on)
    day = day if day in edition.days else today
    site, bounds = estimate_occupancy(edition, facts) if day == facts.day else (None, {})
    return AttendanceReport(
        day=day,
        days=list(edition.days),
        lines=_lines(edition, day, site, bounds),
        quarters=_quarters(
            edition.id,
            facts.counts
            if day == facts.day
            else list_quarter_counts(edition.id, calendar.begins_at(day), calendar.ends_at(day)),
        ),
        by_day=list_attendance_by_day(edition.id, calendar, edition.days),
    )


def _lines(edition: EditionFacts, day: date, site: Bounds | None, bounds: dict[str, Bounds]) -> list[Line]:
    calendar = edition.door_calendar
    found = get_attendance(edition.id, calendar.begins_at(day), calendar.ends_at(day))
    devices = db.session.execute(select(Device.id, Device.name).where(Device.edition_id == edition.id))
    names = {row.id: row.name for row in devices}
    doors = list_checkpoints(edition.id)
    lines = [_sum("site", {}, found.people, found.devices, site)]
    for zone in list_zones(edition.id):
        own = [door for door in doors if door.zone_id == zone.id]
        ids = {door.id for door in own}
        of_zone = [each for each in found.devices if each.checkpoint_id in ids]
        lines.append(_sum("zone", zone.name, found.people_by_zone.get(zone.id, 0), of_zone, bounds.get(zone.code)))
        for door in own:
            of_door = [each for each in of_zone if each.checkpoint_id == door.id]
            lines.append(_sum("checkpoint", door.name, found.people_by_checkpoint.get(door.id, 0), of_door))
            lines += [
                _sum("device", {"en": names[each.device_id]}, each.people, [each])
                for each in of_door
                if each.device_id in names
            ]
    return lines


def _sum(
    level: str, name: dict[str, str], people: int, devices: list[DeviceAttendance], bounds: Bounds | None = None
) -> Line:
    return Line(
        level=level,
        name=name,
        people=people,
        entries=sum(each.entries for each in devices),
        exits=sum(each.exits for each in devices),
        refused=sum(each.refused for each in devices),
        bounds=bounds,
    )


def _quarters(edition_id: int, counts: list[QuarterCount]) -> list[tuple[datetime, dict[str, int]]]:
    """Return the entries per quarter of an hour, by checkpoint code; those without entries are omitted."""
    codes = {each.id: each.code for each in list_checkpoints(edition_id)}
    found: dict[datetime, dict[str, int]] = {}
    for each in counts:
        if each.people:
            row = found.setdefault(each.quarter, {})
            code = codes[each.checkpoint_id]
            row[code] = row.get(code, 0) + each.people
    return sorted(found.items())
