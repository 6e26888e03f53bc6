"""Whether this installation is the hub of a hall, and what it holds for its centre."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from expo.checkin.models import Checkpoint, Device, HeldScan, Hub, Scan
from expo.infra.db import db


@dataclass(frozen=True)
class HubRow:
    """The hub that this installation is. `error` is why the centre was not reached the last time."""

    address: str
    centre_url: str
    name: str
    encrypted_token: bytes
    edition_id: int | None
    cursor: str | None
    copied_at: datetime | None
    tried_at: datetime | None
    error: str
    skew_ms: int
    is_revoked: bool

    @property
    def is_connected(self) -> bool:
        """Whether the centre answered the last time."""
        return self.tried_at is not None and not self.error


@dataclass(frozen=True)
class UnsentScans:
    """What the centre does not have yet: how many scans, and the time of the oldest."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class OutgoingScan:
    """A scan as it happened at this hub. `undone_at` is set if it was taken back."""

    scan_id: str
    token: str
    checkpoint: str
    direction: str
    verdict: str
    reason: str | None
    forced: bool
    force_reason: str | None
    force_note: str | None
    answers: dict[str, Any] | None
    scanned_at: datetime
    device_time: datetime | None
    skew_ms: int | None
    received_at: datetime
    undone_at: datetime | None
    device_id: int | None


@dataclass(frozen=True)
class ReportingDevice:
    """A device of the hall as it last reported to this hub, by this hub's clock."""

    id: int
    seen_at: datetime
    battery: int | None
    queue_length: int
    oldest_queued_at: datetime | None
    version: str
    skew_ms: int | None
    checkpoint: str | None


_OUTGOING = (
    select(
        Scan.scan_id,
        HeldScan.token,
        HeldScan.checkpoint,
        Scan.direction,
        Scan.verdict,
        Scan.reason,
        Scan.forced,
        Scan.force_reason,
        Scan.force_note,
        Scan.answers,
        Scan.scanned_at,
        Scan.device_time,
        Scan.skew_ms,
        Scan.received_at,
        Scan.undone_at,
        Scan.device_id,
    )
    .join(HeldScan, HeldScan.scan_id == Scan.scan_id)
    .order_by(Scan.id)
)


def find_hub() -> HubRow | None:
    """Return the hub that this installation is; None if it is not one."""
    hub = db.session.scalars(select(Hub), execution_options={"populate_existing": True}).one_or_none()
    if hub is None:
        return None
    return HubRow(
        hub.address,
        hub.centre_url,
        hub.name,
        hub.encrypted_token,
        hub.edition_id,
        hub.cursor,
        hub.copied_at,
        hub.tried_at,
        hub.error,
        hub.skew_ms,
        hub.is_revoked,
    )


def count_unsent() -> UnsentScans:
    """Return how many scans the centre does not have."""
    count, oldest_at = db.session.execute(
        select(func.count(), func.min(Scan.scanned_at))
        .select_from(HeldScan)
        .join(Scan, Scan.scan_id == HeldScan.scan_id)
        .where(HeldScan.sent_at.is_(None))
    ).one()
    return UnsentScans(count, oldest_at)


def list_reporting_devices(edition_id: int, since: datetime, limit: int) -> list[ReportingDevice]:
    """Return the devices that have been in contact with this hub since a moment, latest first."""
    rows = db.session.execute(
        select(
            Device.id,
            Device.last_seen_at,
            Device.battery,
            Device.queue_length,
            Device.oldest_queued_at,
            Device.version,
            Device.skew_ms,
            Checkpoint.code,
        )
        .outerjoin(Checkpoint, Checkpoint.id == Device.checkpoint_id)
        .where(Device.edition_id == edition_id, Device.last_seen_at >= since)
        .order_by(Device.last_seen_at.desc(), Device.id)
        .limit(limit)
    )
    return [ReportingDevice(row[0], row[1] or since, *row[2:]) for row in rows]


def count_problems() -> int:
    """Return how many scans the centre could not take."""
    return db.session.scalar(select(func.count()).select_from(HeldScan).where(HeldScan.problem.is_not(None))) or 0


def count_waiting() -> int:
    """Return how many scans and undone scans the centre does not know of, at most one of each."""
    return len(list_unsent_scans(1)) + len(list_unsent_undos(1))


def list_unsent_scans(limit: int) -> list[OutgoingScan]:
    """Return scans that the centre does not have, first come first."""
    rows = db.session.execute(_OUTGOING.where(HeldScan.sent_at.is_(None)).limit(limit))
    return [OutgoingScan(*row) for row in rows]


def list_unsent_undos(limit: int) -> list[OutgoingScan]:
    """Return scans that were taken back here, which the centre has and does not know of."""
    rows = db.session.execute(
        _OUTGOING.where(
            HeldScan.sent_at.is_not(None),
            HeldScan.problem.is_(None),
            HeldScan.undo_sent_at.is_(None),
            Scan.undone_at.is_not(None),
        ).limit(limit)
    )
    return [OutgoingScan(*row) for row in rows]
