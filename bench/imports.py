"""Measures visitors' response times while a long list is imported into the same quota."""

import json
import subprocess
import sys
import time
import uuid
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from bench.load import Outcome, request, send_all
from bench.table import Row
from bench.world import World

IMPORTED = 20_000
VISITORS = 2
# Visitors come in small groups with pauses between them; the requests of a group are sent at once.
GROUP = 4
PAUSE_SECONDS = 0.2
# Groups sent before the import starts, for comparison.
BASELINE = 100
QUIET_FIRST = 1_000_000
TIMEOUT_SECONDS = 1200
TARGETS = {"postgresql": "< 300", "sqlite": "< 1,000"}

_PREPARE = f"""
from datetime import UTC, datetime
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.flows.attendee_import import evaluate_run
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.flows.tickets import create_quota
from expo.tickets.services import create_ticket_type
now = datetime.now(UTC)
lines = ["name,email,country,company,ticket_type"]
lines += [f"Imported Person {{n}},import{{n}}@bench.example,CN,数据谷,bench-import" for n in range({IMPORTED})]
with create_app().app_context():
    edition = get_current_edition()
    create_ticket_type(SYSTEM, edition.id, code="bench-import", name={{"en": "bench-import"}}, now=now)
    create_quota(SYSTEM, edition.id, "Bench import", {10 * IMPORTED}, ["bench-import"], now)
    run_id = create_run(SYSTEM, edition.id, kind=ImportKind.ATTENDEES, file_name="bench.csv",
        content="\\n".join(lines).encode(), options=ImportOptions(), now=now, in_background=False)
    evaluate_run(run_id, now)
    print(run_id)
"""
_START = """
import sys
from datetime import UTC, datetime
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.flows.attendee_import import start_import
with create_app().app_context():
    start_import(SYSTEM, get_current_edition().id, int(sys.argv[1]), datetime.now(UTC))
"""


def measure_import(world: World, token: str) -> list[Row]:
    """Import a list in the background while visitors register, and measure their response times."""
    began = time.perf_counter()
    run_id = _python(world, _PREPARE)
    judged = time.perf_counter() - began
    quiet = [
        wait for first in range(BASELINE) for wait in _register(world, token, QUIET_FIRST + first * GROUP).latencies
    ]
    url = world.url or f"sqlite:///{world.folder}/data/expo.sqlite3"
    engine = create_engine(url)
    _python(world, _START, run_id)
    began = time.perf_counter()
    waits: list[float] = []
    statuses: set[int] = set()
    while (state := _state(engine))[0] == "running":
        outcome = _register(world, token, len(waits))
        waits += outcome.latencies
        statuses |= set(outcome.statuses)
        time.sleep(PAUSE_SECONDS)
        if time.perf_counter() - began > TIMEOUT_SECONDS:
            raise AssertionError(f"not done in time: {state}")
    seconds = time.perf_counter() - began
    with engine.connect() as connection:
        taken = connection.execute(text("SELECT taken FROM quota WHERE name = 'Bench import'")).scalar_one()
    engine.dispose()
    visitors = len(waits) + len(quiet)
    if state != ("done", IMPORTED) or statuses != {201} or taken != IMPORTED + visitors:
        raise AssertionError(f"{state}, statuses {statuses}, taken {taken}, visitors {visitors}")
    ordered = sorted(waits)
    return [
        Row(f"read and validate {IMPORTED:,} rows, without writing", judged, "s"),
        Row(f"import {IMPORTED:,} rows at the same time", IMPORTED / seconds, "rows/s", "", f"{seconds:.0f} s"),
        Row("a visitor's registration, p50", 1000 * ordered[len(ordered) // 2], "ms", "", f"{len(waits)} visitors"),
        Row("  without an import, longest", 1000 * max(quiet), "ms", "", f"{len(quiet)} visitors"),
        Row("  p99", 1000 * ordered[int(0.99 * len(ordered))], "ms"),
        Row("  longest", 1000 * ordered[-1], "ms", TARGETS[world.database]),
    ]


def _python(world: World, code: str, *arguments: str) -> str:
    """Run code in the environment under test, and return the last word it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=world.environment, cwd=Path(__file__).parents[1], check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.split()[-1] if done.stdout.split() else ""


def _state(engine: Engine) -> tuple[str, int]:
    with engine.connect() as connection:
        row = connection.execute(text("SELECT state, added FROM import_run ORDER BY id DESC LIMIT 1")).one()
    return row.state, row.added


def _register(world: World, token: str, first: int) -> Outcome:
    requests = []
    for number in range(first, first + GROUP):
        person = {"ticket_type": "bench-import", "name": f"访客{number}", "country": "CN", "language": "zh"}
        body = {"email": f"visitor{number}@bench.example", "language": "zh", "attendees": [person]}
        requests.append(
            request(
                "POST",
                "/api/v1/registrations",
                world.port,
                json.dumps(body).encode(),
                Authorization=f"Bearer {token}",
                Content_Type="application/json",
                Idempotency_Key=str(uuid.uuid4()),
            )
        )
    return send_all(requests, world.port, VISITORS)
