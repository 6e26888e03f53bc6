"""Services for export runs: the only code that writes runs and their files."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from expo.accounts.rules import Actor, Permission, require, require_confirmed
from expo.exports.errors import ExportMissing
from expo.exports.models import ExportFile, ExportRun
from expo.exports.queries import ExportRow, get_own_export, read_file
from expo.exports.rules import FILE_LIFETIME, LONGEST_RUN, RUN_LIFETIME, ExportState
from expo.infra.audit import record_act, record_export
from expo.infra.db import atomic, db, retried
from expo.infra.inserting import insert_row
from expo.infra.jobs import enqueue

WRITE_JOB = "exports.write"

# Called with the number of rows written so far.
Progress = Callable[[int], None]


@retried
def start_export(
    actor: Actor,
    edition_id: int,
    *,
    kind: str,
    format_: str,
    file_name: str,
    wanted: Mapping[str, Any],
    shown: Mapping[str, str],
    total_rows: int,
    now: datetime,
) -> int:
    """Queue an export and return the run's id. `shown` describes the selected rows in the audit log."""
    require(actor, Permission.ATTENDEES_READ, edition_id)
    require_confirmed(actor)
    with atomic():
        run_id = insert_row(
            ExportRun,
            edition_id=edition_id,
            person_id=actor.id,
            kind=kind,
            format=format_,
            state=ExportState.RUNNING.value,
            file_name=file_name,
            wanted=dict(wanted),
            total_rows=total_rows,
            created_at=now,
        )
        record_export(actor, kind, now, edition_id, run=run_id, **shown)
        enqueue(WRITE_JOB, now, run_id=run_id)
    return run_id


def record_progress(run_id: int, done_rows: int) -> bool:
    """Store how many rows are written; return whether the file is still wanted."""
    with atomic():
        return _change_running(run_id, done_rows=done_rows)


@retried
def finish_export(run_id: int, content: bytes, done_rows: int, now: datetime) -> bool:
    """Store the file of a running export once, since the job may run twice; return whether it was stored."""
    with atomic():
        values = {"state": ExportState.DONE.value, "finished_at": now, "expires_at": now + FILE_LIFETIME}
        if not _change_running(run_id, done_rows=done_rows, **values):
            return False
        db.session.execute(insert(ExportFile).values(run_id=run_id, content=content))
    return True


@retried
def download_export(actor: Actor, edition_id: int, run_id: int, now: datetime) -> tuple[ExportRow, bytes]:
    """Return a finished file to the person who requested it, until it expires, and log the download.

    Raises ExportMissing for anybody else, and if there is no file (yet or any longer).
    """
    require(actor, Permission.ATTENDEES_READ, edition_id)
    require_confirmed(actor)
    with atomic():
        run = get_own_export(actor, edition_id, run_id, now)
        if run.state is not ExportState.DONE:
            raise ExportMissing
        content = read_file(run_id)
        record_act(
            actor,
            f"export.download_{run.kind}",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            run=run_id,
        )
    return run, content


def delete_old_exports(now: datetime) -> None:
    """Delete expired files and old runs, and mark overdue runs as failed."""
    with atomic():
        expired = list(
            db.session.scalars(
                update(ExportRun)
                .where(ExportRun.state == ExportState.DONE.value, ExportRun.expires_at <= now)
                .values(state=ExportState.EXPIRED.value, wanted={})
                .returning(ExportRun.id)
                .execution_options(synchronize_session=False)
            )
        )
        db.session.execute(delete(ExportFile).where(ExportFile.run_id.in_(expired)))
        db.session.execute(
            update(ExportRun)
            .where(ExportRun.state == ExportState.RUNNING.value, ExportRun.created_at <= now - LONGEST_RUN)
            .values(state=ExportState.FAILED.value, wanted={}, finished_at=now)
            .execution_options(synchronize_session=False)
        )
        old = select(ExportRun.id).where(
            ExportRun.created_at <= now - RUN_LIFETIME, ExportRun.state != ExportState.DONE.value
        )
        db.session.execute(delete(ExportRun).where(ExportRun.id.in_(old)))


def _change_running(run_id: int, **values: Any) -> bool:
    changed = db.session.execute(
        update(ExportRun)
        .where(ExportRun.id == run_id, ExportRun.state == ExportState.RUNNING.value)
        .values(**values)
        .returning(ExportRun.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return changed is not None
