"""Queries on export runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.exports.errors import ExportMissing
from expo.exports.models import ExportFile, ExportRun
from expo.exports.rules import ExportState
from expo.infra.db import db


@dataclass(frozen=True)
class ExportRow:
    """An export run as shown on its page and processed by the worker."""

    id: int
    edition_id: int
    person_id: int
    kind: str
    format: str
    state: ExportState
    file_name: str
    wanted: dict[str, Any]
    total_rows: int
    done_rows: int
    created_at: datetime
    expires_at: datetime | None


def find_export(run_id: int) -> ExportRow | None:
    """Return a run regardless of who requested it, for the worker; None if it does not exist."""
    run = db.session.execute(
        select(
            ExportRun.id,
            ExportRun.edition_id,
            ExportRun.person_id,
            ExportRun.kind,
            ExportRun.format,
            ExportRun.state,
            ExportRun.file_name,
            ExportRun.wanted,
            ExportRun.total_rows,
            ExportRun.done_rows,
            ExportRun.created_at,
            ExportRun.expires_at,
        ).where(ExportRun.id == run_id)
    ).one_or_none()
    return ExportRow(**{**run._mapping, "state": ExportState(run.state)}) if run else None  # noqa: SLF001


def get_own_export(actor: Actor, edition_id: int, run_id: int, now: datetime) -> ExportRow:
    """Return a run of this edition to the person who requested it. Raises ExportMissing for anybody else.

    An expired file is reported as expired even before it is deleted.
    """
    run = find_export(run_id)
    if run is None or run.edition_id != edition_id or actor.kind != "person" or run.person_id != actor.id:
        raise ExportMissing
    if run.state is ExportState.DONE and (run.expires_at is None or run.expires_at <= now):
        return ExportRow(**{**vars(run), "state": ExportState.EXPIRED})
    return run


def read_file(run_id: int) -> bytes:
    """Return the bytes of a finished run. Raises ExportMissing if they were deleted."""
    content = db.session.scalar(select(ExportFile.content).where(ExportFile.run_id == run_id))
    if content is None:
        raise ExportMissing
    return content
