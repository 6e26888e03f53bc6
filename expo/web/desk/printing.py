"""The print station: the queue, and one badge after the other in the browser's print dialog."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.badges.queries import (
    count_waiting_jobs,
    get_print_job,
    list_finished_jobs,
    list_started_jobs,
    list_waiting_jobs,
)
from expo.badges.rules import PrintState
from expo.badges.services import finish_print, request_print, start_next_print
from expo.errors import Missing
from expo.flows.badges import badge_pdf
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.registration.queries import get_attendee_by_id
from expo.web.desk.place import current_place, desk_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.questions import AnswerForm

blueprint = desk_blueprint("desk_printing", __name__, "/print")

# The PDF is shown in a frame of our own page, by a viewer that is part of the browser.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
OUTCOMES = {"printed": PrintState.PRINTED, "failed": PrintState.FAILED}


@blueprint.get("", strict_slashes=False)
def show_queue() -> str:
    """Show the badges that wait for this station, those being printed, and the last ones."""
    edition = current_edition()
    station = current_place(edition.id).station
    return render_template(
        "desk/print.html",
        form=AnswerForm(),
        waiting=list_waiting_jobs(edition.id, station),
        started=list_started_jobs(edition.id),
        finished=list_finished_jobs(edition.id),
        count=count_waiting_jobs(edition.id, station),
    )


@blueprint.post("/next")
def start_next() -> AnyResponse:
    """Take the next badge, and open it for printing."""
    edition = current_edition()
    job = start_next_print(current_actor(), edition.id, current_place(edition.id).station, utcnow())
    if job is None:
        flash(_("No badges are waiting."), "info")
        return redirect(url_for("desk_printing.show_queue"))
    return redirect(url_for("desk_printing.show_job", job_id=job.id))


@blueprint.get("/<int:job_id>")
def show_job(job_id: int) -> str:
    """Show one badge, which the page's script sends to the printer."""
    edition = current_edition()
    job = get_print_job(edition.id, job_id)
    return render_template("desk/print_job.html", job=job, form=AnswerForm())


@blueprint.get("/<int:job_id>/badge.pdf")
def send_badge(job_id: int) -> Response:
    """Return the badge of a print job as a PDF of one page."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.BADGES_ISSUE, edition.id)
    job = get_print_job(edition.id, job_id)
    pdf = badge_pdf(edition.id, job.attendee_id)
    record_export(actor, "badge", utcnow(), edition.id, attendee=job.attendee_id)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"badge-{job.attendee_code}.pdf")
    response.headers["Content-Security-Policy"] = PDF_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/<int:job_id>/<any(printed, failed):outcome>")
def finish(job_id: int, outcome: str) -> AnyResponse:
    """Note whether the badge came out of the printer."""
    job = finish_print(current_actor(), current_edition().id, job_id, OUTCOMES[outcome], utcnow())
    if job.state is PrintState.FAILED:
        flash(
            _("Printing the badge of %(name)s failed. You can print it again below.", name=job.attendee_name), "warning"
        )
    return redirect(url_for("desk_printing.show_queue"))


@blueprint.post("/<int:job_id>/again")
def print_again(job_id: int) -> AnyResponse:
    """Queue the badge of an earlier job again, for the same station."""
    edition = current_edition()
    job = get_print_job(edition.id, job_id)
    attendee = get_attendee_by_id(edition.id, job.attendee_id)
    try:
        request_print(current_actor(), attendee, utcnow(), station=job.station)
    except Missing as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The badge of %(name)s is being printed.", name=attendee.name), "success")
    return redirect(url_for("desk_printing.show_queue"))
