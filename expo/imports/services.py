"""Services for import runs: the only code that writes runs, their files and faults."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from expo.accounts.rules import Actor, require
from expo.errors import ExpoError
from expo.imports.errors import ImportMissing
from expo.imports.models import ImportFault, ImportFile, ImportItem, ImportRun
from expo.imports.rules import (
    FAULT_LIFETIME,
    FILE_LIFETIME,
    PERMISSIONS,
    STOPPED_LIFETIME,
    Counts,
    Fault,
    ImportKind,
    ImportOptions,
    PreviewItem,
    RunState,
    check_open,
    check_ready,
    check_stopped,
    options_from_json,
)
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.inserting import insert_row
from expo.infra.jobs import enqueue

READ_JOB, APPLY_JOB = "imports.read", "imports.apply"
MAX_FILE_NAME = 100
_INSERT_CHUNK = 500


@retried
def create_run(
    actor: Actor,
    edition_id: int,
    *,
    kind: ImportKind,
    file_name: str,
    content: bytes,
    options: ImportOptions,
    now: datetime,
    in_background: bool = True,
) -> int:
    """Store an upload and return its run's id; the worker reads it unless the caller does."""
    require(actor, PERMISSIONS[kind], edition_id)
    with atomic():
        run_id = insert_row(
            ImportRun,
            edition_id=edition_id,
            kind=kind.value,
            state=RunState.READING.value,
            file_name=file_name[-MAX_FILE_NAME:],
            actor_kind=actor.kind,
            actor_id=actor.id,
            options=options.to_json(),
            report={},
            error_params={},
            created_at=now,
        )
        db.session.execute(insert(ImportFile).values(run_id=run_id, content=content))
        _record(actor, "imports.upload", now, edition_id, run_id, kind=kind.value, bytes=len(content))
        if in_background:
            enqueue(READ_JOB, now, run_id=run_id)
    return run_id


@retried
def change_options(actor: Actor, edition_id: int, run_id: int, options: ImportOptions, now: datetime) -> None:
    """Read a file again with different options; what was chosen in the preview stays chosen.

    Raises ImportMissing, Conflict `import_not_ready`.
    """
    with atomic():
        run = _lock_run(actor, edition_id, run_id)
        check_ready(RunState(run.state))
        run.options = replace(options, choices=options_from_json(run.options).choices).to_json()
        run.options_version += 1
        run.state = RunState.READING.value
        db.session.flush()
        enqueue(READ_JOB, now, run_id=run_id)


@retried
def store_choices(actor: Actor, edition_id: int, run_id: int, choices: Mapping[str, str]) -> None:
    """Store what was chosen on a page of the preview; an empty value takes a choice back. Not recorded as an act.

    Raises ImportMissing, PermissionMissing, Conflict `import_not_ready`.
    """
    with atomic():
        run = _lock_run(actor, edition_id, run_id)
        check_ready(RunState(run.state))
        options = options_from_json(run.options)
        merged = {name: value for name, value in {**options.choices, **choices}.items() if value}
        if merged != options.choices:
            run.options = replace(options, choices=merged).to_json()
            db.session.flush()


