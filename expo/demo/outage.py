"""The demo's devices, and twenty minutes in which two of them had no network."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from expo.checkin.models import Device
from expo.checkin.rules import Direction, Reason, Verdict
from expo.demo.rows import first_free_id, insert_all
from expo.editions.queries import EditionFacts

OUTAGE, OUTAGE_DURATION = timedelta(hours=10), timedelta(minutes=20)
DOUBLES = 4
DISAGREEMENTS = (Reason.REVOKED, Reason.UNPAID, Reason.CANCELLED, Reason.WRONG_TICKET_TYPE, Reason.NOT_APPROVED)
DEVICES_PER_DOOR = 2
# Of the last devices: how long ago they were in contact, and the scans they hold.
OUT_OF_CONTACT = ((timedelta(minutes=7), 11), (timedelta(minutes=13), 4))


@dataclass(frozen=True)
class DemoDevices:
    """The ids of the devices at each checkpoint, and how far each one's clock is ahead."""

    at: Mapping[int, list[int]]
    skews: Mapping[int, int]


def make_devices(
    edition: EditionFacts, doors: Iterable[tuple[int, str]], seen_at: datetime, rng: Random
) -> DemoDevices:
    """Insert two devices for each of the checkpoints (id and name); the last ones are out of contact."""
    first_id = first_free_id(Device)
    rows: list[dict[str, Any]] = [
        {
            "id": first_id + number,
            "edition_id": edition.id,
            "name": f"{name} {place + 1}",
            "profile": "steward",
            "created_at": seen_at - timedelta(days=2),
            # Nobody holds the token: these devices exist only in the demo.
            "token_digest": rng.randbytes(32),
            "enrolled_at": seen_at - timedelta(days=1),
            "last_seen_at": seen_at - timedelta(seconds=rng.randint(1, 50)),
            "battery": rng.randint(22, 98),
            "version": "0.1.0",
            "queue_length": 0,
            "oldest_queued_at": None,
            "checkpoint_id": door_id,
            "skew_ms": rng.randint(-900, 1400),
            "is_wiped": False,
        }
        for number, (door_id, name, place) in enumerate(
            (door_id, name, place) for door_id, name in doors for place in range(DEVICES_PER_DOOR)
        )
    ]
    for row, (silence, queued) in zip(reversed(rows), OUT_OF_CONTACT, strict=False):
        row.update(last_seen_at=seen_at - silence, queue_length=queued, oldest_queued_at=seen_at - 2 * silence)
    insert_all(Device, rows)
    at: dict[int, list[int]] = {}
    for row in rows:
        at.setdefault(row["checkpoint_id"], []).append(row["id"])
    return DemoDevices(at, {row["id"]: row["skew_ms"] for row in rows})


def simulate_outage(
    scans: list[dict[str, Any]], devices: DemoDevices, midnight: datetime, until: datetime, rng: Random
) -> None:
    """Let devices decide the admissions of the outage, which arrive after it; a few badges enter at two gates.

    Who is inside stays the same: they had been admitted either way.
    """
    begins, ends = midnight + OUTAGE, midnight + OUTAGE + OUTAGE_DURATION
    offline = [scan for scan in scans if begins <= scan["scanned_at"] < ends and _is_entry_with_device(scan)]
    if until < ends or not offline:
        return
    for scan in offline:
        _decide_on_device(scan, devices, ends + timedelta(seconds=rng.randint(1, 40)))
    for scan, reason in zip(rng.sample(offline, min(len(DISAGREEMENTS), len(offline))), DISAGREEMENTS, strict=False):
        scan["disagrees"] = reason.value
    for scan in rng.sample(offline, min(DOUBLES, len(offline))):
        other = next((door for door in devices.at if door != scan["checkpoint_id"]), None)
        if other is None:
            continue
        again = scan | {
            "scan_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "checkpoint_id": other,
            "device_id": devices.at[other][0],
            "scanned_at": scan["scanned_at"] + timedelta(seconds=rng.randint(60, 500)),
            "disagrees": Reason.ALREADY_ADMITTED.value,
        }
        _decide_on_device(again, devices, max(ends, again["scanned_at"]) + timedelta(seconds=rng.randint(1, 40)))
        scans.append(again)


def _is_entry_with_device(scan: dict[str, Any]) -> bool:
    is_entry = scan["direction"] == Direction.ENTRY.value and scan["verdict"] == Verdict.ADMITTED.value
    return is_entry and scan["device_id"] is not None


def _decide_on_device(scan: dict[str, Any], devices: DemoDevices, received_at: datetime) -> None:
    skew_ms = devices.skews[scan["device_id"]]
    scan.update(
        decided="device",
        skew_ms=skew_ms,
        device_time=scan["scanned_at"] + timedelta(milliseconds=skew_ms),
        received_at=received_at,
    )
