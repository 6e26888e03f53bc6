"""Import runs: upload of attendees; preview, start, progress and result of every kind."""

from collections.abc import Iterator
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.queries import name_actors
from expo.accounts.rules import Permission, require
from expo.flows.attendee_import import CONSTANT_FIELDS, start_import
from expo.flows.import_runs import start_exhibitor_import, start_schedule_import
from expo.formats.tables import Cell
from expo.formats.uploads import is_known_encoding
from expo.imports.queries import RunRow, get_run, iterate_faults, list_runs
from expo.imports.rules import PERMISSIONS, ImportKind, ImportOptions
from expo.imports.services import cancel_run, change_options, create_run, resume_run, store_choices
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.errors import message_of_code
from expo.web.kit.language import sentence_sep
from expo.web.kit.questions import Question, confirm_first
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.imports.columns import KNOWN_FIELDS
from expo.web.organizer.imports.forms import ConfirmScheduleForm, FileForm, list_taken, read_choices
from expo.web.organizer.imports.kinds import KINDS
from expo.web.organizer.imports.parts import read_place
from expo.web.organizer.imports.previews import preview_values
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_imports", __name__, "/imports", *PERMISSIONS.values())

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
    """List the edition's import runs of the kinds that the viewer may import."""
    edition, actor = current_edition(), current_actor()
    kinds = [kind for kind, permission in PERMISSIONS.items() if actor.may(permission, edition.id)]
    runs = list_runs(edition.id, kinds)
    names = name_actors([(each.actor_kind, each.actor_id) for each in runs], edition.id)
    own = {kind: KINDS[kind] for kind in kinds}
    return render_template("organizer/imports/list.html", runs=runs, names=names, states=STATES, kinds=own)


@blueprint.route("/new", methods=["GET", "POST"])
def upload() -> str | AnyResponse | tuple[str, int]:
    """Accept a list of attendees and queue it for the worker."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    form = FileForm()
    if form.validate_on_submit():
        run_id = create_run(
            actor,
            edition.id,
            kind=ImportKind.ATTENDEES,
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
    return _render_run(_find_run(run_id))


@blueprint.post("/<int:run_id>/options")
def choose_options(run_id: int) -> AnyResponse:
    """Read the file again with the chosen encoding, sheet, columns and values."""
    run = _find_run(run_id)
    change_options(current_actor(), run.edition_id, run_id, _chosen_options(run), utcnow())
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.post("/<int:run_id>/choices")
def choose(run_id: int) -> AnyResponse:
    """Store what was chosen on a page of the preview, and show the page that the address names."""
    run = _store_choices(_find_run(run_id))
    query: dict[str, Any] = read_place().to_query()
    return redirect(url_for("organizer_imports.show_run", run_id=run.id, _anchor="parts", **query))


@blueprint.post("/<int:run_id>/start")
def start(run_id: int) -> AnyResponse | tuple[str, int]:
    """Import what the preview showed, if everything that needs confirmation is confirmed."""
    run, actor = _find_run(run_id), current_actor()
    match run.kind:
        case ImportKind.ATTENDEES:
            start_import(actor, run.edition_id, run_id, utcnow())
        case ImportKind.EXHIBITORS:
            run = _store_choices(run)
            start_exhibitor_import(actor, run.edition_id, run_id, utcnow(), list_taken(run))
        case ImportKind.SCHEDULE:
            run = _store_choices(run)
            form = ConfirmScheduleForm.of(run)
            if not form.confirms(run):
                return _render_run(run, form=form), 422
            start_schedule_import(
                actor,
                run.edition_id,
                run_id,
                utcnow(),
                decisions=form.read_decisions(run),
                skips_faults=bool(form.take_good.data),
            )
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.post("/<int:run_id>/resume")
def resume(run_id: int) -> AnyResponse:
    """Resume a stopped import."""
    resume_run(current_actor(), current_edition().id, run_id, utcnow())
    return redirect(url_for("organizer_imports.show_run", run_id=run_id))


@blueprint.route("/<int:run_id>/cancel", methods=["GET", "POST"])
def cancel(run_id: int) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then cancel a run; what was imported so far remains."""
    run = _find_run(run_id)
    return confirm_first(
        _cancel_question(run),
        lambda: cancel_run(current_actor(), run.edition_id, run_id, utcnow()),
        str(KINDS[run.kind].cancelled) if run.started_at else _("The file has been deleted. Nothing was imported."),
    )


def _cancel_question(run: RunRow) -> Question:
    name, is_started = run.file_name or _("File"), run.started_at is not None
    sentences = [_("The file and your choices will be deleted. To import it later, upload it again.")]
    if is_started and run.kind is ImportKind.ATTENDEES:
        sentences.insert(0, _("Attendees imported so far stay registered."))
    return Question(
        title=_("Cancel the import of “%(file)s”?", file=name) if is_started else _("Discard “%(file)s”?", file=name),
        text=sentence_sep().join(sentences),
        button=_("Cancel import") if is_started else _("Discard file"),
        trail=[
            (_("Imports"), url_for("organizer_imports.list_imports")),
            (name, url_for("organizer_imports.show_run", run_id=run.id)),
        ],
        is_destructive=True,
    )


@blueprint.get("/<int:run_id>/faults.<any(csv, xlsx):kind>")
def faults_file(run_id: int, kind: str) -> Response:
    """Return the rows that were not imported, each with its reason, as a file to correct and upload again."""
    run = _find_run(run_id)
    record_export(current_actor(), "import_faults", utcnow(), run.edition_id, run=run_id)
    columns = [str(each) for each in run.report.get("columns", ())]
    return table_response(
        kind, f"import-{run_id}-rows-not-imported", (*_fault_columns(columns), *columns), _fault_rows(run)
    )


def _find_run(run_id: int) -> RunRow:
    """Return a run that the viewer may see. Raises ImportMissing, PermissionMissing."""
    edition_id = current_edition().id
    run = get_run(edition_id, run_id)
    require(current_actor(), PERMISSIONS[run.kind], edition_id)
    return run


def _store_choices(run: RunRow) -> RunRow:
    """Return a run with what was chosen on the submitted page, beside what was chosen on others."""
    store_choices(current_actor(), run.edition_id, run.id, read_choices(run))
    return get_run(run.edition_id, run.id)


def _render_run(run: RunRow, **values: object) -> str:
    template = "organizer/imports/_run.html" if is_partial_request() else "organizer/imports/run.html"
    words = KINDS[run.kind]
    return render_template(template, **{**preview_values(run), "run": run, "words": words, "states": STATES, **values})


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


def _chosen_options(run: RunRow) -> ImportOptions:
    columns = run.report.get("columns", [])
    known = KNOWN_FIELDS.get(run.kind, frozenset())
    chosen = {str(name): request.form.get(f"column-{at}", "") for at, name in enumerate(columns)}
    encoding, sheet = request.form.get("encoding", ""), request.form.get("sheet", "")
    # Another encoding or sheet changes the column names, so they are detected again.
    same_file = encoding == run.report.get("encoding", "") and sheet == run.report.get("sheet", "")
    return ImportOptions(
        encoding=encoding if is_known_encoding(encoding) else "",
        sheet=sheet if sheet in run.report.get("sheets", ()) else "",
        columns={name: field if field in known else "" for name, field in chosen.items()} if same_file else {},
        constants={name: value for name in CONSTANT_FIELDS if (value := request.form.get(f"constant-{name}", "")[:64])},
    )
