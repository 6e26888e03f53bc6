"""The programme for staff: sessions, speakers, import and export."""

from datetime import date

from flask import Response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.imports.rules import ImportKind, ImportOptions
from expo.imports.services import create_run
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.program.exports import export_ics, export_pdf, export_schedule, list_unprintable_of
from expo.program.queries import (
    SessionFilter,
    count_agendas,
    get_session,
    get_speaker,
    list_filter_choices,
    list_sessions,
    list_speakers,
)
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import CONTENT_TYPES, file_response
from expo.web.kit.language import current_language
from expo.web.kit.schedule_labels import schedule_labels
from expo.web.kit.uploads import read_form_file
from expo.web.organizer.program.forms import ScheduleFileForm
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_program", __name__, "/program", Permission.PROGRAM_READ)

# Format → (file name suffix, media type, the exporter's name of the format).
FORMATS = {
    "frab-xml": ("xml", "application/xml"),
    "frab-json": ("json", "application/json"),
    "json": ("opass.json", "application/json"),
    "pretalx": ("pretalx.json", "application/json"),
    "sessionize": ("sessionize.json", "application/json"),
    "sessionize-grid": ("sessionize-grid.json", "application/json"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", CONTENT_TYPES["xlsx"]),
    "ics": ("ics", "text/calendar; charset=utf-8"),
    "pdf": ("pdf", "application/pdf"),
}
ROWS = 200


@blueprint.get("", strict_slashes=False)
def list_program_sessions() -> str:
    """List sessions matching the search; htmx requests get only the list."""
    edition = current_edition()
    wanted = _filter()
    sessions = list_sessions(edition.id, wanted)
    start = max(request.args.get("from", 0, type=int), 0)
    template = "organizer/program/_list.html" if is_partial_request() else "organizer/program/list.html"
    return render_template(
        template,
        wanted=wanted,
        query=_query(wanted),
        sessions=sessions[start : start + ROWS],
        start=start,
        total=len(sessions),
        next_start=start + ROWS if len(sessions) > start + ROWS else None,
        wanted_by=count_agendas(edition.id),
        choices=list_filter_choices(edition.id),
        formats=FORMATS,
        # Checked for the whole programme, which is what the PDF contains; not for search results.
        unprintable={} if _query(wanted) else list_unprintable_of(sessions),
    )


@blueprint.get("/sessions/<slug>")
def show_session(slug: str) -> str:
    """Show one session with all its texts."""
    edition = current_edition()
    session = get_session(edition.id, slug)
    wanted_by = count_agendas(edition.id).get(session.row.id, 0)
    return render_template("organizer/program/session.html", session=session, wanted_by=wanted_by)


@blueprint.get("/speakers")
def list_all_speakers() -> str:
    """List speakers; htmx requests get only the list."""
    q = request.args.get("q", "").strip()[:100]
    template = "organizer/program/_speakers.html" if is_partial_request() else "organizer/program/speakers.html"
    return render_template(template, q=q, speakers=list_speakers(current_edition().id, q))


@blueprint.get("/speakers/<slug>")
def show_speaker(slug: str) -> str:
    """Show one speaker with biography and sessions."""
    return render_template("organizer/program/speaker.html", speaker=get_speaker(current_edition().id, slug))


@blueprint.get("/export/<name>")
def export(name: str) -> Response:
    """Return the edition's whole programme as a file."""
    edition, language = current_edition(), current_language().code
    if name not in FORMATS:
        raise NotFound
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


def _filter() -> SessionFilter:
    args = request.args
    return SessionFilter(
        day=_day(args.get("day", "")),
        room=args.get("room") or None,
        track=args.get("track") or None,
        q=args.get("q", "").strip()[:100],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _query(wanted: SessionFilter) -> dict[str, str]:
    values = {
        "q": wanted.q,
        "day": wanted.day.isoformat() if wanted.day else None,
        "room": wanted.room,
        "track": wanted.track,
    }
    return {name: value for name, value in values.items() if value}
