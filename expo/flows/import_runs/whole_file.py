"""Steps common to files that are imported as a whole: a preview without writing, one transaction for everything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from expo.accounts.rules import Actor
from expo.errors import ExpoError
from expo.flows.import_runs.starters import find_starter
from expo.imports.queries import RunRow, find_run, read_content
from expo.imports.rules import Counts, Fault, PreviewItem, RunState
from expo.imports.services import claim_rows, fail_run, finish_run, store_batch, store_reading
from expo.infra.db import atomic, retried

Content = TypeVar("Content")
Read = Callable[[RunRow, bytes], Content]


@dataclass(frozen=True)
class Outcome:
    """What an import changes or would change, as stored for the page of its run."""

    total_rows: int
    counts: Counts
    faults: Sequence[Fault]
    report: Mapping[str, Any]
    # What the preview lists, page by page.
    items: Sequence[PreviewItem] = ()


def evaluate_whole_file(
    run_id: int, now: datetime, read: Read[Content], evaluate: Callable[[RunRow, Content], Outcome]
) -> None:
    """Read the file of a run and store a preview of its import; an unreadable file ends the run."""
    run = find_run(run_id)
    if run is None or run.state is not RunState.READING:
        return
    try:
        found = evaluate(run, read(run, read_content(run_id)))
    except ExpoError as error:
        fail_run(run_id, error, now)
        return
    store_reading(run_id, run.options_version, found.report, found.total_rows, found.counts, found.faults, found.items)


@retried
def apply_whole_file(
    run_id: int,
    clock: Callable[[], datetime],
    read: Read[Content],
    apply: Callable[[Actor, RunRow, Content, datetime], Outcome],
) -> None:
    """Import the file of a started run and finish the run, all or nothing; a refusal ends the run."""
    run = find_run(run_id)
    if run is None or run.state is not RunState.RUNNING:
        return
    try:
        actor = find_starter(run)
        content = read(run, read_content(run_id))
        now = clock()
        with atomic():
            if not claim_rows(run_id, 0, run.total_rows, now):
                return
            done = apply(actor, run, content, now)
            store_batch(run_id, done.counts, done.faults, done.report)
            finish_run(actor, run_id, now)
    except ExpoError as error:
        fail_run(run_id, error, clock())


def list_titles(part: str, titles: Sequence[Any]) -> list[PreviewItem]:
    """Return sessions or companies as a part of a preview lists them: by their titles."""
    return [PreviewItem(part, {"title": each}) for each in titles]
