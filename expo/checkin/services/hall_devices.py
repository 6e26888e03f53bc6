"""Services for the devices of a hall, which its hub reports: they do not reach this server themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.models import Checkpoint, Device
from expo.checkin.rules.devices import Profile
from expo.infra.db import atomic, db

MAX_VERSION = 40
_device = cast("Table", Device.__table__)
# Values for its columns are given with each execution.
_HEARD = update(_device).where(
    _device.c.id == bindparam("device_id"),
    _device.c.edition_id == bindparam("of_edition"),
    _device.c.profile != Profile.HUB.value,
    _device.c.session_id.is_(None),
    # What it has said to this server itself since then is newer.
    or_(_device.c.last_seen_at.is_(None), _device.c.last_seen_at < bindparam("heard_at")),
)


@dataclass(frozen=True)
class HallDevice:
    """What a hub says about a device of its hall, by this server's clock. `queue_length`: what the hub lacks."""

    id: int
    seen_at: datetime
    battery: int | None
    queue_length: int
    oldest_queued_at: datetime | None
    version: str
    skew_ms: int | None
    checkpoint: str | None


def store_hall_devices(hub: Actor, edition_id: int, devices: Sequence[HallDevice], now: datetime) -> None:
    """Store what a hub says about the devices of its hall, unless this server has heard from them more recently.

    So a device that is quiet, and in contact with its hub, is not taken for one that may hold scans.
    """
    require(hub, Permission.SCAN, edition_id)
    if not devices:
        return
    with atomic() as session:
        places: dict[str, int] = {
            code: checkpoint_id
            for checkpoint_id, code in session.execute(
                select(Checkpoint.id, Checkpoint.code).where(Checkpoint.edition_id == edition_id)
            )
        }
        session.connection().execute(_HEARD, [_values(each, edition_id, places, now) for each in devices])


def _values(device: HallDevice, edition_id: int, places: dict[str, int], now: datetime) -> dict[str, Any]:
    heard_at = min(device.seen_at, now)
    return {
        "device_id": device.id,
        "of_edition": edition_id,
        "heard_at": heard_at,
        "last_seen_at": heard_at,
        "battery": device.battery,
        "version": device.version[:MAX_VERSION],
        "queue_length": device.queue_length,
        "oldest_queued_at": device.oldest_queued_at,
        "checkpoint_id": places.get(device.checkpoint or ""),
        "skew_ms": device.skew_ms,
    }


def record_seen_through_hub(hub: Actor, edition_id: int, device_ids: Collection[int], now: datetime) -> None:
    """Note that a hub sent scans of these devices."""
    require(hub, Permission.SCAN, edition_id)
    if device_ids:
        with atomic():
            db.session.execute(
                update(Device)
                .where(Device.edition_id == edition_id, Device.id.in_(device_ids))
                .values(last_seen_at=now)
                .execution_options(synchronize_session=False)
            )
