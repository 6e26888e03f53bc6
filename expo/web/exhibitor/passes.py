"""The passes of a team: a badge for a member out of the company's quota."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid, Missing
from expo.exhibitors.queries import Membership, count_passes_used, get_member, get_record
from expo.exhibitors.rules import TeamAction
from expo.flows.exhibitor_passes import issue_pass, return_pass
from expo.flows.granted_tickets import TicketOutcome
from expo.infra.clock import utcnow
from expo.web.exhibitor.company_pages import render_company_form
from expo.web.exhibitor.forms import PassForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint, require_action
from expo.web.exhibitor.team import name_of
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.questions import Question, confirm_first

blueprint = exhibitor_blueprint("exhibitor_passes", __name__, "/team/<int:member_id>/pass", TeamAction.VIEW)

Page = str | Response | tuple[str, int]
OUTCOMES = {
    TicketOutcome.REGISTERED: _l("The badge is on its way by e-mail."),
    TicketOutcome.CHANGED: _l("Already registered: the ticket was changed, and the new badge sent by e-mail."),
    TicketOutcome.LINKED: _l("Already registered with this ticket. Nothing was sent."),
}


@blueprint.route("", methods=["GET", "POST"])
def issue(member_id: int) -> Page:
    """Ask what the badge should say, and issue the pass; members get their own, owners those of all."""
    membership = _membership(member_id)
    member = get_member(membership.exhibitor_id, member_id)
    edition = current_edition()
    record = get_record(edition.id, membership.slug)
    form = PassForm.of(member, record.country)
    if form.validate_on_submit():
        try:
            outcome = issue_pass(current_actor(), edition.id, membership.slug, member_id, form.to_holder(), utcnow())
        except (Conflict, Invalid, Missing) as error:
            show_at_field(form, error, "name")
        else:
            flash(OUTCOMES[outcome], "success")
            return redirect(url_for("exhibitor_team.show"))
    return render_company_form(
        form,
        "exhibitor/pass.html",
        member=member,
        passes=record.passes,
        passes_used=count_passes_used(membership.exhibitor_id),
    )


@blueprint.route("/cancel", methods=["GET", "POST"])
def cancel(member_id: int) -> Page:
    """Cancel a pass after confirmation, so that somebody else can get it."""
    membership = _membership(member_id)
    member = get_member(membership.exhibitor_id, member_id)
    question = Question(
        _("Cancel the pass of %(name)s?", name=name_of(member)),
        _(
            "Their badge will no longer be valid, and the pass can be given to someone else. Anyone who was "
            "registered before gets their former ticket back."
        ),
        _("Cancel pass"),
        [(membership.name, url_for("exhibitor.show")), (_("Team"), url_for("exhibitor_team.show"))],
        is_destructive=True,
    )
    return confirm_first(
        question,
        lambda: return_pass(current_actor(), current_edition().id, membership.slug, member_id, utcnow()),
        _("The pass has been cancelled."),
        "exhibitor/confirm.html",
    )


def _membership(member_id: int) -> Membership:
    membership = current_membership()
    return membership if membership.member_id == member_id else require_action(TeamAction.MANAGE_TEAM)
