"""Speakers' tickets: list them, issue them, and ask what happens to those of people who no longer speak."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid
from expo.flows.granted_tickets import TicketOutcome
from expo.flows.speaker_registrations import RegistrationRequest
from expo.flows.speaker_ticket_runs import find_ticket_run, start_ticket_run
from expo.flows.speaker_tickets import (
    MAX_TICKETS,
    TicketRefusal,
    cancel_speaker_ticket,
    issue_speaker_ticket,
    issue_speaker_tickets,
)
from expo.infra.clock import utcnow
from expo.program.queries import TicketStatus, get_speaker_ticket, list_speaker_tickets
from expo.program.services import keep_registration
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, message_of_code
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.sections import is_partial_request, section_blueprint
from expo.web.organizer.speaker_tickets.forms import IssueForm, read_selection

blueprint = section_blueprint(
    "organizer_speaker_tickets", __name__, "/program/speaker-tickets", Permission.PROGRAM_MANAGE
)

LABELS = {
    TicketStatus.MISSING: _l("Without a ticket"),
    TicketStatus.ISSUED: _l("With a ticket"),
    TicketStatus.NO_ACCOUNT: _l("Without an account"),
    TicketStatus.NOT_SPEAKING: _l("No longer speaking"),
}
OUTCOMES = {
    TicketOutcome.REGISTERED: _l("Registered. The badge is on its way by e-mail."),
    TicketOutcome.CHANGED: _l("Already registered: the ticket was changed, and the new badge sent by e-mail."),
    TicketOutcome.LINKED: _l("Already registered with this ticket. Nothing was sent."),
}
SHOWN_REFUSALS = 10


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the speakers of one status, and how many there are in each."""
    edition = current_edition()
    tickets = list_speaker_tickets(edition.id)
    counts = {status: sum(each.status is status for each in tickets) for status in TicketStatus}
    asked = request.args.get("status", "")
    default = TicketStatus.MISSING if counts[TicketStatus.MISSING] else TicketStatus.ISSUED
    chosen = TicketStatus(asked) if asked in {each.value for each in TicketStatus} else default
    of_status = [each for each in tickets if each.status is chosen]
    page = page_of_request(len(of_status), {"status": chosen.value})
    return render_template(
        "organizer/speaker_tickets/list.html",
        tickets=page.cut(of_status),
        page=page,
        total=len(tickets),
        chosen=chosen,
        statuses=TicketStatus,
        tabs=[
            (_("%(what)s (%(count)s)", what=LABELS[each], count=number(counts[each])), list_url(each), each is chosen)
            for each in LABELS
        ],
        former=counts[TicketStatus.NOT_SPEAKING],
        form=IssueForm.of(edition),
        maximum=MAX_TICKETS,
        run=find_ticket_run(edition.id),
        is_selected=request.args.get("select") == "all",
        select_url=url_for("organizer_speaker_tickets.list_all", **page.to_query, select="all"),
        unselect_url=page.url(page.number),
    )


