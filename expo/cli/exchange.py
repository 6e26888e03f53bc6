"""Commands that take files in and give files out."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from expo.accounts.rules import SYSTEM
from expo.cli.refusals import refusing
from expo.editions.queries import EditionFacts, get_current_edition, list_editions
from expo.errors import Missing
from expo.exhibitors.services import preview_companies, read_companies
from expo.flows.importing import import_exhibitors, import_program, read_schedule_file
from expo.formats.tables import Problem, write_csv, write_xlsx
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.program.services import preview_schedule
from expo.registration.queries import AttendeeFilter
from expo.reports.directories import export_directory
from expo.reports.people import COLUMNS, export_people
from expo.reports.schedules import Address, ScheduleWords, export_ics, export_pdf, export_schedule
from expo.web.kit.errors import sentence_of_code

imports = AppGroup("import", help="Take a file in. Nothing is changed where anything in it is wrong.")
exports = AppGroup("export", help="Give a file out.")

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
edition_option = click.option("--edition", "slug", help="Short name of the edition; the current one by default.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
output_file = click.Path(dir_okay=False, path_type=Path, allow_dash=True)
output_option = click.option("-o", "--output", required=True, type=output_file, help="Where to; - is standard output.")


@imports.command("schedule")
@file_argument
@edition_option
@dry_run_option
@refusing
def take_schedule(file: Path, slug: str | None, *, dry_run: bool) -> None:
    """Replace the programme by a frab XML, frab JSON or OPass JSON FILE."""
    edition = find_edition(slug)
    schedule = read_schedule_file(edition, file.read_bytes())
    change = (
        preview_schedule(SYSTEM, edition.id, schedule)
        if dry_run
        else import_program(SYSTEM, edition.id, schedule, utcnow())
    )
    verb = "would be " if dry_run else ""
    click.echo(
        f"{len(change.added)} sessions {verb}added, {len(change.changed)} {verb}changed, {change.unchanged} unchanged, "
        f"{len(change.removed)} {verb}removed."
    )


@imports.command("exhibitors")
@file_argument
@edition_option
@dry_run_option
@click.option("--map", "mappings", multiple=True, metavar="COLUMN=FIELD", help="Which column holds which field.")
@click.option("--take-good", is_flag=True, help="Take the good rows and leave the others.")
@refusing
def take_exhibitors(file: Path, slug: str | None, mappings: tuple[str, ...], *, dry_run: bool, take_good: bool) -> None:
    """Add and change companies from a CSV, Excel or JSON FILE."""
    edition = find_edition(slug)
    wanted = read_companies(file.read_bytes(), read_mappings(mappings))
    show_problems(wanted.problems)
    change = preview_companies(SYSTEM, edition.id, wanted)
    if not dry_run:
        import_exhibitors(SYSTEM, edition.id, wanted, utcnow(), take_good=take_good)
    verb = "would be " if dry_run else ""
    click.echo(
        f"{len(change.added)} companies {verb}added, {len(change.changed)} {verb}changed, "
        f"{change.unchanged} unchanged, {len(wanted.problems)} rows refused."
    )


@exports.command("schedule")
@edition_option
@click.option(
    "--format", "name", required=True, type=click.Choice(["frab-xml", "frab-json", "ics", "json", "csv", "xlsx", "pdf"])
)
@output_option
@refusing
def give_schedule(slug: str | None, name: str, output: Path) -> None:
    """Write the programme to a file. What came in a format goes out in it as it came."""
    edition = find_edition(slug)
    address = session_address()
    makers: dict[str, Callable[[], bytes]] = {
        "ics": lambda: export_ics(edition, "en", address),
        "pdf": lambda: export_pdf(edition, "en", ENGLISH, utcnow()),
    }
    write_output(output, makers.get(name, lambda: export_schedule(edition, name, address))())


@exports.command("exhibitors")
@edition_option
@click.option("--format", "name", required=True, type=click.Choice(["csv", "xlsx", "json"]))
@output_option
@refusing
def give_exhibitors(slug: str | None, name: str, output: Path) -> None:
    """Write the companies to a file that can be imported again."""
    write_output(output, export_directory(SYSTEM, find_edition(slug).id, name))


@exports.command("attendees")
@edition_option
@click.option("--format", "name", required=True, type=click.Choice(["csv", "xlsx"]))
@output_option
@refusing
def give_attendees(slug: str | None, name: str, output: Path) -> None:
    """Write the attendees to a file."""
    rows = export_people(SYSTEM, find_edition(slug), AttendeeFilter())
    content = write_csv(COLUMNS, rows) if name == "csv" else write_xlsx(COLUMNS, rows, "People")
    write_output(output, content)


ENGLISH = ScheduleWords(
    programme="Programme",
    by_time="By time",
    by_room="By room",
    page="Page {page} of {pages}",
    as_of="As of {moment}",
    nothing="Nothing is planned for this day yet.",
)


def find_edition(slug: str | None) -> EditionFacts:
    """Return the edition of this short name, or the current one. Raises Missing `edition_missing`."""
    if slug is None:
        return get_current_edition()
    found = next((each for each in list_editions() if each.slug == slug), None)
    if found is None:
        raise Missing("edition_missing")
    return found


def session_address() -> Address:
    """Return what gives the public address of a session."""
    settings: Settings = current_app.config["SETTINGS"]
    return lambda slug: f"{settings.effective_public_url}/sessions/{slug}"


def read_mappings(mappings: tuple[str, ...]) -> dict[str, str]:
    """Return which column holds which field. Ends the command with code 2 for anything but COLUMN=FIELD."""
    pairs = [mapping.rpartition("=") for mapping in mappings]
    for column, equals, field in pairs:
        if not (column and equals and field):
            raise click.BadParameter("write COLUMN=FIELD", param_hint="--map")
    return {column: field for column, _, field in pairs}


def show_problems(problems: tuple[Problem, ...]) -> None:
    """Say of each row that cannot be taken where it stands and why."""
    for problem in problems:
        place = f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")
        click.echo(f"{place}: {sentence_of_code(problem.code, dict(problem.params))}", err=True)


def write_output(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    if str(path) == "-":
        sys.stdout.buffer.write(content)
        return
    with tempfile.NamedTemporaryFile(dir=path.resolve().parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(imports)
    group.add_command(exports)
