"""Queries on import runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from expo.imports.errors import ImportMissing
from expo.imports.models import ImportFault, ImportFile, ImportItem, ImportRun
from expo.imports.rules import (
    Counts,
    Fault,
    FaultKind,
    ImportKind,
    ImportOptions,
    PreviewItem,
    RunState,
    options_from_json,
)
from expo.infra.db import db

PAGE_SIZE = 50
_CHUNK = 1000


@dataclass(frozen=True)
class RunRow:
    """An import run as shown on its page and processed by the worker."""

    id: int
    edition_id: int
    kind: ImportKind
    state: RunState
    file_name: str
    actor_kind: str
    actor_id: int | None
    options: ImportOptions
    options_version: int
    report: dict[str, Any]
    total_rows: int
    next_row: int
    counts: Counts
    error_code: str | None
    error_params: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    worked_at: datetime | None
    finished_at: datetime | None

    @property
    def is_moving(self) -> bool:
        """Whether the worker is processing this run, so that its page refreshes."""
        return self.state in {RunState.READING, RunState.RUNNING}

    @property
    def imported(self) -> int:
        """How many rows were imported so far: added, or changed in what already existed."""
        changed = self.report.get("changed", {}).get("count", 0) if self.state is RunState.DONE else 0
        return (self.counts.added if self.started_at else 0) + int(changed)


def get_run(edition_id: int, run_id: int) -> RunRow:
    """Return an edition's run. Raises ImportMissing."""
    row = find_run(run_id)
    if row is None or row.edition_id != edition_id:
        raise ImportMissing
    return row


def find_run(run_id: int) -> RunRow | None:
    """Return a run of any edition, or None."""
    run = db.session.scalars(
        select(ImportRun).where(ImportRun.id == run_id), execution_options={"populate_existing": True}
    ).one_or_none()
    return _row(run) if run else None


def list_runs(edition_id: int, kinds: Iterable[ImportKind] = tuple(ImportKind), limit: int = PAGE_SIZE) -> list[RunRow]:
    """Return the runs of an edition, newest first."""
    query = (
        select(ImportRun)
        .where(ImportRun.edition_id == edition_id, ImportRun.kind.in_([each.value for each in kinds]))
        .order_by(ImportRun.id.desc())
        .limit(limit)
    )
    return [_row(run) for run in db.session.scalars(query, execution_options={"populate_existing": True})]


def read_content(run_id: int) -> bytes:
    """Return the file of a run. Raises ImportMissing once it is deleted."""
    content = db.session.scalar(select(ImportFile.content).where(ImportFile.run_id == run_id))
    if content is None:
        raise ImportMissing
    return content


def list_faults(run_id: int, limit: int = PAGE_SIZE, kind: FaultKind | None = None, *, offset: int = 0) -> list[Fault]:
    """Return rows that are not imported, in file order."""
    query = select(ImportFault).where(ImportFault.run_id == run_id)
    if kind is not None:
        query = query.where(ImportFault.kind == kind.value)
    query = query.order_by(ImportFault.line, ImportFault.id).limit(limit).offset(offset)
    return [_fault(each) for each in db.session.scalars(query)]


def list_items(run_id: int, part: str, *, offset: int = 0, only_open: bool = False) -> list[PreviewItem]:
    """Return a page of what a part of a preview lists; with `only_open` only what a person decides about."""
    query = select(ImportItem).where(ImportItem.run_id == run_id, ImportItem.part == part)
    if only_open:
        query = query.where(ImportItem.is_open)
    rows = db.session.scalars(query.order_by(ImportItem.position).limit(PAGE_SIZE).offset(offset))
    return [PreviewItem(each.part, each.content, each.is_open) for each in rows]


def count_items(run_id: int) -> dict[str, tuple[int, int]]:
    """Return how many things each part of a preview lists, and about how many of them a person decides."""
    opened = func.count().filter(ImportItem.is_open)
    query = select(ImportItem.part, func.count(), opened).where(ImportItem.run_id == run_id).group_by(ImportItem.part)
    return {part: (count, decided) for part, count, decided in db.session.execute(query)}


def iterate_faults(run_id: int) -> Iterator[Fault]:
    """Iterate over all rows that are not imported, in file order, reading them in chunks."""
    after = (0, 0)
    while True:
        query = (
            select(ImportFault)
            .where(
                ImportFault.run_id == run_id,
                (ImportFault.line > after[0]) | ((ImportFault.line == after[0]) & (ImportFault.id > after[1])),
            )
            .order_by(ImportFault.line, ImportFault.id)
            .limit(_CHUNK)
        )
        rows = list(db.session.scalars(query))
        yield from map(_fault, rows)
        if len(rows) < _CHUNK:
            return
        after = (rows[-1].line, rows[-1].id)


def _fault(row: ImportFault) -> Fault:
    return Fault(FaultKind(row.kind), row.line, row.column, row.code, row.params, row.cells)


def _row(run: ImportRun) -> RunRow:
    return RunRow(
        id=run.id,
        edition_id=run.edition_id,
        kind=ImportKind(run.kind),
        state=RunState(run.state),
        file_name=run.file_name,
        actor_kind=run.actor_kind,
        actor_id=run.actor_id,
        options=options_from_json(run.options),
        options_version=run.options_version,
        report=run.report,
        total_rows=run.total_rows,
        next_row=run.next_row,
        counts=Counts(run.added, run.unchanged, run.left_out, run.faulted),
        error_code=run.error_code,
        error_params=run.error_params,
        created_at=run.created_at,
        started_at=run.started_at,
        worked_at=run.worked_at,
        finished_at=run.finished_at,
    )
