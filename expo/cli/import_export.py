"""Commands that import and export files."""

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import force_locale

from expo.accounts.rules import SYSTEM
from expo.cli.refusals import exit_on_refusal
from expo.editions.queries import EditionFacts, get_current_edition, list_editions
from expo.errors import Missing
from expo.exhibitors.exports import export_directory
from expo.exhibitors.rules import CompanyImport
from expo.exhibitors.services import preview_companies
from expo.flows.exhibitor_import import import_exhibitors, read_exhibitor_file
from expo.flows.program_import import import_program, inspect_schedule_file, list_unprintable
from expo.flows.publishing import count_open_notices, notify_of_version
from expo.formats.encodings import ENCODINGS
from expo.formats.errors import BadFile
from expo.formats.tables import Cell, Problem, write_csv, write_xlsx
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.program.exports import SCHEDULE_FORMATS, Address, export_ics, export_pdf, export_schedule
from expo.program.queries import get_version
from expo.program.rules import ImportDecisions, ImportMode
from expo.program.services import preview_schedule
from expo.pure.languages import BY_CODE
from expo.registration.queries import AttendeeFilter, count_attendees
from expo.registration.rules import AttendeeState
from expo.reports.people import COLUMNS, export_people
from expo.tickets.queries import get_ticket_type
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.schedule_labels import schedule_labels

imports = AppGroup("import", help="Import a file. Nothing is changed if the file has errors.")
exports = AppGroup("export", help="Export to a file.")

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
edition_option = click.option("--edition", "slug", help="Short name of the expo; the current one by default.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would change without changing anything.")
map_option = click.option("--map", "mappings", multiple=True, metavar="COLUMN=FIELD", help="Map a column to a field.")
encoding_option = click.option(
    "--encoding", default="", metavar="NAME", help=f"Encoding of a text file, such as {ENCODINGS[1]}."
)
sheet_option = click.option(
    "--sheet", default="", metavar="NAME", help="Sheet of an Excel file; by default the first one with rows."
)
take_good_option = click.option("--take-good", is_flag=True, help="Import the valid rows and skip the others.")
output_file = click.Path(dir_okay=False, path_type=Path, allow_dash=True)
output_option = click.option(
    "-o", "--output", required=True, type=output_file, help="Output file; - is standard output."
)


@imports.command("schedule")
@file_argument
@edition_option
@dry_run_option
@take_good_option
@click.option(
    "--allow-removals",
    "removals",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Confirm that N sessions are removed; required for more than a tenth of the programme.",
)
@click.option("--update", is_flag=True, help="Add and update sessions; remove none.")
@click.option("--take-file", is_flag=True, help="Where both have changed, use the file's value.")
@click.option("--notify", is_flag=True, help="E-mail the people whose rooms or times have changed.")
@map_option
@encoding_option
@sheet_option
@exit_on_refusal
def import_schedule_command(
    file: Path,
    slug: str | None,
    removals: int,
    mappings: tuple[str, ...],
    encoding: str,
    sheet: str,
    *,
    dry_run: bool,
    take_good: bool,
    update: bool,
    take_file: bool,
    notify: bool,
) -> None:
    """Bring the programme in line with a frab, OPass, Sessionize, pretalx, CSV or Excel FILE.

    What was edited here is kept, unless the file changed it too and --take-file is given.
    """
    edition = find_edition(slug)
    upload = inspect_schedule_file(edition, file.read_bytes(), encoding, sheet, read_mappings(mappings))
    read = upload.read
    for field in upload.table.missing if upload.table else ():
        columns = ", ".join(upload.table.columns) if upload.table else ""
        raise BadFile("table_column_missing", 1, field=field, columns=columns)
    for fault in read.faults:
        click.echo(message_of(BadFile(fault.code, **fault.params)), err=True)
    if read.faults and not take_good and not dry_run:
        click.echo(message_of_code("rows_refused", {"count": len(read.faults)}), err=True)
        raise SystemExit(1)
    mode = ImportMode.UPDATE if update else ImportMode.REPLACE
    seen = preview_schedule(SYSTEM, edition.id, read.schedule, ImportDecisions(mode))
    take = frozenset(each.id for each in seen.conflicts) if take_file else frozenset()
    decisions = ImportDecisions(mode, take, removals)
    change = seen if dry_run else import_program(SYSTEM, edition.id, read.schedule, utcnow(), decisions)
    verb = "would be " if dry_run else ""
    click.echo(
        f"{len(change.added)} sessions {verb}added, {len(change.changed)} {verb}changed, {change.unchanged} unchanged, "
        f"{len(change.removed)} {verb}removed."
    )
    if change.conflicts:
        whose = "the file's value" if take_file else "our value"
        was = "would be" if dry_run else "was"
        click.echo(f"{len(change.conflicts)} fields were changed both here and in the file: {whose} {was} used.")
    if change.version is not None:
        _show_version(edition, change.version, notify=notify)
    missing = list_unprintable(read.schedule)
    if missing:
        listed = ", ".join(f"{character} ({code})" for character, code in missing.items())
        click.echo(f"The PDF cannot show these characters: {listed}", err=True)
    exit_on_problems(read.faults, take_good=take_good)


