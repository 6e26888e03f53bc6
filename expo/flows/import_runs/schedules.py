"""Import a schedule as a run: the worker reads the file and previews the change; once confirmed, it applies it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import get_edition
from expo.errors import Conflict
from expo.flows.import_runs.whole import Outcome, apply_whole, judge_whole, titles_of
from expo.flows.program_import import import_program, inspect_schedule_file, list_unprintable
from expo.formats.schedule import ReadSchedule
from expo.imports.queries import RunRow, get_run
from expo.imports.rules import Counts, Fault, FaultKind, RunState
from expo.imports.services import start_run
from expo.program.services import ScheduleChange, preview_schedule


def judge_schedule(run_id: int, now: datetime) -> None:
    """Read the schedule of a run and store a preview of its import; an unreadable file ends the run."""
    judge_whole(run_id, now, _read, _judge)


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


def apply_schedule(run_id: int, clock: Callable[[], datetime]) -> None:
    """Replace the programme by the schedule of a started run, all or nothing, and finish the run."""
    apply_whole(run_id, clock, _read, _apply)


def _read(run: RunRow, content: bytes) -> ReadSchedule:
    return inspect_schedule_file(get_edition(run.edition_id), content)


def _judge(run: RunRow, read: ReadSchedule) -> Outcome:
    return _outcome(read, preview_schedule(SYSTEM, run.edition_id, read.schedule))


def _apply(actor: Actor, run: RunRow, read: ReadSchedule, now: datetime) -> Outcome:
    removals = run.options.allowed_removals
    return _outcome(read, import_program(actor, run.edition_id, read.schedule, now, allowed_removals=removals))


def _outcome(read: ReadSchedule, change: ScheduleChange) -> Outcome:
    report = report_of(change) | {"unprintable": list_unprintable(read.schedule)}
    counts = Counts(added=len(change.added), unchanged=change.unchanged, faulted=len(read.faults))
    # The messages of these faults name the line themselves.
    faults = [
        Fault(FaultKind.FAULT, each.params.get("line") or 0, None, each.code, each.params, {}) for each in read.faults
    ]
    return Outcome(len(read.schedule.events), counts, faults, report)


def report_of(change: ScheduleChange) -> dict[str, Any]:
    """Return a change as stored for the page of its run."""
    return {
        "added": titles_of(change.added),
        "changed": titles_of(change.changed),
        "removed": titles_of(change.removed),
        "unchanged": change.unchanged,
        "total": change.total,
        "removes_much": change.removes_much,
    }