@blueprint.post("", strict_slashes=False)
def issue_selected() -> Response:
    """Issue tickets to the selected speakers."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    form = IssueForm.of(edition)
    if not form.validate_on_submit():
        flash(_("Choose a ticket."), "danger")
        return redirect(list_url(TicketStatus.MISSING))
    slugs = read_selection(edition, TicketStatus.MISSING)
    if not slugs:
        flash(_("Select at least one speaker."), "danger")
        return redirect(list_url(TicketStatus.MISSING))
    if len(slugs) > MAX_TICKETS:
        return start_run(RegistrationRequest(slugs, form.ticket.data, "", {}), TicketStatus.MISSING)
    try:
        issued, refusals = issue_speaker_tickets(actor, edition.id, slugs, form.ticket.data, utcnow())
    except Invalid as error:
        flash(message_of(error), "danger")
        return redirect(list_url(TicketStatus.MISSING))
    if issued:
        flash(
            ngettext("%(count)s ticket issued.", "%(count)s tickets issued.", issued, count=number(issued)), "success"
        )
    flash_refusals(refusals)
    return redirect(url_for("organizer_speaker_tickets.list_all"))


def start_run(request: RegistrationRequest, status: TicketStatus) -> Response:
    """Let the worker give tickets to many speakers, and redirect to its progress, or to the list of a status."""
    try:
        start_ticket_run(current_actor(), current_edition().id, request, utcnow())
    except (Conflict, Invalid) as error:
        flash(message_of(error), "danger")
        return redirect(list_url(status))
    return redirect(url_for("organizer_speaker_tickets.show_run"))


@blueprint.get("/issue")
def show_run() -> str | Response:
    """Show the progress of the last run, then its outcome; htmx requests get only the changing part."""
    run = find_ticket_run(current_edition().id)
    if run is None:
        return redirect(url_for("organizer_speaker_tickets.list_all"))
    return render_template(
        f"organizer/speaker_tickets/{'_run' if is_partial_request() else 'run'}.html",
        run=run,
        refusals=[(localized(dict(each.name)), reason_of(each.code, each.params)) for each in run.refusals],
        problem=reason_of(run.problem, {}) if run.problem else "",
    )


@blueprint.post("/<slug>/issue")
def issue(slug: str) -> Response:
    """Issue a ticket to one speaker, on their page."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    form = IssueForm.of(edition)
    if not form.validate_on_submit():
        flash(_("Choose a ticket."), "danger")
        return redirect(_speaker_url(slug))
    try:
        outcome = issue_speaker_ticket(actor, edition.id, slug, form.ticket.data, utcnow())
    except (Conflict, Invalid) as error:
        flash(reason_of(error.code, error.params), "danger")
    else:
        flash(OUTCOMES[outcome], "success")
    return redirect(_speaker_url(slug))


@blueprint.post("/<slug>/keep")
def keep(slug: str) -> Response:
    """Let somebody who no longer speaks stay registered."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    try:
        keep_registration(actor, edition.id, slug, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("The registration is kept. You can change its ticket under Attendees."), "success")
    return redirect(list_url(TicketStatus.NOT_SPEAKING))


@blueprint.route("/<slug>/cancel", methods=["GET", "POST"])
def cancel(slug: str) -> Response | tuple[str, int]:
    """Cancel the registration of somebody who no longer speaks, after confirmation."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    ticket = get_speaker_ticket(edition.id, slug)
    question = Question(
        title=_("Cancel the registration of %(name)s?", name=localized(ticket.name)),
        text=_("The badge becomes invalid, and they are notified by e-mail."),
        button=_("Cancel registration"),
        trail=[
            (_("Speakers"), url_for("organizer_speakers.list_speakers")),
            (_("Speakers’ tickets"), list_url(TicketStatus.NOT_SPEAKING)),
        ],
        is_destructive=True,
    )
    done = _("The registration has been cancelled.")
    return confirm_first(question, lambda: cancel_speaker_ticket(actor, edition.id, slug, utcnow()), done)


def flash_refusals(refusals: Sequence[TicketRefusal]) -> None:
    """Say who got no ticket, and why."""
    for each in refusals[:SHOWN_REFUSALS]:
        name = localized(each.ticket.name)
        flash(_("%(name)s: %(reason)s", name=name, reason=reason_of(each.error.code, each.error.params)), "warning")
    if len(refusals) > SHOWN_REFUSALS:
        left = len(refusals) - SHOWN_REFUSALS
        text = ngettext(
            "%(count)s more did not get a ticket.", "%(count)s more did not get a ticket.", left, count=number(left)
        )
        flash(text, "warning")


def reason_of(code: str, params: Mapping[str, Any]) -> str:
    """Return why somebody got no ticket; what is missing in their profile, only they can enter."""
    if code == "country_unknown":
        return _("The country or region is missing. Ask them to enter it in their profile as a speaker.")
    if code == "sold_out":
        return _("No places are left for this ticket.")
    return message_of_code(code, params)


def list_url(status: TicketStatus) -> str:
    """Return the address of the list of one status."""
    return url_for("organizer_speaker_tickets.list_all", status=status.value)


def _speaker_url(slug: str) -> str:
    return url_for("organizer_speakers.show_speaker", slug=slug, _anchor="ticket")
