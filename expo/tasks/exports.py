"""Jobs of export runs."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from expo.editions.queries import EditionFacts, get_edition
from expo.exports.queries import ExportRow, find_export
from expo.exports.rules import ExportState
from expo.exports.services import WRITE_JOB, delete_old_exports, finish_export, record_progress
from expo.formats.tables import Cell, write_csv, write_xlsx
from expo.infra.clock import utcnow
from expo.infra.jobs import job_handler
from expo.reports.gate_list import KIND as GATE_LIST, write_gate_list
from expo.reports.people import COLUMNS, filter_from_json, iterate_people

ROWS_PER_PROGRESS_UPDATE = 1000


class RunEndedError(Exception):
    """The run ended while its file was being written."""


@job_handler(WRITE_JOB)
def write_export(payload: dict[str, Any], _now: datetime) -> None:
    """Write the file of a run. If run twice, the second file is discarded."""
    run = find_export(payload["run_id"])
    if run is None or run.state is not ExportState.RUNNING:
        return
    edition = get_edition(run.edition_id)
    try:
        content = _write_gate_list(run, edition) if run.kind == GATE_LIST else _write_table(run, edition)
    except RunEndedError:
        return
    finish_export(run.id, content, run.total_rows, utcnow())


@job_handler("exports.forget", every=timedelta(minutes=5))
def delete_expired_files(_payload: dict[str, Any], now: datetime) -> None:
    """Delete expired files."""
    delete_old_exports(now)


def _write_table(run: ExportRow, edition: EditionFacts) -> bytes:
    rows = _with_progress(run.id, iterate_people(edition, filter_from_json(run.wanted, edition.id)))
    return write_csv(COLUMNS, rows) if run.format == "csv" else write_xlsx(COLUMNS, rows, "attendees")


def _write_gate_list(run: ExportRow, edition: EditionFacts) -> bytes:
    out = BytesIO()
    write_gate_list(edition, run.wanted, out, lambda done: _note(run.id, done), run.created_at)
    return out.getvalue()


def _note(run_id: int, done: int) -> None:
    if not record_progress(run_id, done):
        raise RunEndedError


def _with_progress(run_id: int, rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(rows):
        if number % ROWS_PER_PROGRESS_UPDATE == 0:
            _note(run_id, number)
        yield row
