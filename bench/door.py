"""Measures the snapshot of a device at a door: everything, and what has changed."""

import gzip
import json
import time
import uuid
from datetime import UTC, datetime

from bench.load import Outcome, request, send_all
from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import DeviceRequest, create_devices, create_enrolment_codes, enrol_device
from expo.editions.queries import find_current_edition
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db

WHOLES, DEVICES, SCANS, DELTAS = 3, 20, 100, 40
# Longer than the server sends the same whole snapshot.
PAUSE_SECONDS = 5.5
MEGABYTE = 2**20


def measure_door(world: World) -> list[Row]:
    """Ask for whole snapshots, for one by many devices at once, and for deltas after some scans."""
    token = _enrol(world)
    tokens = world.flask("expo", "token", "list", "--limit", str(SCANS)).split()
    times = []
    for _ in range(WHOLES):
        outcome = _ask(world, token, 1)
        times.append(outcome.percentile(0.5))
        time.sleep(PAUSE_SECONDS)
    packed = outcome.bodies[0]
    whole = json.loads(gzip.decompress(packed))
    together = _ask(world, token, DEVICES, clients=DEVICES)
    _scan(world, token, tokens)
    deltas = _ask(world, token, DELTAS, since=whole["cursor"])
    delta = json.loads(gzip.decompress(deltas.bodies[0]))
    if not whole["whole"] or delta["whole"] or len({each[0] for each in delta["standings"]}) < len(tokens):
        raise AssertionError(f"door: {len(delta['standings'])} standings for {len(tokens)} scans")
    records = gzip.compress(json.dumps(whole["records"]).encode(), 6)
    return [
        Row(f"snapshot of {len(whole['records']):,} records", max(times), "ms", "< 3,000"),
        Row("  compressed", len(packed) / MEGABYTE, "MB", "< 2"),
        Row("  of it records", len(records) / MEGABYTE, "MB"),
        Row(f"  of it {len(whole['standings']):,} standings", (len(packed) - len(records)) / MEGABYTE, "MB"),
        Row(f"  for {DEVICES} devices at once, the last", together.percentile(1), "ms"),
        Row(f"delta with {len(delta['standings'])} standings p50", deltas.percentile(0.5), "ms", "< 50"),
        Row("  p95", deltas.percentile(0.95), "ms"),
        Row("  compressed", len(deltas.bodies[0]) / 1024, "KB"),
    ]


def _enrol(world: World) -> str:
    """Create a device and return its token."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition, now = find_current_edition(), utcnow()
        if edition is None:
            raise AssertionError("the demo has a current edition")
        ids = create_devices(SYSTEM, edition.id, [DeviceRequest("Bench", Profile.STEWARD)], now)
        enrolled = enrol_device(create_enrolment_codes(SYSTEM, edition.id, ids, now)[ids[0]], now)
        db.session.remove()
        db.engine.dispose()
    return enrolled.token


def _ask(world: World, token: str, count: int, *, clients: int = 1, since: str = "") -> Outcome:
    path = "/api/v1/door/snapshot" + (f"?since={since}" if since else "")
    asked = request("GET", path, world.port, Authorization=f"Bearer {token}", Accept_Encoding="gzip")
    outcome = send_all([asked] * count, world.port, clients)
    if set(outcome.statuses) != {200}:
        raise AssertionError(outcome.statuses)
    return outcome


def _scan(world: World, token: str, tokens: list[str]) -> None:
    now = datetime.now(UTC).isoformat()
    scans = [
        {
            "scan_id": str(uuid.uuid4()),
            "token": each,
            "checkpoint": "south",
            "direction": "exit",
            "scanned_at": now,
        }
        for each in tokens
    ]
    body = json.dumps({"scans": scans}).encode()
    bearer = f"Bearer {token}"
    sent = request(
        "POST", "/api/v1/scans/batch", world.port, body, Authorization=bearer, Content_Type="application/json"
    )
    outcome = send_all([sent], world.port, 1)
    if set(outcome.statuses) != {200}:
        raise AssertionError(outcome.statuses)
