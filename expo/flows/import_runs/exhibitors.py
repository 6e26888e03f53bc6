"""Import a list of companies as a run: the worker reads and previews the file; once confirmed, it applies it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor
from expo.errors import Invalid
from expo.exhibitors.rules import CompanyChange, CompanyDifference, CompanyImport
from expo.exhibitors.services import preview_companies
from expo.flows.exhibitor_import import import_exhibitors, read_exhibitor_file
from expo.flows.import_runs.whole_file import Outcome, apply_whole_file, evaluate_whole_file, list_titles
from expo.imports.queries import RunRow, get_run
from expo.imports.rules import Counts, Fault, FaultKind, PreviewItem
from expo.imports.services import start_run

# Enough companies to show whether the encoding is right.
SAMPLE = 8


def evaluate_exhibitors(run_id: int, now: datetime) -> None:
    """Read the companies of a run and store a preview of their import; an unreadable file ends the run."""
    evaluate_whole_file(run_id, now, _read, _evaluate)


def start_exhibitor_import(
    actor: Actor, edition_id: int, run_id: int, now: datetime, take: frozenset[str] = frozenset()
) -> None:
    """Start a run whose companies were read; rows with errors are skipped.

    `take` has the ids of the fields edited here for which the file's value is chosen.

    Raises Conflict `import_not_ready`, Invalid `import_encoding_unconfirmed`.
    """
    run = get_run(edition_id, run_id)
    if not run.report.get("is_certain", True):
        raise Invalid("import_encoding_unconfirmed")
    start_run(actor, edition_id, run_id, now, options=replace(run.options, take=tuple(sorted(take))))


def apply_exhibitors(run_id: int, clock: Callable[[], datetime]) -> None:
    """Add and update the companies of a started run, all or nothing, and finish the run."""
    apply_whole_file(run_id, clock, _read, _apply)


def _read(run: RunRow, content: bytes) -> CompanyImport:
    return read_exhibitor_file(content, None, run.options.encoding, run.options.sheet)


def _evaluate(run: RunRow, wanted: CompanyImport) -> Outcome:
    return _outcome(wanted, preview_companies(SYSTEM, run.edition_id, wanted))


def _apply(actor: Actor, run: RunRow, wanted: CompanyImport, now: datetime) -> Outcome:
    take = frozenset(run.options.take)
    return _outcome(wanted, import_exhibitors(actor, run.edition_id, wanted, now, take_good=True, take=take))


def _outcome(wanted: CompanyImport, change: CompanyChange) -> Outcome:
    counts = Counts(added=len(change.added), unchanged=change.unchanged, faulted=len(wanted.problems))
    faults = [
        Fault(FaultKind.FAULT, each.line, each.column, each.code, each.params, each.cells) for each in wanted.problems
    ]
    return Outcome(len(wanted.companies) + len(faults), counts, faults, report_of(wanted, change), items_of(change))


def report_of(wanted: CompanyImport, change: CompanyChange) -> dict[str, Any]:
    """Return what was read and what changes, as stored for the page of the run."""
    how = wanted.how
    return {
        "added": {"count": len(change.added)},
        "changed": {"count": len(change.changed)},
        "unchanged": change.unchanged,
        "conflicts": [each for company in change.differences for each in company.conflicts],
        "columns": list(how.columns),
        "encoding": how.encoding,
        "is_certain": how.is_certain,
        "candidates": [list(each) for each in how.candidates],
        "sheet": how.sheet,
        "sheets": list(how.sheets),
        "sample": [
            {"name": each.name, "stands": [[venue, list(booths)] for venue, booths in each.booths_by_hall]}
            for each in wanted.companies[:SAMPLE]
        ],
    }


def items_of(change: CompanyChange) -> list[PreviewItem]:
    """Return what the preview of a change lists: of the changed fields, those edited here first."""
    changed = _conflicts_first(change.differences)
    return [
        *(PreviewItem("changes", asdict(each), is_open=bool(each.conflicts)) for each in changed),
        *list_titles("added", change.added),
    ]


def _conflicts_first(differences: Sequence[CompanyDifference]) -> list[CompanyDifference]:
    return sorted(differences, key=lambda each: not each.conflicts)
