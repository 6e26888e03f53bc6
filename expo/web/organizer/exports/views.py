"""Exports of attendees: short lists are sent at once, long ones are prepared by the worker."""

from flask import Response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require_confirmed
from expo.exports.queries import get_own_export
from expo.exports.services import download_export, start_export
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.registration.queries import count_attendees
from expo.reports.people import COLUMNS, export_people, filter_to_json, shown_filter
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import CONTENT_TYPES, file_response, table_response
from expo.web.organizer.attendees.filters import filter_of_request, query_of_request
from expo.web.organizer.sections import is_partial_request, section_blueprint

# Writing this many attendees takes well under a second.
LARGEST_SENT_AT_ONCE = 1000

blueprint = section_blueprint("organizer_exports", __name__, "/exports", Permission.ATTENDEES_READ)


def export_attendees(kind: str) -> str | Response:
    """Return the matching attendees as a file, or offer to prepare it if there are many."""
    edition = current_edition()
    wanted = filter_of_request()
    count = count_attendees(edition.id, wanted)
    if count <= LARGEST_SENT_AT_ONCE:
        rows = export_people(current_actor(), edition, wanted, utcnow())
        return table_response(kind, f"attendees-{edition.slug}", COLUMNS, rows)
    require_confirmed(current_actor())
    query = query_of_request(wanted)
    return render_template("organizer/exports/new.html", form=FlaskForm(), kind=kind, count=count, query=query)


@blueprint.post("/attendees.<any(csv, xlsx):kind>")
def prepare(kind: str) -> AnyResponse:
    """Queue an export of the matching attendees."""
    edition, actor = current_edition(), current_actor()
    count_against("20/hour", "export", str(actor.id))
    wanted = filter_of_request()
    run_id = start_export(
        actor,
        edition.id,
        kind="attendees",
        format_=kind,
        file_name=f"attendees-{edition.slug}.{kind}",
        wanted=filter_to_json(wanted),
        shown=shown_filter(wanted),
        total_rows=count_attendees(edition.id, wanted),
        now=utcnow(),
    )
    return redirect(url_for("organizer_exports.show", run_id=run_id))


@blueprint.get("/<int:run_id>")
def show(run_id: int) -> str:
    """Show the progress, then the file; htmx requests get only the changing part."""
    run = get_own_export(current_actor(), current_edition().id, run_id, utcnow())
    template = "organizer/exports/_run.html" if is_partial_request() else "organizer/exports/run.html"
    return render_template(template, run=run)


@blueprint.get("/<int:run_id>/file")
def download(run_id: int) -> Response:
    """Return the file to the person who requested it, until it expires."""
    run, content = download_export(current_actor(), current_edition().id, run_id, utcnow())
    return file_response(content, CONTENT_TYPES[run.format], run.file_name)