def _show_version(edition: EditionFacts, number: int, *, notify: bool) -> None:
    """Say which version an import has made, and e-mail those whom it concerns or say that nobody was."""
    notices = count_open_notices(get_version(edition.id, number))
    count = notices.speakers + notices.attendees if notices else 0
    click.echo(f"This is version {number} of the timetable. It concerns {count} people.")
    if notify:
        notify_of_version(SYSTEM, edition.id, number, utcnow())
        click.echo("They will get an e-mail.")
    elif count:
        click.echo("They got no e-mail. To send it, open the version under Programme, Publish.")


@imports.command("exhibitors")
@file_argument
@edition_option
@dry_run_option
@map_option
@encoding_option
@sheet_option
@take_good_option
@exit_on_refusal
def import_exhibitors_command(
    file: Path,
    slug: str | None,
    mappings: tuple[str, ...],
    encoding: str,
    sheet: str,
    *,
    dry_run: bool,
    take_good: bool,
) -> None:
    """Add and update exhibitors from a CSV, Excel or JSON FILE."""
    edition = find_edition(slug)
    wanted = read_exhibitor_file(file.read_bytes(), read_mappings(mappings), encoding, sheet)
    _show_reading(wanted)
    if not dry_run:
        require_certain_encoding(wanted.how.encoding, is_certain=wanted.how.is_certain)
    show_problems(wanted.problems)
    change = preview_companies(SYSTEM, edition.id, wanted)
    if not dry_run:
        import_exhibitors(SYSTEM, edition.id, wanted, utcnow(), take_good=take_good)
    verb = "would be " if dry_run else ""
    click.echo(
        f"{len(change.added)} companies {verb}added, {len(change.changed)} {verb}changed, "
        f"{change.unchanged} unchanged, {len(wanted.problems)} rows with errors."
    )
    exit_on_problems(wanted.problems, take_good=take_good)


def _show_reading(wanted: CompanyImport) -> None:
    """Report the guessed encoding with sample names to check it by, and which sheet was read."""
    how = wanted.how
    if not how.is_certain:
        names = ", ".join(each.name for each in wanted.companies[:5])
        click.echo(f"Read as {how.encoding} (uncertain): {names}.", err=True)
    if len(how.sheets) > 1:
        click.echo(f"Read sheet {how.sheet} of: {', '.join(how.sheets)}. --sheet NAME overrides.", err=True)


@exports.command("schedule")
@edition_option
@click.option("--format", "name", required=True, type=click.Choice([*SCHEDULE_FORMATS, "ics", "pdf"]))
@click.option("--language", type=click.Choice(list(BY_CODE)), default="en", show_default=True, help="For ics and pdf.")
@output_option
@exit_on_refusal
def export_schedule_command(slug: str | None, name: str, language: str, output: Path) -> None:
    """Export the programme to a file. Data imported in a format is exported unchanged in that format."""
    edition = find_edition(slug)
    address = session_address()
    with force_locale(BY_CODE[language].locale):
        if name == "ics":
            content = export_ics(edition, language, address)
        elif name == "pdf":
            content = export_pdf(edition, language, schedule_labels())
        else:
            content = export_schedule(edition, name, address)
    write_output(output, content)


