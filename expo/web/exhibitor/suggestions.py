"""Visitors whom a company might like to meet, out of those who want to be found by exhibitors."""

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Missing
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.matchmaking.queries import recommend_people_for_exhibitor
from expo.matchmaking.services import dismiss_visitor, undo_dismissal_of_visitor
from expo.profiles.queries import get_person
from expo.profiles.rules import AS_EXHIBITOR
from expo.web.exhibitor.company_pages import render_company_page
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.person_texts import describe_person, reason_texts

blueprint = exhibitor_blueprint("exhibitor_suggestions", __name__, "/suggestions", TeamAction.VIEW)

SHOWN = 24


@blueprint.get("", strict_slashes=False)
def list_visitors() -> str:
    """List suggested visitors with the reasons."""
    found = recommend_people_for_exhibitor(current_edition(), current_membership().exhibitor_id, utcnow(), SHOWN)
    return render_company_page(
        "exhibitor/suggestions.html",
        people=[(describe_person(each.person), reason_texts(each.reasons, for_company=True)) for each in found],
        undo=request.args.get("undo", "")[:16],
    )


@blueprint.post("/<key>/dismiss")
def dismiss(key: str) -> Response:
    """Note that the company is not interested in a visitor; the page then offers to undo it."""
    attendee_id = _visitor(key)
    dismiss_visitor(current_actor(), current_edition().id, g.company, attendee_id, utcnow())
    return redirect(url_for("exhibitor_suggestions.list_visitors", undo=key))


@blueprint.post("/<key>/undo")
def undo(key: str) -> Response:
    """Suggest a visitor again."""
    undo_dismissal_of_visitor(current_actor(), current_edition().id, g.company, _visitor(key))
    flash(_("This visitor can be suggested again."), "success")
    return redirect(url_for("exhibitor_suggestions.list_visitors"))


def _visitor(key: str) -> int:
    """Return the attendee with this key, if exhibitors may see them."""
    try:
        return get_person(current_edition().id, AS_EXHIBITOR, key).attendee_id
    except Missing as error:
        raise Missing("recommendation_missing") from error
