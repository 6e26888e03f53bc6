"""Jobs of import runs."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from expo.flows.attendee_import import apply_batches, evaluate_run
from expo.flows.import_runs import (
    apply_exhibitors,
    apply_schedule,
    evaluate_exhibitors,
    evaluate_schedule,
    stop_import,
)
from expo.imports.queries import RunRow, find_run
from expo.imports.rules import ImportKind, RunState
from expo.imports.services import APPLY_JOB, READ_JOB, delete_old_files
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.infra.jobs import enqueue, job_handler

# The maximum duration of a job, well below its lease, so that other jobs get their turn; a new job continues.
SLICE_SECONDS = 60.0
# If a batch is more recent than this, another process is still working on the run.
TAKE_OVER_AFTER = timedelta(seconds=90)
# A pause between batches lets SQLite's other writers proceed. They retry in steps of up to 0.1 s, so that a longer
# pause is noticed by each of them.
SHORTEST_PAUSE, _LONGEST_PAUSE = 0.12, 0.3


def give_up_import(payload: dict[str, Any], now: datetime) -> None:
    """Stop a run whose job failed in every attempt, until somebody resumes it."""
    stop_import(payload["run_id"], now)


@job_handler(READ_JOB, when_given_up=give_up_import)
def read_upload(payload: dict[str, Any], now: datetime) -> None:
    """Read the file of a run and store a preview of its import."""
    run = find_run(payload["run_id"])
    if run is None:
        return
    match run.kind:
        case ImportKind.ATTENDEES:
            evaluate_run(run.id, now)
        case ImportKind.SCHEDULE:
            evaluate_schedule(run.id, now)
        case ImportKind.EXHIBITORS:
            evaluate_exhibitors(run.id, now)


@job_handler(APPLY_JOB, when_given_up=give_up_import)
def apply_import(payload: dict[str, Any], now: datetime) -> None:
    """Import a run: rows of attendees for a limited time, until another job continues; other files as a whole."""
    run_id = payload["run_id"]
    run = find_run(run_id)
    if run is None or run.state is not RunState.RUNNING:
        return
    match run.kind:
        case ImportKind.ATTENDEES:
            _apply_attendees(run, now, takes_over=bool(payload.get("takes_over")))
        case ImportKind.SCHEDULE:
            apply_schedule(run_id, utcnow)
        case ImportKind.EXHIBITORS:
            apply_exhibitors(run_id, utcnow)


def _apply_attendees(run: RunRow, now: datetime, *, takes_over: bool) -> None:
    if takes_over and run.worked_at is not None and run.worked_at > now - TAKE_OVER_AFTER:
        with atomic():
            enqueue(APPLY_JOB, now + TAKE_OVER_AFTER, run_id=run.id, takes_over=True)
        return
    if not apply_batches(run.id, utcnow, make_should_continue(time.monotonic() + SLICE_SECONDS)):
        with atomic():
            enqueue(APPLY_JOB, utcnow(), run_id=run.id)


@job_handler("imports.delete_old_files", every=timedelta(hours=1))
def delete_expired_uploads(_payload: dict[str, Any], now: datetime) -> None:
    """Delete uploads that were never started, and errors of old runs."""
    delete_old_files(now)


def make_should_continue(end: float) -> Callable[[RunRow], bool]:
    """Return a callback to run between batches: it pauses for SQLite's other writers and returns False after `end`."""
    last = time.monotonic()

    def should_continue(_run: RunRow) -> bool:
        nonlocal last
        if db.engine.dialect.name == "sqlite":
            time.sleep(min(max(time.monotonic() - last, SHORTEST_PAUSE), _LONGEST_PAUSE))
        last = time.monotonic()
        return last < end

    return should_continue
