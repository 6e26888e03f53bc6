"""How an attendee is reminded of their sessions: e-mails, and the secret address of their calendar feed."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Missing
from expo.program.services import choose_reminders, create_calendar_address, revoke_calendar_address
from expo.registration.queries import AttendeeRow
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.own_schedule import find_own_attendee

blueprint = audience_blueprint("attendee_reminders", __name__, Audience.ATTENDEES, url_prefix="/me")


@blueprint.post("/reminders")
def save_reminders() -> Response:
    """Store which e-mails the attendee wants."""
    choose_reminders(
        current_actor(),
        current_edition().id,
        _attendee().id,
        in_the_evening="in_the_evening" in request.form,
        before_sessions="before_sessions" in request.form,
    )
    flash(_("Reminders saved."), "success")
    return redirect(url_for("attendee.me", _anchor="reminders"))


@blueprint.post("/calendar")
def change_calendar() -> Response:
    """Turn the calendar feed on with a new secret address, or off with `revoke`."""
    if "revoke" in request.form:
        revoke_calendar_address(current_actor(), current_edition().id, _attendee().id)
        flash(_("The calendar address no longer works."), "success")
    else:
        create_calendar_address(current_actor(), current_edition().id, _attendee().id)
        flash(_("Your calendar address is ready. Add it to your calendar app."), "success")
    return redirect(url_for("attendee.me", _anchor="reminders"))


def _attendee() -> AttendeeRow:
    attendee = find_own_attendee()
    if attendee is None:
        raise Missing("attendee_missing")
    return attendee
