"""Checking visitors in to their meetings: by the camera or a handheld scanner, or by the code that somebody types."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from expo.errors import ExpoError
from expo.exhibitors.rules import TeamAct
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.meetings.services import Arrival, check_in_by_badge
from expo.web.exhibitor.leads.page_data import describe_scanner
from expo.web.exhibitor.meetings import current_party
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of

# Codes of badges can be guessed, so few are looked up.
LIMIT = "60/minute"
MAX_TEXT = 1000

blueprint = exhibitor_blueprint("exhibitor_meeting_check_in", __name__, "/meetings/check-in", TeamAct.HANDLE_MEETINGS)


@blueprint.get("")
def show_scanner() -> str:
    """Show the scanner for the badges of visitors who come to their meetings."""
    return render_template("exhibitor/meetings/check_in.html", data=_describe_page(), company=current_membership())


@blueprint.post("")
def check_in_visitor() -> AnyResponse:
    """Check in a visitor by the typed code on their badge, for their meeting at this time."""
    try:
        arrival = _check_in(request.form.get("badge", ""))
    except ExpoError as error:
        flash(message_of(error), "danger")
        return redirect(url_for("exhibitor_meetings.show_meetings"))
    flash(_words_of(arrival), "success")
    return redirect(url_for("exhibitor_meetings.show_meeting", code=arrival.code))


@blueprint.post("/scan")
def scan_visitor() -> Response | tuple[Response, int]:
    """Check in a visitor by what a scanner read; the answer is for the page's script."""
    body = request.get_json(silent=True)
    badge = body.get("badge") if isinstance(body, dict) else None
    try:
        arrival = _check_in(badge if isinstance(badge, str) else "")
    except ExpoError as error:
        return jsonify(message=message_of(error)), status_of(error)
    return jsonify(
        name=arrival.name,
        message=_words_of(arrival),
        url=url_for("exhibitor_meetings.show_meeting", code=arrival.code),
    )


def _check_in(badge: str) -> Arrival:
    actor = current_actor()
    count_against(LIMIT, "meeting-badge", str(actor.id))
    return check_in_by_badge(current_party(), badge[:MAX_TEXT], utcnow())


def _words_of(arrival: Arrival) -> str:
    if arrival.is_first:
        return _("%(name)s is checked in.", name=arrival.name)
    return _("%(name)s was already checked in.", name=arrival.name)


def _describe_page() -> dict[str, Any]:
    """Return what the scanner's script needs."""
    data = describe_scanner(current_edition())
    return {
        **data,
        "url": url_for("exhibitor_meeting_check_in.scan_visitor"),
        "csrf_token": generate_csrf(),
        "texts": {
            **data["texts"],
            "not_sent": _(
                "Nobody was checked in. Check your connection, or reload the page to sign in again. Without a network, "
                "scan the badge as a lead: that checks visitors in as soon as it is sent."
            ),
        },
    }
