"""The command that imports attendees."""

import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from expo.accounts.rules import SYSTEM
from expo.cli.import_export import (
    dry_run_option,
    edition_option,
    encoding_option,
    file_argument,
    find_edition,
    imports,
    map_option,
    read_mappings,
    require_certain_encoding,
    sheet_option,
)
from expo.cli.refusals import exit_on_refusal
from expo.editions.queries import EditionFacts
from expo.flows.attendee_import import (
    CONSTANT_FIELDS,
    AttendeeTable,
    Evaluation,
    apply_batches,
    evaluate_rows,
    evaluate_run,
    read_table_of,
    start_import,
)
from expo.formats.errors import BadFile
from expo.imports.queries import RunRow, get_run, iterate_faults
from expo.imports.rules import Counts, Fault, ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.tasks.imports import SHORTEST_PAUSE, TAKE_OVER_AFTER
from expo.web.kit.errors import message_of_code


@click.command("attendees")
@with_appcontext
@file_argument
@edition_option
@dry_run_option
@map_option
@click.option("--take-good-rows", "--take-good", is_flag=True, help="Import the valid rows and skip the others.")
@encoding_option
@sheet_option
@click.option("--ticket", default="", metavar="CODE", help="Ticket type for all rows if the file has no such column.")
@click.option("--country", default="", metavar="CODE", help="Country for all rows if the file has no such column.")
@click.option("--language", default="", metavar="CODE", help="Language for all rows if the file has no such column.")
@exit_on_refusal
def import_attendees_command(
    file: Path,
    slug: str | None,
    mappings: tuple[str, ...],
    encoding: str,
    sheet: str,
    ticket: str,
    country: str,
    language: str,
    *,
    dry_run: bool,
    take_good_rows: bool,
) -> None:
    """Import attendees from a CSV, Excel or JSON FILE; each gets a badge and an e-mail.

    Required columns: name (or first and last name), email, country and ticket type. Optional columns: latin name,
    company, job title, language, status and payment. People who are already registered stay unchanged; people who are
    cancelled or refunded in the file are not registered.
    """
    edition = find_edition(slug)
    constants = dict(zip(CONSTANT_FIELDS, (ticket, country, language), strict=True))
    options = ImportOptions(
        encoding=encoding,
        sheet=sheet,
        columns=read_mappings(mappings),
        constants={name: value for name, value in constants.items() if value},
    )
    content = file.read_bytes()
    table = read_table_of(content, options)
    _check_columns(table)
    judged = evaluate_rows(edition, table, utcnow())
    _show_reading(table, judged)
    if not dry_run:
        require_certain_encoding(table.upload.encoding, is_certain=table.upload.is_certain)
    if dry_run or (judged.counts.faulted and not take_good_rows):
        _show_faults(judged.faults)
        _show_counts(judged.counts, "would be ")
        _refuse_faults(judged.counts, take_good=take_good_rows)
        return
    run = _import(edition, file.name, content, replace(options, encoding=table.upload.encoding))
    _show_faults(iterate_faults(run.id))
    _show_counts(run.counts, "")


def _import(edition: EditionFacts, name: str, content: bytes, options: ImportOptions) -> RunRow:
    """Import as a run, which the worker finishes if this command is interrupted."""
    run_id = create_run(
        SYSTEM,
        edition.id,
        kind=ImportKind.ATTENDEES,
        file_name=name,
        content=content,
        options=options,
        now=utcnow(),
        in_background=False,
    )
    evaluate_run(run_id, utcnow())
    start_import(SYSTEM, edition.id, run_id, utcnow(), run_after=utcnow() + TAKE_OVER_AFTER)
    run = get_run(edition.id, run_id)
    with click.progressbar(
        length=run.total_rows, label="Attendees", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def should_continue(at: RunRow) -> bool:
            bar.update(at.next_row - bar.pos)
            if db.engine.dialect.name == "sqlite":
                time.sleep(SHORTEST_PAUSE)
            return True

        apply_batches(run_id, utcnow, should_continue)
    run = get_run(edition.id, run_id)
    if run.error_code:
        raise BadFile(run.error_code, **run.error_params)
    return run


def _check_columns(table: AttendeeTable) -> None:
    for field in table.missing:
        raise BadFile("table_column_missing", 1, field=field, columns=", ".join(table.upload.table.columns))


def _show_reading(table: AttendeeTable, judged: Evaluation) -> None:
    """Report the guessed encoding with sample names to check it by, and which sheet was read."""
    upload = table.upload
    if not upload.is_certain:
        names = ", ".join(each.order.attendees[0].name for each in judged.sample)
        click.echo(f"Read as {upload.encoding} (uncertain): {names}.", err=True)
    if len(upload.sheets) > 1:
        click.echo(f"Read sheet {upload.sheet} of: {', '.join(upload.sheets)}. --sheet NAME overrides.", err=True)


def _show_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        place = f"line {fault.line}" + (f", column {fault.column}" if fault.column else "")
        click.echo(f"{place}: {message_of_code(fault.code, dict(fault.params))}", err=True)


def _show_counts(counts: Counts, verb: str) -> None:
    left_out = f", {counts.left_out} skipped" if counts.left_out else ""
    click.echo(
        f"{counts.added} people {verb}registered, {counts.unchanged} unchanged, "
        f"{counts.faulted} rows with errors{left_out}."
    )


def _refuse_faults(counts: Counts, *, take_good: bool) -> None:
    if counts.faulted and not take_good:
        click.echo(message_of_code("rows_refused", {"count": counts.faulted}), err=True)
        raise SystemExit(1)


def add_commands(_group: AppGroup) -> None:
    """Add this command to `flask expo import`."""
    imports.add_command(import_attendees_command)
