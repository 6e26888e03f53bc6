"""An attendee's seats in sessions: take one, accept an offer, release it."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Conflict, Missing
from expo.flows.seats import accept_seat, release_seat, take_seat
from expo.infra.clock import utcnow
from expo.program.rules import SeatState
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, safe_path
from expo.web.kit.errors import message_of
from expo.web.kit.own_schedule import find_own_attendee

blueprint = audience_blueprint("attendee_seats", __name__, Audience.ATTENDEES, url_prefix="/me/seats")


@blueprint.post("")
def change_seat() -> Response:
    """Take a seat in the session `take`, accept the offer of `accept`, or release the seat in `release`."""
    edition, attendee = current_edition(), find_own_attendee()
    if attendee is None:
        raise Missing("attendee_missing")
    act = next((name for name in ("take", "accept", "release") if request.form.get(name)), "take")
    slug = request.form.get(act, "")
    try:
        flash(*_change(act, edition.id, attendee.id, slug))
    except Conflict as error:
        flash(message_of(error), "danger")
    page = url_for("public_program.show_session", slug=slug) if slug else url_for("attendee.me")
    return redirect(safe_path(request.form.get("next")) or page)


def _change(act: str, edition_id: int, attendee_id: int, slug: str) -> tuple[str, str]:
    """Carry out the act, and return the flash message's text and category."""
    actor, now = current_actor(), utcnow()
    if act == "accept":
        accept_seat(actor, edition_id, attendee_id, slug, now)
        return _("The seat is yours. The session is on your schedule."), "success"
    if act == "release":
        release_seat(actor, edition_id, attendee_id, slug, now)
        return _("Seat released."), "success"
    if take_seat(actor, edition_id, attendee_id, slug, now) is SeatState.WAITING:
        return _("All seats are taken. You are on the waiting list, and we will e-mail you when one is free."), "info"
    return _("You have a seat. The session is on your schedule."), "success"
