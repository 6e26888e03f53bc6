"""Imports of attendees: upload, preview, start, progress and result."""

from collections.abc import Iterator

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.queries import name_actors
from expo.accounts.rules import Permission
from expo.flows.attendee_import import COLUMNS, CONSTANT_FIELDS, start_import
from expo.formats.tables import Cell
from expo.formats.uploads import is_known_encoding
from expo.imports.queries import PAGE_SIZE, RunRow, get_run, iterate_faults, list_faults, list_runs
from expo.imports.rules import FaultKind, ImportOptions
from expo.imports.services import cancel_run, change_options, create_run, resume_run
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.pure.languages import LANGUAGES
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.countries import countries_in
from expo.web.kit.downloads import table_response
from expo.web.kit.encodings import encoding_choices
from expo.web.kit.errors import message_of_code
from expo.web.kit.language import current_locale, localized
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.imports.forms import FileForm
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_imports", __name__, "/imports", Permission.ATTENDEES_WRITE)

FIELDS = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "latin_name": _l("Name in Latin letters"),
    "email": _l("E-mail address"),
    "country": _l("Country or region"),
    "company": _l("Company or organization"),
    "job_title": _l("Job title"),
    "ticket_type": _l("Ticket type"),
    "language": _l("Language"),
    "state": _l("Status"),
    "paid": _l("Payment"),
    "cancelled": _l("Cancelled or refunded"),
}
STATES = {
    "reading": (_l("Reading"), "wait"),
    "ready": (_l("Ready to import"), "wait"),
    "running": (_l("Importing"), "wait"),
    "stopped": (_l("Stopped"), "no"),
    "done": (_l("Imported"), "yes"),
    "cancelled": (_l("Cancelled"), "no"),
    "failed": (_l("Failed"), "no"),
}


@blueprint.get("", strict_slashes=False)
def list_imports() -> str:
    """List the edition's import runs."""
    edition = current_edition()
    runs = list_runs(edition.id)
    names = name_actors([(each.actor_kind, each.actor_id) for each in runs], edition.id)
    return render_template("organizer/imports/list.html", runs=runs, names=names, states=STATES)


@blueprint.route("/new", methods=["GET", "POST"])
def upload() -> str | AnyResponse | tuple[str, int]:
    """Accept a file upload and queue it for the worker."""
    form = FileForm()
    if form.validate_on_submit():
        run_id = create_run(
            current_actor(),
            current_edition().id,
            kind="attendees",
            file_name=form.file.data.filename or "",
            content=read_form_file(form.file.data),
            options=ImportOptions(),
            now=utcnow(),
        )
        return redirect(url_for("organizer_imports.show_run", run_id=run_id))
    return render_template("organizer/imports/new.html", form=form), 422 if form.errors else 200


@blueprint.get("/<int:run_id>")
def show_run(run_id: int) -> str:
    """Show a run's progress, preview or result; htmx requests get only the changing part."""
    run = get_run(current_edition().id, run_id)
    template = "organizer/imports/_run.html" if is_partial_request() else "organizer/imports/run.html"
    return render_template(template, run=run, states=STATES, **_preview_values(run))


@blueprint.post("/<int:run_id>/options")
def choose_options(run_id: int) -> AnyResponse:
    """Read the file again with the chosen encoding, sheet, columns and values."""
    edition = current_edition()
    run = get_run(edition.id, run_id)
    change_options(current_actor(), edition.id, run_id, _chosen_options(run), utcnow())
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.post("/<int:run_id>/start")
def start(run_id: int) -> AnyResponse:
    """Import the valid rows."""
    start_import(current_actor(), current_edition().id, run_id, utcnow())
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.post("/<int:run_id>/resume")
def resume(run_id: int) -> AnyResponse:
    """Resume a stopped import."""
    resume_run(current_actor(), current_edition().id, run_id, utcnow())
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.post("/<int:run_id>/cancel")
def cancel(run_id: int) -> AnyResponse:
    """Cancel a run; what was imported so far remains."""
    cancel_run(current_actor(), current_edition().id, run_id, utcnow())
    flash(_("Import cancelled. Attendees imported before this stay registered."), "info")
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.get("/<int:run_id>/faults.<any(csv, xlsx):kind>")
def faults_file(run_id: int, kind: str) -> Response:
    """Return the rows that were not imported, each with its reason, as a file to correct and upload again."""
    edition = current_edition()
    run = get_run(edition.id, run_id)
    record_export(current_actor(), "import_faults", utcnow(), edition.id, run=run_id)
    columns = [str(each) for each in run.report.get("columns", ())]
    return table_response(
        kind, f"import-{run_id}-rows-not-imported", (*_fault_columns(columns), *columns), _fault_rows(run)
    )


def _fault_columns(columns: list[str]) -> tuple[str, str, str]:
    """Return the headings of our own columns, distinct from the file's."""
    line, column, reason = _("Line"), _("Column"), _("Reason")
    taken = {each.casefold() for each in columns}
    return (
        line if line.casefold() not in taken else f"{line} *",
        column if column.casefold() not in taken else f"{column} *",
        reason if reason.casefold() not in taken else f"{reason} *",
    )


def _fault_rows(run: RunRow) -> Iterator[tuple[Cell, ...]]:
    for fault in iterate_faults(run.id):
        cells = (fault.cells.get(name, "") for name in run.report.get("columns", ()))
        yield (fault.line, fault.column or "", message_of_code(fault.code, dict(fault.params)), *cells)


def _preview_values(run: RunRow) -> dict[str, object]:
    types = [(each.code, localized(each.name)) for each in list_ticket_types(run.edition_id, utcnow())]
    encoding = run.report.get("encoding", "")
    field_of = {column: name for name, column in run.report.get("mapped", {}).items()}
    return {
        "fields": FIELDS,
        "field_of": field_of | run.report.get("status_columns", {}),
        "missing": [FIELDS[name] for name in run.report.get("missing", ())],
        "encodings": encoding_choices(encoding, run.report.get("candidates", ())),
        "ticket_types": types,
        "ticket_names": dict(types),
        "countries": countries_in(current_locale()),
        "languages_of_letters": [(each.code, each.name) for each in LANGUAGES],
        "faults": [_shown(each) for each in list_faults(run.id, kind=FaultKind.FAULT)],
        "left_out": [_shown(each) for each in list_faults(run.id, kind=FaultKind.LEFT_OUT)],
        "shown": PAGE_SIZE,
        "error": message_of_code(run.error_code, run.error_params) if run.error_code else None,
    }


def _shown(fault: object) -> tuple[object, str]:
    return fault, message_of_code(fault.code, dict(fault.params))  # type: ignore[attr-defined]


def _chosen_options(run: RunRow) -> ImportOptions:
    columns = run.report.get("columns", [])
    chosen = {str(name): request.form.get(f"column-{at}", "") for at, name in enumerate(columns)}
    encoding, sheet = request.form.get("encoding", ""), request.form.get("sheet", "")
    # Another encoding or sheet changes the column names, so they are detected again.
    same_file = encoding == run.report.get("encoding", "") and sheet == run.report.get("sheet", "")
    return ImportOptions(
        encoding=encoding if is_known_encoding(encoding) else "",
        sheet=sheet if sheet in run.report.get("sheets", ()) else "",
        columns={name: field if field in COLUMNS else "" for name, field in chosen.items()} if same_file else {},
        constants={name: value for name in CONSTANT_FIELDS if (value := request.form.get(f"constant-{name}", "")[:64])},
    )
