"""The programme as a file: import and export."""

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.program.exports import export_ics, export_pdf, export_schedule
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import file_response
from expo.web.kit.language import current_language
from expo.web.kit.schedule_labels import schedule_labels
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.program.formats import FORMATS
from expo.web.organizer.program.forms import ScheduleFileForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_program", __name__, "/program", Permission.PROGRAM_READ)


@blueprint.get("", strict_slashes=False)
def list_program_sessions() -> AnyResponse:
    """Redirect to the first tab of the programme."""
    address = url_for("organizer_sessions.list_sessions")
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{address}?{query}" if query else address)


@blueprint.get("/export/<name>")
def export(name: str) -> Response:
    """Return the edition's whole programme as a file."""
    edition, language = current_edition(), current_language().code
    if name not in FORMATS:
        raise NotFound
    ending, content_type = FORMATS[name]
    if name == "pdf":
        content = export_pdf(edition, language, schedule_labels())
    elif name == "ics":
        content = export_ics(edition, language, _public_address)
    else:
        content = export_schedule(edition, name, _public_address)
    return file_response(content, content_type, f"schedule-{edition.slug}.{ending}")


@blueprint.route("/imports/new", methods=["GET", "POST"])
def import_file() -> tuple[str, int] | AnyResponse:
    """Accept a schedule and queue it for the worker; the page of the import run shows the preview."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    form = ScheduleFileForm()
    if form.validate_on_submit():
        run_id = create_run(
            actor,
            edition.id,
            kind=ImportKind.SCHEDULE,
            file_name=form.file.data.filename or "",
            content=read_form_file(form.file.data),
            options=ImportOptions(),
            now=utcnow(),
        )
        return redirect(url_for("organizer_imports.show_run", run_id=run_id))
    return render_template("organizer/program/import.html", form=form), 422 if form.errors else 200


def _public_address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))
