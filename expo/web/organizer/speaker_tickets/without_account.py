"""Tickets for speakers without an account: show how each would get one, then register them."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Invalid
from expo.flows.speaker_registrations import (
    OTHER_PERSON,
    RegistrationRequest,
    Way,
    plan_speaker_tickets,
    register_speakers,
)
from expo.flows.speaker_tickets import MAX_TICKETS
from expo.infra.clock import utcnow
from expo.program.queries import TicketStatus
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.formats import number
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.speaker_tickets.forms import RegisterForm, read_selection
from expo.web.organizer.speaker_tickets.views import flash_refusals, list_url, start_run

blueprint = section_blueprint(
    "organizer_speaker_registrations",
    __name__,
    "/program/speaker-tickets/without-account",
    Permission.PROGRAM_MANAGE,
)

WAYS = {
    Way.INVITED: _l("Invited by e-mail to confirm"),
    Way.AT_DESK: _l("Badge at the help desk"),
    Way.LINKED: _l("Registered already"),
    Way.UNCLEAR: _l("Possibly registered already"),
}


@blueprint.post("")
def preview() -> str | Response | tuple[str, int]:
    """Show how the selected speakers would get a ticket, with counts; nothing is stored yet."""
    require(current_actor(), Permission.ATTENDEES_WRITE, current_edition().id)
    slugs = read_selection(current_edition(), TicketStatus.NO_ACCOUNT)
    if not slugs:
        flash(_("Select at least one speaker."), "danger")
        return redirect(list_url(TicketStatus.NO_ACCOUNT))
    return _preview_page(RegisterForm.of(current_edition()), slugs)


@blueprint.post("/register")
def register() -> str | Response | tuple[str, int]:
    """Register the speakers as the preview showed."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    slugs = request.form.getlist("speakers")
    form = RegisterForm.of(edition)
    if not form.validate():
        return _preview_page(form, slugs, 422)
    wanted = RegistrationRequest(
        slugs, form.ticket.data, form.country.data, {slug: request.form.get(f"same-{slug}", "") for slug in slugs}
    )
    if len(slugs) > MAX_TICKETS:
        return start_run(wanted, TicketStatus.NO_ACCOUNT)
    try:
        counts, refusals = register_speakers(actor, edition.id, wanted, utcnow())
    except Invalid as error:
        flash(message_of(error), "danger")
        return redirect(list_url(TicketStatus.NO_ACCOUNT))
    _flash_counts(counts)
    flash_refusals(refusals)
    return redirect(list_url(TicketStatus.NO_ACCOUNT))


def _preview_page(form: RegisterForm, slugs: list[str], status: int = 200) -> str | Response | tuple[str, int]:
    planned = plan_speaker_tickets(current_actor(), current_edition().id, slugs)
    if not planned:
        flash(_("These speakers have tickets already."), "info")
        return redirect(list_url(TicketStatus.NO_ACCOUNT))
    groups = [(way, label, [each for each in planned if each.way is way]) for way, label in WAYS.items()]
    page = render_template(
        "organizer/speaker_tickets/preview.html",
        form=form,
        groups=[each for each in groups if each[2]],
        ways=Way,
        other=OTHER_PERSON,
        chosen=request.form,
    )
    return page, status


def _flash_counts(counts: dict[Way, int]) -> None:
    invited, desk, linked = (counts.get(way, 0) for way in (Way.INVITED, Way.AT_DESK, Way.LINKED))
    if invited:
        text = ngettext("%(count)s speaker was invited.", "%(count)s speakers were invited.", invited,
            count=number(invited))  # fmt: skip
        flash(text, "success")
    if desk:
        text = ngettext(
            "%(count)s badge is ready to be printed at the help desk.",
            "%(count)s badges are ready to be printed at the help desk.",
            desk,
            count=number(desk),
        )
        flash(text, "success")
    if linked:
        text = ngettext(
            "%(count)s registration now has the ticket.",
            "%(count)s registrations now have the ticket.",
            linked,
            count=number(linked),
        )
        flash(text, "success")
    left = counts.get(Way.UNCLEAR, 0)
    if left:
        text = ngettext(
            "%(count)s speaker is waiting for your decision.",
            "%(count)s speakers are waiting for your decision.",
            left,
            count=number(left),
        )
        flash(text, "warning")