@retried
def store_reading(
    run_id: int,
    options_version: int,
    report: Mapping[str, Any],
    total_rows: int,
    counts: Counts,
    faults: Sequence[Fault],
    items: Sequence[PreviewItem] = (),
) -> bool:
    """Store the result of reading, and return False if the run ended or its options changed in the meantime."""
    with atomic():
        stored = db.session.execute(
            update(ImportRun)
            .where(
                ImportRun.id == run_id,
                ImportRun.state == RunState.READING.value,
                ImportRun.options_version == options_version,
            )
            .values(
                state=RunState.READY.value,
                report=dict(report),
                total_rows=total_rows,
                added=counts.added,
                unchanged=counts.unchanged,
                left_out=counts.left_out,
                faulted=counts.faulted,
            )
            .returning(ImportRun.id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if stored is None:
            return False
        db.session.execute(delete(ImportFault).where(ImportFault.run_id == run_id))
        _insert_faults(run_id, faults)
        db.session.execute(delete(ImportItem).where(ImportItem.run_id == run_id))
        _insert_items(run_id, items)
    return True


@retried
def fail_run(run_id: int, error: ExpoError, now: datetime) -> None:
    """Fail an open run, with the reason for its page, and delete its file."""
    with atomic():
        run = lock(ImportRun, run_id)
        if run is None or run.state not in {RunState.READING.value, RunState.RUNNING.value}:
            return
        run.state = RunState.FAILED.value
        run.error_code, run.error_params = error.code, dict(error.params)
        run.finished_at = now
        db.session.flush()
        _delete_file(run_id)
        _record(Actor("system"), "imports.fail", now, run.edition_id, run_id, code=error.code)


@retried
def stop_run(run_id: int, now: datetime) -> bool:
    """Mark an open run as stopped after the worker's last attempt failed; imported rows and the file are preserved.

    Returns whether the run was open.
    """
    with atomic():
        run = lock(ImportRun, run_id)
        if run is None or run.state not in {RunState.READING.value, RunState.RUNNING.value}:
            return False
        run.state = RunState.STOPPED.value
        run.error_code, run.error_params = "import_stopped", {}
        run.worked_at = now
        db.session.flush()
        _record(Actor("system"), "imports.stop", now, run.edition_id, run_id, next_row=run.next_row)
    return True


@retried
def resume_run(actor: Actor, edition_id: int, run_id: int, now: datetime) -> None:
    """Resume a stopped run from the first row that was not imported.

    Raises ImportMissing, Conflict `import_not_stopped`.
    """
    with atomic():
        run = _lock_run(actor, edition_id, run_id)
        check_stopped(RunState(run.state))
        is_started = run.started_at is not None
        run.state = (RunState.RUNNING if is_started else RunState.READING).value
        run.error_code, run.error_params = None, {}
        run.actor_kind, run.actor_id = actor.kind, actor.id
        db.session.flush()
        _record(actor, "imports.resume", now, edition_id, run_id, next_row=run.next_row)
        enqueue(APPLY_JOB if is_started else READ_JOB, now, run_id=run_id)


@retried
def start_run(
    actor: Actor,
    edition_id: int,
    run_id: int,
    now: datetime,
    *,
    options: ImportOptions | None = None,
    run_after: datetime | None = None,
) -> None:
    """Import the valid rows of a run that was read; the worker starts at once, or takes over at `run_after`.

    `options` replaces the choices made so far. Raises ImportMissing, Conflict `import_not_ready`.
    """
    with atomic():
        run = _lock_run(actor, edition_id, run_id)
        check_ready(RunState(run.state))
        run.state = RunState.RUNNING.value
        run.next_row = run.added = run.unchanged = run.left_out = run.faulted = 0
        run.actor_kind, run.actor_id = actor.kind, actor.id
        run.started_at = now
        if options is not None:
            run.options = options.to_json()
        db.session.flush()
        db.session.execute(delete(ImportFault).where(ImportFault.run_id == run_id))
        db.session.execute(delete(ImportItem).where(ImportItem.run_id == run_id))
        _record(actor, "imports.start", now, edition_id, run_id, rows=run.total_rows)
        enqueue(APPLY_JOB, run_after or now, run_id=run_id, takes_over=run_after is not None)


@retried
def cancel_run(actor: Actor, edition_id: int, run_id: int, now: datetime) -> None:
    """Cancel an open run; imported rows remain. Raises ImportMissing, Conflict `import_ended`."""
    with atomic():
        run = _lock_run(actor, edition_id, run_id)
        check_open(RunState(run.state))
        if run.started_at is None:
            run.added = run.unchanged = run.left_out = run.faulted = 0
        run.state = RunState.CANCELLED.value
        run.finished_at = now
        db.session.flush()
        _delete_file(run_id)
        _record(actor, "imports.cancel", now, edition_id, run_id, added=run.added)


def claim_rows(run_id: int, first: int, end: int, now: datetime) -> bool:
    """Claim the rows from `first` up to `end`; return False if another worker has them or the run ended.

    The run's row stays locked until the commit, so a second worker or a cancellation waits for the batch.
    """
    claimed = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.state == RunState.RUNNING.value, ImportRun.next_row == first)
        .values(next_row=end, worked_at=now)
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return claimed is not None


def store_batch(run_id: int, counts: Counts, faults: Sequence[Fault], report: Mapping[str, Any] | None = None) -> None:
    """Add the result of a batch, in the batch's own transaction; `report` replaces that of the preview."""
    replaced = {} if report is None else {"report": dict(report)}
    db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(
            added=ImportRun.added + counts.added,
            unchanged=ImportRun.unchanged + counts.unchanged,
            left_out=ImportRun.left_out + counts.left_out,
            faulted=ImportRun.faulted + counts.faulted,
            **replaced,
        )
        .execution_options(synchronize_session=False)
    )
    _insert_faults(run_id, faults)


