"""Import a schedule as a run: the worker reads the file and previews the change; once confirmed, it applies it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import get_edition
from expo.errors import Conflict, ExpoError
from expo.flows.import_runs.starters import find_starter
from expo.flows.program_import import import_program, inspect_schedule_file, list_unprintable
from expo.formats.schedule import ReadSchedule, Texts
from expo.imports.queries import find_run, get_run, read_content
from expo.imports.rules import Counts, Fault, FaultKind, RunState
from expo.imports.services import claim_rows, fail_run, finish_run, start_run, store_batch, store_reading
from expo.infra.db import atomic, retried
from expo.program.services import ScheduleChange, preview_schedule

# The number of titles shown of each kind of change; the others are only counted.
SHOWN_TITLES = 100


def judge_schedule(run_id: int, now: datetime) -> None:
    """Read the schedule of a run and store a preview of its import; an unreadable file ends the run."""
    run = find_run(run_id)
    if run is None or run.state is not RunState.READING:
        return
    edition = get_edition(run.edition_id)
    try:
        read = inspect_schedule_file(edition, read_content(run_id))
        change = preview_schedule(SYSTEM, edition.id, read.schedule)
    except ExpoError as error:
        fail_run(run_id, error, now)
        return
    faults = _faults_of(read)
    report = report_of(change) | {"unprintable": list_unprintable(read.schedule)}
    counts = Counts(added=len(change.added), unchanged=change.unchanged, faulted=len(faults))
    store_reading(run_id, run.options_version, report, len(read.schedule.events), counts, faults)


def start_schedule_import(
    actor: Actor, edition_id: int, run_id: int, now: datetime, *, removals: int, skips_faults: bool
) -> None:
    """Start a run whose schedule was read; `removals` is the confirmed number of sessions to be removed.

    Raises Conflict `import_not_ready`, `rows_refused` or `too_many_removals`.
    """
    run = get_run(edition_id, run_id)
    if run.state is RunState.READY:
        if run.counts.faulted and not skips_faults:
            raise Conflict("rows_refused", count=run.counts.faulted)
        removed, total = run.report["removed"]["count"], run.report["total"]
        if run.report["removes_much"] and removals != removed:
            raise Conflict("too_many_removals", field="removals", count=removed, total=total)
    start_run(actor, edition_id, run_id, now, options=replace(run.options, allowed_removals=removals))


@retried
def apply_schedule(run_id: int, clock: Callable[[], datetime]) -> None:
    """Replace the programme by the schedule of a started run, all or nothing, and finish the run."""
    run = find_run(run_id)
    if run is None or run.state is not RunState.RUNNING:
        return
    try:
        actor = find_starter(run)
        read = inspect_schedule_file(get_edition(run.edition_id), read_content(run_id))
        now = clock()
        with atomic():
            if not claim_rows(run_id, 0, run.total_rows, now):
                return
            change = import_program(
                actor, run.edition_id, read.schedule, now, allowed_removals=run.options.allowed_removals
            )
            faults = _faults_of(read)
            counts = Counts(added=len(change.added), unchanged=change.unchanged, faulted=len(faults))
            store_batch(run_id, counts, faults, report_of(change))
            finish_run(actor, run_id, now)
    except ExpoError as error:
        fail_run(run_id, error, clock())


def report_of(change: ScheduleChange) -> dict[str, Any]:
    """Return a change as stored for the page of its run."""
    return {
        "added": _titles(change.added),
        "changed": _titles(change.changed),
        "removed": _titles(change.removed),
        "unchanged": change.unchanged,
        "total": change.total,
        "removes_much": change.removes_much,
    }


def _titles(titles: Sequence[Texts]) -> dict[str, Any]:
    return {"count": len(titles), "titles": list(titles[:SHOWN_TITLES])}


def _faults_of(read: ReadSchedule) -> list[Fault]:
    """Return the sessions that could not be read; their messages name the line."""
    return [
        Fault(FaultKind.FAULT, each.params.get("line") or 0, None, each.code, each.params, {}) for each in read.faults
    ]
