"""Alarms of the control room, and what it assumes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from expo.accounts.models import Person
from expo.checkin.models import Alarm, ControlRoom
from expo.checkin.queries.arrivals import QuarterCount
from expo.checkin.queries.checkpoints import CheckpointRow
from expo.checkin.queries.occupancy import ScannerRow
from expo.checkin.queries.zones import ZoneRow
from expo.checkin.rules.alarms import AlarmKind, Curve
from expo.infra.db import db
from expo.pure.thresholds import HOUR, fullness, is_queue_old, is_silent, level_reached

# How long a cleared alarm stays on the list.
SHOWN_AFTER_CLEARING = timedelta(hours=12)


@dataclass(frozen=True)
class ControlRoomRow:
    """The assumptions of a control room, with the values of an edition that has not changed them."""

    silent_minutes: int = 10
    queue_minutes: int = 10
    sends_emails: bool = False
    show_percent: int = 70
    scan_seconds: int = 6
    wait_minutes: int = 3
    wait_percent: int = 90
    curve: Curve = Curve.AUTOMATIC


@dataclass(frozen=True)
class AlarmState:
    """What an alarm says: the name of its subject, and the percentage or the minutes."""

    name: dict[str, str]
    value: int


@dataclass(frozen=True)
class AlarmRow:
    """An alarm as listed. `acknowledged_by` is the name of the person who deals with it."""

    id: int
    kind: AlarmKind
    subject_id: int
    name: dict[str, str]
    value: int
    raised_at: datetime
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


def get_control_room(edition_id: int) -> ControlRoomRow:
    """Return the assumptions of an edition."""
    found = db.session.scalars(select(ControlRoom).where(ControlRoom.edition_id == edition_id)).one_or_none()
    if found is None:
        return ControlRoomRow()
    return ControlRoomRow(
        silent_minutes=found.silent_minutes,
        queue_minutes=found.queue_minutes,
        sends_emails=found.sends_emails,
        show_percent=found.show_percent,
        scan_seconds=found.scan_seconds,
        wait_minutes=found.wait_minutes,
        wait_percent=found.wait_percent,
        curve=Curve(found.curve),
    )


def list_alarms(edition_id: int, now: datetime, limit: int = 30) -> list[AlarmRow]:
    """Return the open alarms, those that nobody has acknowledged first, then the recently cleared ones."""
    rows = db.session.execute(
        select(
            Alarm.id,
            Alarm.kind,
            Alarm.subject_id,
            Alarm.name,
            Alarm.value,
            Alarm.raised_at,
            Alarm.cleared_at,
            Alarm.acknowledged_at,
            Person.name,
            Person.email,
        )
        .outerjoin(Person, Person.id == Alarm.acknowledged_by)
        .where(
            Alarm.edition_id == edition_id,
            or_(Alarm.cleared_at.is_(None), Alarm.cleared_at > now - SHOWN_AFTER_CLEARING),
        )
        .order_by(
            Alarm.cleared_at.is_not(None), Alarm.acknowledged_at.is_not(None), Alarm.raised_at.desc(), Alarm.id.desc()
        )
        .limit(limit)
    )
    return [AlarmRow(row[0], AlarmKind(row[1]), *row[2:8], acknowledged_by=row[8] or row[9]) for row in rows]


def list_open_alarms(edition_id: int) -> dict[tuple[AlarmKind, int], datetime]:
    """Return the open alarms of an edition by kind and subject, with the moment they were raised."""
    rows = db.session.execute(
        select(Alarm.kind, Alarm.subject_id, Alarm.raised_at).where(
            Alarm.edition_id == edition_id, Alarm.cleared_at.is_(None)
        )
    )
    return {(AlarmKind(kind), subject_id): raised_at for kind, subject_id, raised_at in rows}


def evaluate_zone(zone: ZoneRow, people: int, opened: Mapping[tuple[AlarmKind, int], datetime]) -> AlarmKind | None:
    """Return the alarm of a zone with this many people; one that is open ends only a little below its threshold."""
    thresholds = ((zone.warning_percent, AlarmKind.ZONE_FILLING), (zone.alarm_percent, AlarmKind.ZONE_FULL))
    levels = [(percent, kind) for percent, kind in thresholds if percent is not None]
    if not zone.capacity:
        return None
    before = max((number for number, (_percent, kind) in enumerate(levels, 1) if (kind, zone.id) in opened), default=0)
    level = level_reached(fullness(people, zone.capacity), [percent for percent, _kind in levels], before)
    return levels[level - 1][1] if level else None


def evaluate_zones(
    zones: Sequence[ZoneRow], inside: Mapping[str, int], opened: Mapping[tuple[AlarmKind, int], datetime]
) -> dict[tuple[AlarmKind, int], AlarmState]:
    """Return the alarms of zones that are filling or full."""
    return {
        (kind, zone.id): AlarmState(zone.name, int(fullness(inside.get(zone.code, 0), zone.capacity or 0)))
        for zone in zones
        if (kind := evaluate_zone(zone, inside.get(zone.code, 0), opened)) is not None
    }


def evaluate_gates(
    checkpoints: Sequence[CheckpointRow], counts: Sequence[QuarterCount], now: datetime, silence: timedelta
) -> dict[tuple[AlarmKind, int], AlarmState]:
    """Return the alarms of open checkpoints that were in use today and are silent while others scan."""
    last: dict[int, datetime] = {}
    for count in counts:
        last[count.checkpoint_id] = max(count.last_at, last.get(count.checkpoint_id, count.last_at))
    gates = [each for each in checkpoints if each.id in last and _is_open_at(each, now)]
    others = [last[each.id] for each in gates]
    return {
        (AlarmKind.GATE_SILENT, gate.id): AlarmState(gate.name, int((now - at).total_seconds() // 60))
        for gate, at in zip(gates, others, strict=True)
        if is_silent(at, _scans_before(gate.id, counts, at), others, now, silence)
    }


def _scans_before(checkpoint_id: int, counts: Sequence[QuarterCount], last_at: datetime) -> int:
    """Return the scans in the hour before the last one, by the quarters that began in it."""
    return sum(each.scans for each in counts if each.checkpoint_id == checkpoint_id and each.quarter > last_at - HOUR)


def evaluate_queues(
    scanners: Sequence[ScannerRow], now: datetime, limit: timedelta
) -> dict[tuple[AlarmKind, int], AlarmState]:
    """Return the alarms of devices that have held scans for too long."""
    return {
        (AlarmKind.QUEUE_OLD, each.id): AlarmState(
            {"en": each.name}, int((now - each.oldest_queued_at).total_seconds() // 60)
        )
        for each in scanners
        if each.oldest_queued_at is not None and each.queued and is_queue_old(each.oldest_queued_at, now, limit)
    }


def _is_open_at(door: CheckpointRow, now: datetime) -> bool:
    is_early = door.opens_at is not None and now < door.opens_at
    return door.is_open and not is_early and (door.closes_at is None or now < door.closes_at)
