"""Measures the export of all attendees by the worker, from the request to the finished file."""

import json
import subprocess
import sys
from pathlib import Path

from bench.table import Row
from bench.world import World

# Run in a separate process; the running worker does the job.
_EXPORT = """
import dataclasses, json, sys, time
from expo.accounts.rules import SYSTEM
from expo.accounts.services import ensure_person
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.exports.queries import find_export, read_file
from expo.exports.services import start_export
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, count_attendees
from expo.reports.people import filter_to_json

with create_app().app_context():
    edition, now = get_current_edition(), utcnow()
    actor = dataclasses.replace(SYSTEM, id=ensure_person("bench@example.org", "Bench", "en", now))
    total = count_attendees(edition.id, AttendeeFilter())
    began = time.perf_counter()
    run_id = start_export(
        actor, edition.id, kind="attendees", format_=sys.argv[1], file_name="bench",
        wanted=filter_to_json(AttendeeFilter()), shown={}, total_rows=total, now=now,
    )
    while find_export(run_id).state.value == "running":
        db.session.rollback()
        time.sleep(0.1)
    print(json.dumps([time.perf_counter() - began, total, len(read_file(run_id)), find_export(run_id).state.value]))
"""


def measure_exports(world: World) -> list[Row]:
    """Measure an Excel and a CSV export of all attendees."""
    rows = []
    for kind in ("xlsx", "csv"):
        before = world.cpu_seconds()
        done = subprocess.run(
            [sys.executable, "-c", _EXPORT, kind],
            cwd=Path(__file__).parents[1], env=world.environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds, total, size, state = json.loads(done.stdout.splitlines()[-1])
        if state != "done":
            raise AssertionError(f"the export is {state}")
        used = sum(now - before[part] for part, now in world.cpu_seconds().items())
        limit = f"{total:,} rows; {size / 1024:.0f} kB; {used:.1f} s of processor time"
        rows.append(Row(f"export of all attendees, {kind}", seconds, "s", "", limit))
    return rows
