"""Checking visitors in to their meetings: by the camera or a handheld scanner, or by the code that somebody types.

The scanner works without a network, as the one for leads does.
"""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.errors import ExpoError, Invalid
from expo.exhibitors.rules import TeamAction
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.leads.rules import LeadEntry
from expo.meetings.queries import Party
from expo.meetings.services import Arrival, check_in_by_badge
from expo.pure.tokens import TEXT_LENGTH
from expo.web.exhibitor.leads.booth import booth_response
from expo.web.exhibitor.leads.entries import MAX_TEXT, read_entries
from expo.web.exhibitor.leads.page_data import describe_check_in
from expo.web.exhibitor.meetings import current_party
from expo.web.exhibitor.sections import exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of

# Codes of badges can be guessed, so few are looked up.
LIMIT = "60/minute"

blueprint = exhibitor_blueprint(
    "exhibitor_meeting_check_in", __name__, "/meetings/check-in", TeamAction.HANDLE_MEETINGS
)


@blueprint.get("")
def show_scanner() -> str:
    """Show the scanner for the badges of visitors who come to their meetings; its page loads the company's data."""
    return render_template("exhibitor/meetings/check_in.html", data=describe_check_in(current_edition()))


@blueprint.post("")
def check_in_visitor() -> AnyResponse:
    """Check in a visitor by the typed code on their badge, for their meeting at this time."""
    now = utcnow()
    try:
        count_against(LIMIT, "meeting-badge", str(current_actor().id))
        arrival = check_in_by_badge(current_party(), request.form.get("badge", "")[:MAX_TEXT], now, now)
    except ExpoError as error:
        flash(message_of(error), "danger")
        return redirect(url_for("exhibitor_meetings.show_meetings"))
    flash(_words_of(arrival), "success")
    return redirect(url_for("exhibitor_meetings.show_meeting", code=arrival.code))


@blueprint.get("/booth")
def send_booth() -> Response:
    """Return what the scanner stores, to check signatures without a network."""
    return booth_response()


@blueprint.post("/scans")
def post_scans() -> Response:
    """Check visitors in by a queue of scans, whenever it arrives; each scan has an answer of its own."""
    actor, party = current_actor(), current_party()
    sent = read_entries()
    for each in sent:
        if isinstance(each, LeadEntry) and len(each.token) != TEXT_LENGTH:
            count_against(LIMIT, "meeting-badge", str(actor.id))
    return jsonify(answers=[_answer(party, each) for each in sent])


def _answer(party: Party, entry: LeadEntry | str) -> dict[str, Any]:
    if isinstance(entry, str):
        return {"scan_id": entry, "outcome": "invalid"}
    try:
        arrival = check_in_by_badge(party, entry.token or entry.code, entry.scanned_at, utcnow())
    except Invalid as error:
        return {"scan_id": entry.scan_id, "outcome": "nobody", "message": message_of(error)}
    return {
        "scan_id": entry.scan_id,
        "outcome": "arrived",
        "name": arrival.name,
        "message": _words_of(arrival),
        "url": url_for("exhibitor_meetings.show_meeting", code=arrival.code),
    }


def _words_of(arrival: Arrival) -> str:
    if arrival.is_first:
        return _("%(name)s is checked in.", name=arrival.name)
    return _("%(name)s was already checked in.", name=arrival.name)
