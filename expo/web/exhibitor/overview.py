"""The start of an exhibitor's pages: the companies of the viewer, and the overview of one."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from expo.exhibitors.queries import list_memberships
from expo.exhibitors.rules import TeamAct
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.sections import exhibitor_blueprint
from expo.web.kit.access import Audience, audience_blueprint, current_edition, current_person_id

start_blueprint = audience_blueprint("exhibitor_start", __name__, Audience.SIGNED_IN, url_prefix="/exhibitor")
blueprint = exhibitor_blueprint("exhibitor", __name__, "", TeamAct.VIEW)


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
    return render_company_page("exhibitor/overview.html")