@retried
def finish_run(actor: Actor, run_id: int, now: datetime) -> None:
    """Finish a run after its last row, once, and delete its file."""
    with atomic():
        run = lock(ImportRun, run_id)
        if run is None or run.state != RunState.RUNNING.value or run.next_row < run.total_rows:
            return
        run.state = RunState.DONE.value
        run.finished_at = now
        db.session.flush()
        _delete_file(run_id)
        _record(
            actor,
            "imports.finish",
            now,
            run.edition_id,
            run_id,
            added=run.added,
            unchanged=run.unchanged,
            left_out=run.left_out,
            faulted=run.faulted,
        )


def delete_old_files(now: datetime) -> None:
    """Cancel runs that were not started or resumed in time, with their files, and delete faults of old runs."""
    with atomic():
        stale = list(
            db.session.scalars(
                update(ImportRun)
                .where(
                    or_(
                        ImportRun.state.in_([RunState.READY.value, RunState.READING.value])
                        & (ImportRun.created_at < now - FILE_LIFETIME),
                        (ImportRun.state == RunState.STOPPED.value) & (ImportRun.worked_at < now - STOPPED_LIFETIME),
                    )
                )
                .values(state=RunState.CANCELLED.value, finished_at=now)
                .returning(ImportRun.id)
                .execution_options(synchronize_session=False)
            )
        )
        db.session.execute(delete(ImportFile).where(ImportFile.run_id.in_(stale)))
        db.session.execute(delete(ImportItem).where(ImportItem.run_id.in_(stale)))
        ended = select(ImportRun.id).where(ImportRun.finished_at < now - FAULT_LIFETIME)
        db.session.execute(delete(ImportFault).where(ImportFault.run_id.in_(ended)))


def _lock_run(actor: Actor, edition_id: int, run_id: int) -> ImportRun:
    """Lock an edition's run of a kind that the actor may import. Raises ImportMissing, PermissionMissing."""
    run = lock(ImportRun, run_id)
    if run is None or run.edition_id != edition_id:
        raise ImportMissing
    require(actor, PERMISSIONS[ImportKind(run.kind)], edition_id)
    return run


def _delete_file(run_id: int) -> None:
    """Delete the file of a run that ends, and what its preview listed."""
    db.session.execute(delete(ImportFile).where(ImportFile.run_id == run_id))
    db.session.execute(delete(ImportItem).where(ImportItem.run_id == run_id))


def _insert_faults(run_id: int, faults: Sequence[Fault]) -> None:
    rows = [
        {
            "run_id": run_id,
            "kind": each.kind.value,
            "line": each.line,
            "column": each.column[:200] if each.column else None,
            "code": each.code,
            "params": dict(each.params),
            "cells": dict(each.cells),
        }
        for each in faults
    ]
    for first in range(0, len(rows), _INSERT_CHUNK):
        db.session.execute(insert(ImportFault), rows[first : first + _INSERT_CHUNK])


def _insert_items(run_id: int, items: Sequence[PreviewItem]) -> None:
    rows = [
        {
            "run_id": run_id,
            "part": each.part,
            "position": position,
            "is_open": each.is_open,
            "content": dict(each.content),
        }
        for position, each in enumerate(items)
    ]
    for first in range(0, len(rows), _INSERT_CHUNK):
        db.session.execute(insert(ImportItem), rows[first : first + _INSERT_CHUNK])


def _record(actor: Actor, action: str, now: datetime, edition_id: int, run_id: int, **details: Any) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="import_run", subject_id=run_id, **details)
