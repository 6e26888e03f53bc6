"""The programme as a file: import and export."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.errors import ExpoError
from expo.flows.program_import import import_program, inspect_schedule_file, list_unprintable
from expo.formats.errors import BadFile
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.program.exports import export_ics, export_pdf, export_schedule
from expo.program.services import preview_schedule
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import file_response
from expo.web.kit.errors import message_of
from expo.web.kit.language import current_language
from expo.web.kit.schedule_labels import schedule_labels
from expo.web.kit.uploads import delete_upload, read_form_file, read_upload, store_upload
from expo.web.organizer.program.formats import FORMATS
from expo.web.organizer.program.forms import ScheduleAnswerForm, ScheduleFileForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_program", __name__, "/program", Permission.PROGRAM_READ)

SHOWN = 100


@blueprint.get("", strict_slashes=False)
def list_program_sessions() -> AnyResponse:
    """Redirect to the first tab of the programme."""
    address = url_for("organizer_sessions.list_sessions")
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{address}?{query}" if query else address)


@blueprint.get("/export/<any('frab-xml', 'frab-json', json, csv, xlsx, ics, pdf):name>")
def export(name: str) -> Response:
    """Return the edition's whole programme as a file."""
    edition, language = current_edition(), current_language().code
    ending, content_type = FORMATS[name]
    if name == "pdf":
        content = export_pdf(edition, language, schedule_labels(), utcnow())
    elif name == "ics":
        content = export_ics(edition, language, _public_address)
    else:
        content = export_schedule(edition, name, _public_address)
    return file_response(content, content_type, f"schedule-{edition.slug}.{ending}")


@blueprint.route("/imports/new", methods=["GET", "POST"])
def import_file() -> tuple[str, int] | AnyResponse:
    """Accept a schedule upload, and store it until the preview is confirmed."""
    edition = current_edition()
    require(current_actor(), Permission.PROGRAM_MANAGE, edition.id)
    form = ScheduleFileForm()
    if form.validate_on_submit():
        data = read_form_file(form.file.data)
        try:
            inspect_schedule_file(edition, data)
        except ExpoError as error:
            form.file.errors = [message_of(error)]
        else:
            upload = store_upload(edition.id, "schedule", data, form.file.data.filename or "")
            return redirect(url_for("organizer_program.preview_import", upload=upload))
    return render_template("organizer/program/import.html", form=form), 422 if form.errors else 200


@blueprint.route("/imports/<upload>", methods=["GET", "POST"])
def preview_import(upload: str) -> tuple[str, int] | AnyResponse:
    """Preview the changes in a schedule; import it once confirmed."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    data, name = read_upload(edition.id, "schedule", upload)
    read = inspect_schedule_file(edition, data)
    change = preview_schedule(actor, edition.id, read.schedule)
    form = ScheduleAnswerForm()
    if form.validate_on_submit() and form.confirms(change, has_faults=bool(read.faults)):
        change = import_program(actor, edition.id, read.schedule, utcnow(), allowed_removals=form.removals.data or 0)
        delete_upload(edition.id, "schedule", upload)
        flash(
            _(
                "Import finished: %(added)s sessions added, %(changed)s changed, %(removed)s removed.",
                added=len(change.added),
                changed=len(change.changed),
                removed=len(change.removed),
            ),
            "success",
        )
        return redirect(url_for("organizer_sessions.list_sessions"))
    page = render_template(
        "organizer/program/preview.html",
        form=form,
        name=name,
        change=change,
        unprintable=list_unprintable(read.schedule),
        faults=[message_of(BadFile(fault.code, **fault.params)) for fault in read.faults],
        shown=SHOWN,
    )
    return page, 422 if form.errors else 200


def _public_address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))
