"""Measures the first copy of a hub: everybody, and all scans of a day."""

import time

from sqlalchemy import func, select

from bench.control_room import fill_log
from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.checkin.models import Scan
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import DeviceRequest, create_devices, create_enrolment_codes
from expo.editions.queries import get_current_edition
from expo.flows.hubs import connect_hub, synchronize
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.registration.models import Attendee
from expo.schema import metadata


def measure_hubs(world: World) -> list[Row]:
    """Copy the expo to an empty hub, part by part."""
    code = _prepare(world)
    before = world.cpu_seconds()
    used, began, parts, slowest = time.process_time(), time.perf_counter(), 0, 0.0
    folder = world.folder / "hub"
    folder.mkdir()
    app = create_app(Settings(database_url=f"sqlite:///{folder}/hub.sqlite3", data_dir=folder, secret_key="x" * 32))
    with app.app_context():
        metadata.create_all(db.engine)
        connect_hub(f"http://127.0.0.1:{world.port}", code, "http://hub.local:8000", "Bench")
        left = 1
        while left:
            part_began = time.perf_counter()
            outcome = synchronize(utcnow)
            if outcome.error:
                raise AssertionError(outcome.error)
            left, parts = outcome.left, parts + 1
            slowest = max(slowest, time.perf_counter() - part_began)
        took, used = time.perf_counter() - began, time.process_time() - used
        people, scans = (db.session.scalar(select(func.count()).select_from(each)) or 0 for each in (Attendee, Scan))
        db.session.remove()
        db.engine.dispose()
    spent = {part: now - before[part] for part, now in world.cpu_seconds().items()}
    parts_of_it = ", ".join(f"{part} {seconds:.1f}" for part, seconds in spent.items())
    return [
        Row(f"first copy: {people:,} attendees, {scans:,} scans", took, "s", "< 60"),
        Row("  CPU time of the hub", used, "s"),
        Row("  CPU time of the centre", sum(spent.values()), "s", "", parts_of_it),
        Row(f"  the slowest of {parts} parts", slowest, "s"),
    ]


def _prepare(world: World) -> str:
    """Fill the log of scans at the centre, and return a code for a hub."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition, now = get_current_edition(), utcnow()
        fill_log(edition)
        [device_id] = create_devices(SYSTEM, edition.id, [DeviceRequest("Bench hub", Profile.HUB)], now)
        code = create_enrolment_codes(SYSTEM, edition.id, [device_id], now)[device_id]
        db.session.remove()
        db.engine.dispose()
    return code