@exports.command("exhibitors")
@edition_option
@click.option("--format", "name", required=True, type=click.Choice(["csv", "xlsx", "json"]))
@output_option
@exit_on_refusal
def export_exhibitors_command(slug: str | None, name: str, output: Path) -> None:
    """Export the exhibitors to a file that can be imported again."""
    write_output(output, export_directory(SYSTEM, find_edition(slug).id, name))


@exports.command("attendees")
@edition_option
@click.option("--format", "name", required=True, type=click.Choice(["csv", "xlsx"]))
@click.option("--type", "ticket_type", help="Only attendees with this ticket type code.")
@click.option(
    "--state", type=click.Choice([state.value for state in AttendeeState]), help="Only attendees with this status."
)
@output_option
@exit_on_refusal
def export_attendees_command(
    slug: str | None, name: str, ticket_type: str | None, state: str | None, output: Path
) -> None:
    """Export the attendees to a file."""
    edition = find_edition(slug)
    if ticket_type is not None:
        get_ticket_type(edition.id, ticket_type, utcnow())
    wanted = AttendeeFilter(ticket_type=ticket_type, state=AttendeeState(state) if state else None)
    found = export_people(SYSTEM, edition, wanted, utcnow())
    with progress_bar(found, count_attendees(edition.id, wanted), "Attendees") as rows:
        content = write_csv(COLUMNS, rows) if name == "csv" else write_xlsx(COLUMNS, rows, "People")
    write_output(output, content)


def find_edition(slug: str | None) -> EditionFacts:
    """Return the edition with this slug, or the current one. Raises Missing `edition_missing`."""
    if slug is None:
        return get_current_edition()
    found = next((each for each in list_editions() if each.slug == slug), None)
    if found is None:
        raise Missing("edition_missing")
    return found


def session_address() -> Address:
    """Return a function that returns the public URL of a session."""
    settings: Settings = current_app.config["SETTINGS"]
    return lambda slug: f"{settings.effective_public_url}/sessions/{slug}"


def read_mappings(mappings: tuple[str, ...]) -> dict[str, str]:
    """Parse COLUMN=FIELD pairs. Exits with code 2 if one is malformed."""
    pairs = [mapping.rpartition("=") for mapping in mappings]
    for column, equals, field in pairs:
        if not (column and equals and field):
            raise click.BadParameter("write COLUMN=FIELD", param_hint="--map")
    return {column: field for column, _, field in pairs}


def require_certain_encoding(encoding: str, *, is_certain: bool) -> None:
    """Refuse to import with a guessed encoding until the user confirms it with --encoding."""
    if not is_certain:
        raise click.ClickException(
            "Nothing was imported. If these names are correct, confirm with "
            f"--encoding {encoding}; otherwise specify another encoding."
        )


def show_problems(problems: tuple[Problem, ...]) -> None:
    """Print the position and reason of every row that cannot be imported."""
    for problem in problems:
        place = f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")
        click.echo(f"{place}: {message_of_code(problem.code, dict(problem.params))}", err=True)


def exit_on_problems(problems: Sequence[object], *, take_good: bool) -> None:
    """Exit with code 1 if rows have errors and importing only the others was not requested."""
    if problems and not take_good:
        click.echo(message_of_code("rows_refused", {"count": len(problems)}), err=True)
        raise SystemExit(1)


@contextmanager
def progress_bar(rows: Iterable[Sequence[Cell]], length: int, label: str) -> Iterator[Iterable[Sequence[Cell]]]:
    """Yield the rows, with a progress bar if stderr is a terminal."""
    with click.progressbar(rows, length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar


def write_output(path: Path, content: bytes) -> None:
    """Write a file atomically. Exits with code 1 if it cannot be written."""
    if str(path) == "-":
        click.echo(content, nl=False)
        return
    unfinished: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.resolve().parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except OSError as error:
        if unfinished:
            unfinished.unlink(missing_ok=True)
        click.echo(f"{path} cannot be written: {error.strerror}.", err=True)
        raise SystemExit(1) from None


def add_commands(group: AppGroup) -> None:
    """Add these commands to `flask expo`."""
    group.add_command(imports)
    group.add_command(exports)
