"""The list of leads, and what can be done with several at once."""

from dataclasses import replace
from math import ceil

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.leads.queries import list_leads, list_questions, list_scanners
from expo.leads.rules import MAX_RATING, FollowUp, LeadFilter
from expo.leads.services import set_status
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.leads.filters import answer_choices, filter_of_request, query_of
from expo.web.exhibitor.leads.licences import describe_missing_licence
from expo.web.exhibitor.leads.section import blueprint
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.lead_labels import FOLLOW_UPS, WITHDRAWAL_REASONS
from expo.web.kit.questions import AnswerForm

PAGE = 50


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the leads that match the filter; htmx requests get only the list."""
    edition, membership = current_edition(), current_membership()
    wanted = filter_of_request()
    rows = list_leads(membership.exhibitor_id, edition.zone, wanted)
    pages = max(1, ceil(len(rows) / PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    values = {
        "form": AnswerForm(),
        "leads": rows[(page - 1) * PAGE : page * PAGE],
        "total": len(rows),
        "page": page,
        "pages": pages,
        "wanted": wanted,
        "query": query_of(wanted),
        "is_filtered": wanted != LeadFilter(),
        "is_all_selected": request.args.get("select") == "all",
        "follow_ups": FOLLOW_UPS,
        "reasons": {each.value: words for each, words in WITHDRAWAL_REASONS.items()},
        "may_export": membership.may(TeamAction.EXPORT_LEADS),
    }
    if "HX-Request" in request.headers:
        return render_template("exhibitor/leads/_list.html", company=membership, **values)
    return render_company_page(
        "exhibitor/leads/list.html",
        max_rating=MAX_RATING,
        licence_problem=describe_missing_licence(),
        is_narrowed=replace(wanted, q="") != LeadFilter(),
        scanners=list_scanners(membership.exhibitor_id),
        days=edition.days,
        answers=answer_choices(list_questions(membership.exhibitor_id)),
        **values,
    )


@blueprint.post("/selected")
def change_selected() -> Response:
    """Set the status of the selected leads."""
    status = request.form.get("status", "")
    codes = request.form.getlist("lead")
    wanted = filter_of_request()
    if status not in {each.value for each in FollowUp} or not codes:
        flash(_("Select leads and a status first."), "warning")
    else:
        count = set_status(
            current_actor(), current_edition().id, current_membership().slug, codes, FollowUp(status), utcnow()
        )
        flash(ngettext("%(num)s lead changed.", "%(num)s leads changed.", count), "success")
    return redirect(url_for("exhibitor_leads.list_all", **query_of(wanted)))
