"""A worker is killed in the middle of an import: the worker that continues takes every row exactly once."""

from datetime import datetime
from functools import partial
from pathlib import Path

from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.attendee_import import evaluate_run, start_import
from expo.flows.attendee_import.batches import BATCH_ROWS
from expo.imports.queries import get_run
from expo.imports.rules import Counts, ImportKind, ImportOptions, RunState
from expo.imports.services import create_run
from expo.infra.config import Settings
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, recount_quotas, search_attendees
from tests.faults import import_process
from tests.make import make_ticket_type
from tests.processes import Program

ROWS = 35
TIMEOUT = 240.0


def _work(app: Flask, folder: Path, run_id: int, batches: int | None = None) -> int | None:
    settings: Settings = app.config["SETTINGS"]
    environment = {"DATABASE_URL": settings.database_url, "EXPO_DATA_DIR": str(folder), "SECRET_KEY": "x" * 32}
    code = Program(partial(import_process.main, run_id, batches), environment, folder / "log").wait(TIMEOUT)
    db.session.rollback()
    return code


def test_import_when_its_worker_is_killed_in_a_batch_then_the_next_takes_every_row_once(
    each_app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_ticket_type(edition, now, places=100)
    lines = ["name,email,country,ticket_type", *(f"Row {n:02},row{n}@example.org,CN,visitor" for n in range(ROWS))]
    run_id = create_run(
        SYSTEM,
        edition.id,
        kind=ImportKind.ATTENDEES,
        file_name="list.csv",
        content="\n".join(lines).encode(),
        options=ImportOptions(),
        now=now,
    )
    evaluate_run(run_id, now)
    start_import(SYSTEM, edition.id, run_id, now)

    killed = _work(each_app, tmp_path, run_id, 2)
    halfway = get_run(edition.id, run_id)
    continued = _work(each_app, tmp_path, run_id)

    run = get_run(edition.id, run_id)
    found = search_attendees(edition.id, AttendeeFilter(), limit=100).rows
    assert (killed, continued) == (-9, 0)
    assert (halfway.state, halfway.next_row) == (RunState.RUNNING, 2 * BATCH_ROWS)
    assert (run.state, run.counts) == (RunState.DONE, Counts(added=ROWS))
    assert sorted(each.name for each in found) == [f"Row {n:02}" for n in range(ROWS)]
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(ROWS, ROWS)]
