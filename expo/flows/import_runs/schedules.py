"""Import a schedule as a run: the worker reads the file and previews the change; once confirmed, it applies it."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import get_edition
from expo.errors import Conflict, Invalid
from expo.flows.import_runs.whole_file import Outcome, apply_whole_file, evaluate_whole_file, list_titles
from expo.flows.program_import import import_program, inspect_schedule_file, list_unprintable
from expo.formats.schedule_uploads import ScheduleUpload, TableReading
from expo.imports.queries import RunRow, get_run
from expo.imports.rules import Counts, Fault, FaultKind, PreviewItem, RunState
from expo.imports.services import start_run
from expo.program.rules import Finding, ImportDecisions, ImportMode, Rename, ScheduleChange
from expo.program.services import preview_schedule

# The sessions that one finding names, such as those of a new room.
NAMED_TITLES = 100


def evaluate_schedule(run_id: int, now: datetime) -> None:
    """Read the schedule of a run and store a preview of its import; an unreadable file ends the run."""
    evaluate_whole_file(run_id, now, _read, _evaluate)


def start_schedule_import(
    actor: Actor, edition_id: int, run_id: int, now: datetime, *, decisions: ImportDecisions, skips_faults: bool
) -> None:
    """Start a run whose schedule was read, with what a person decided; `allowed_removals` confirms the removals.

    Raises Conflict `import_not_ready`, `rows_refused` or `too_many_removals`, Invalid `import_columns_missing` or
    `import_encoding_unconfirmed`.
    """
    run = get_run(edition_id, run_id)
    removals = decisions.allowed_removals or 0
    if run.report.get("missing"):
        raise Invalid("import_columns_missing", fields=", ".join(run.report["missing"]))
    if not run.report.get("is_certain", True):
        raise Invalid("import_encoding_unconfirmed")
    if run.state is RunState.READY:
        if run.counts.faulted and not skips_faults:
            raise Conflict("rows_refused", count=run.counts.faulted)
        removed, total = run.report["removed"]["count"], run.report["total"]
        if decisions.mode is ImportMode.REPLACE and run.report["removes_much"] and removals != removed:
            raise Conflict("too_many_removals", field="removals", count=removed, total=total)
    options = replace(
        run.options,
        allowed_removals=removals,
        mode=decisions.mode.value,
        take=tuple(sorted(decisions.take)),
        renames=tuple(asdict(each) for each in decisions.renames),
    )
    start_run(actor, edition_id, run_id, now, options=options)


def apply_schedule(run_id: int, clock: Callable[[], datetime]) -> None:
    """Apply the schedule of a started run to the programme, all or nothing, and finish the run."""
    apply_whole_file(run_id, clock, _read, _apply)


def _read(run: RunRow, content: bytes) -> ScheduleUpload:
    options = run.options
    edition = get_edition(run.edition_id)
    return inspect_schedule_file(edition, content, options.encoding, options.sheet, options.columns)


def _evaluate(run: RunRow, upload: ScheduleUpload) -> Outcome:
    if upload.table is not None and upload.table.missing:
        return _outcome(upload, ScheduleChange((), (), 0, ()))
    return _outcome(upload, preview_schedule(SYSTEM, run.edition_id, upload.read.schedule))


def _apply(actor: Actor, run: RunRow, upload: ScheduleUpload, now: datetime) -> Outcome:
    options = run.options
    renames = tuple(Rename(**each) for each in options.renames)
    decisions = ImportDecisions(ImportMode(options.mode), frozenset(options.take), options.allowed_removals, renames)
    return _outcome(upload, import_program(actor, run.edition_id, upload.read.schedule, now, decisions))


def _outcome(upload: ScheduleUpload, change: ScheduleChange) -> Outcome:
    read = upload.read
    report = report_of(change) | {"unprintable": list_unprintable(read.schedule)} | _report_of_table(upload.table)
    counts = Counts(added=len(change.added), unchanged=change.unchanged, faulted=len(read.faults))
    faults = [
        Fault(FaultKind.FAULT, each.params.get("line") or 0, each.params.get("column"), each.code, each.params, {})
        for each in read.faults
    ]
    return Outcome(len(read.schedule.events), counts, faults, report, items_of(change))


def report_of(change: ScheduleChange) -> dict[str, Any]:
    """Return the figures of a change and its questions, as stored for the page of its run."""
    return {
        "added": {"count": len(change.added)},
        "changed": {"count": len(change.changed)},
        "removed": {"count": len(change.removed)},
        "unchanged": change.unchanged,
        "missing_sessions": change.missing,
        "kept": change.kept,
        "total": change.total,
        "removes_much": change.removes_much,
        "renames": [asdict(each) for each in change.renames],
        "conflicts": [each.id for each in change.conflicts],
        "version": change.version,
    }


def items_of(change: ScheduleChange) -> list[PreviewItem]:
    """Return what the preview of a change lists: of the changed fields, those that a person decides about first."""
    changed = sorted(change.details, key=lambda item: not item.conflicts)
    return [
        *(PreviewItem("changes", asdict(each), is_open=bool(each.conflicts)) for each in changed),
        *list_titles("removed", change.removed),
        *list_titles("removed_speakers", change.removed_speakers),
        *list_titles("removed_tracks", change.removed_tracks),
        *list_titles("added", change.added),
        *(PreviewItem("findings", _shown(each)) for each in change.findings),
    ]


def _shown(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "titles": list(finding.titles[:NAMED_TITLES]),
        "place": finding.place,
        "at": finding.at.isoformat() if finding.at else None,
    }


def _report_of_table(table: TableReading | None) -> dict[str, Any]:
    if table is None:
        return {}
    return {
        "columns": list(table.columns),
        "mapped": dict(table.mapped),
        "missing": list(table.missing),
        "cells": [list(row) for row in table.sample],
        "encoding": table.encoding,
        "is_certain": table.is_certain,
        "candidates": [[each.encoding, ", ".join(each.sample)] for each in table.candidates],
        "sheet": table.sheet,
        "sheets": list(table.sheets),
    }
