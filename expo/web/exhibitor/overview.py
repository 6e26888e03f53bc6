"""The start of an exhibitor's pages: the companies of the viewer, and the overview of one."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import find_application, get_page, list_memberships
from expo.exhibitors.rules import TeamAction
from expo.flows.exhibitor_applications import reply_to_question
from expo.infra.clock import utcnow
from expo.meetings.queries import list_meetings, party_of_company
from expo.meetings.rules import OPEN_STATES
from expo.web.exhibitor.company_pages import render_company_form
from expo.web.exhibitor.completeness import describe_missing
from expo.web.exhibitor.forms import ReplyForm
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.exhibitor.to_do import list_to_do
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, current_person_id
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.meeting_labels import group_meetings

start_blueprint = audience_blueprint("exhibitor_start", __name__, Audience.SIGNED_IN, url_prefix="/exhibitor")
blueprint = exhibitor_blueprint("exhibitor", __name__, "", TeamAction.VIEW)

# More are on the list of meetings.
NEXT_MEETINGS = 3
Page = str | Response | tuple[str, int]


@start_blueprint.get("", strict_slashes=False)
def choose() -> str | Response:
    """Open the viewer's company; let them choose if they work for several."""
    companies = list_memberships(current_edition().id, current_person_id())
    if len(companies) == 1:
        return redirect(url_for("exhibitor.show", company=companies[0].slug))
    return render_template("exhibitor/choose.html", companies=companies)


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show what is to be done and what happens at the company's booth."""
    return _page(ReplyForm())[0]


@blueprint.post("/reply")
def reply() -> Page:
    """Answer the organizers' question about the company's application."""
    form, membership = ReplyForm(), current_membership()
    if form.validate_on_submit():
        try:
            reply_to_question(current_actor(), current_edition().id, membership.slug, form.text.data or "", utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "text")
        else:
            flash(_("Your answer has been sent to the organizers."), "success")
            return redirect(url_for("exhibitor.show"))
    return _page(form)


def _page(form: ReplyForm) -> tuple[str, int]:
    edition, membership = current_edition(), current_membership()
    page = get_page(edition.id, membership.slug)
    party = party_of_company(current_actor(), edition.id, membership.slug)
    groups = group_meetings(party, list_meetings(party, states=OPEN_STATES), utcnow())
    return render_company_form(
        form,
        "exhibitor/overview.html",
        to_do=list_to_do(page, len(groups.to_answer)),
        booths=page.company.booths,
        percent=page.completeness.percent,
        missing=describe_missing(page.completeness),
        may_edit=membership.may(TeamAction.EDIT_PAGE),
        next_meetings=groups.scheduled[:NEXT_MEETINGS],
        party=party,
        application=find_application(current_edition().id, membership.slug),
        may_reply=membership.may(TeamAction.MANAGE_TEAM),
    )
