"""What devices decided without a network and the server sees differently: found when their scans arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from expo.checkin.models import Checkpoint, Device, Scan, Zone
from expo.checkin.queries.arrivals import is_admitted
from expo.checkin.rules import Direction, Reason, Verdict
from expo.infra.db import db
from expo.pure.door_days import DoorCalendar
from expo.registration.models import Attendee


@dataclass(frozen=True)
class ScanAtDoor:
    """One scan: where, when by which clock, and on which device. `skew_ms`: how far the device's clock was ahead.

    `hub_name`: the hub that judged it and sent it on, if it came through one.
    """

    id: int
    checkpoint_code: str
    checkpoint_name: dict[str, str]
    device_name: str | None
    scanned_at: datetime
    device_time: datetime | None
    skew_ms: int | None
    received_at: datetime
    hub_name: str | None = None


@dataclass(frozen=True)
class DoubleEntry:
    """Two admissions of one badge to one zone without an exit in between."""

    attendee_code: str
    attendee_name: str
    zone_code: str
    zone_name: dict[str, str]
    first: ScanAtDoor
    second: ScanAtDoor


@dataclass(frozen=True)
class Disagreement:
    """A scan that its device decided otherwise than the server would have, and the server's reason."""

    zone_code: str
    attendee_code: str | None
    attendee_name: str | None
    is_admitted: bool
    reason: Reason
    scan: ScanAtDoor


@dataclass(frozen=True)
class LateScan:
    """A scan that its device sent after it was revoked."""

    zone_code: str
    attendee_code: str | None
    attendee_name: str | None
    is_admitted: bool
    scan: ScanAtDoor


def list_double_entries(edition_id: int, calendar: DoorCalendar, zone: str | None = None) -> list[DoubleEntry]:
    """Return the badges that two devices admitted to one zone on one day, latest first; `zone` is a code.

    Only a decision without the network can be a second entry, so only badges with such a scan are looked at. Entering
    another zone of the same exclusive group counts as leaving, and a forced admission was meant.
    """
    offline = select(Scan.attendee_id).where(
        Scan.edition_id == edition_id, Scan.decided == "device", *is_admitted(Direction.ENTRY)
    )
    group = func.coalesce(Zone.exclusive_group, Zone.code)

    def before(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        """Return SQL for a column of the passage before, in the zone or its group."""
        return func.lag(column).over(partition_by=(Scan.attendee_id, group), order_by=(Scan.scanned_at, Scan.id))

    passages = (
        select(
            Scan.id,
            Scan.attendee_id,
            Scan.direction,
            Scan.forced,
            Zone.id.label("zone_id"),
            before(Scan.id).label("before"),
            before(Scan.direction).label("before_direction"),
            before(Zone.id).label("before_zone"),
            Scan.scanned_at,
        )
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .where(
            Scan.edition_id == edition_id,
            Scan.attendee_id.in_(offline),
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.undone_at.is_(None),
        )
        .subquery()
    )
    query = (
        select(passages.c.before, passages.c.id, Attendee.code, Attendee.name, Zone.code, Zone.name)
        .join(Attendee, Attendee.id == passages.c.attendee_id)
        .join(Zone, Zone.id == passages.c.zone_id)
        .where(
            passages.c.direction == Direction.ENTRY.value,
            passages.c.before_direction == Direction.ENTRY.value,
            passages.c.before_zone == passages.c.zone_id,
            passages.c.forced.is_(False),
            Zone.anti_passback,
        )
        .order_by(passages.c.scanned_at.desc(), passages.c.id.desc())
    )
    if zone is not None:
        query = query.where(Zone.code == zone)
    rows = db.session.execute(query).all()
    scans = _scans_by_id([each for row in rows for each in row[:2]])
    found = [DoubleEntry(row[2], row[3], row[4], row[5], scans[row[0]], scans[row[1]]) for row in rows]
    # People who are inside at the end of a day are checked out, without a scan.
    day_of = calendar.day_of
    return [each for each in found if day_of(each.first.scanned_at) == day_of(each.second.scanned_at)]


def list_disagreements(edition_id: int, reason: Reason | None = None, zone: str | None = None) -> list[Disagreement]:
    """Return the scans that the server would have decided differently, latest first."""
    query = (
        select(Scan.id, Zone.code, Attendee.code, Attendee.name, Scan.verdict, Scan.disagrees)
        .outerjoin(Attendee, Attendee.id == Scan.attendee_id)
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .where(Scan.edition_id == edition_id, Scan.disagrees.is_not(None))
        .order_by(Scan.scanned_at.desc(), Scan.id.desc())
    )
    if reason is not None:
        query = query.where(Scan.disagrees == reason.value)
    if zone is not None:
        query = query.where(Zone.code == zone)
    rows = db.session.execute(query).all()
    scans = _scans_by_id([row[0] for row in rows])
    return [
        Disagreement(
            zone_code=row[1],
            attendee_code=row[2],
            attendee_name=row[3],
            is_admitted=row[4] == Verdict.ADMITTED.value,
            reason=Reason(row[5] or ""),
            scan=scans[row[0]],
        )
        for row in rows
    ]


def list_late_scans(edition_id: int, zone: str | None = None) -> list[LateScan]:
    """Return the scans that revoked devices still had, latest first."""
    query = (
        select(Scan.id, Zone.code, Attendee.code, Attendee.name, Scan.verdict)
        .outerjoin(Attendee, Attendee.id == Scan.attendee_id)
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .where(Scan.edition_id == edition_id, Scan.is_after_revocation)
        .order_by(Scan.received_at.desc(), Scan.id.desc())
    )
    if zone is not None:
        query = query.where(Zone.code == zone)
    rows = db.session.execute(query).all()
    scans = _scans_by_id([row[0] for row in rows])
    return [LateScan(row[1], row[2], row[3], row[4] == Verdict.ADMITTED.value, scans[row[0]]) for row in rows]


def _scans_by_id(ids: Sequence[int]) -> dict[int, ScanAtDoor]:
    hub = aliased(Device)
    query = (
        select(
            Scan.id,
            Checkpoint.code,
            Checkpoint.name,
            Device.name,
            Scan.scanned_at,
            Scan.device_time,
            Scan.skew_ms,
            Scan.received_at,
            hub.name,
        )
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(hub, hub.id == Scan.hub_id)
    )
    found: dict[int, ScanAtDoor] = {}
    for first in range(0, len(ids), 500):
        for row in db.session.execute(query.where(Scan.id.in_(ids[first : first + 500]))):
            found[row[0]] = ScanAtDoor(*row)
    return found
