"""The times that an attendee keeps free of meetings."""

from datetime import date, datetime, time

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import ExpoError
from expo.meetings.queries import list_busy_marks, list_meetings
from expo.meetings.rules import MeetingState, ParticipantState, Side
from expo.meetings.services import mark_busy, remove_busy_mark
from expo.web.attendee.meetings import current_party, own_attendee
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.formats import datetime_local

blueprint = audience_blueprint("attendee_busy_marks", __name__, Audience.ATTENDEES, url_prefix="/me/busy")


@blueprint.get("")
def show_marks() -> str:
    """List the times kept free."""
    return render_template(
        "attendee/meetings/busy.html", marks=list_busy_marks(own_attendee().id), expo_days=current_edition().days
    )


@blueprint.post("")
def change_marks() -> Response:
    """Keep a time free, or remove the mark `remove`."""
    mark_id = request.form.get("remove", type=int)
    if mark_id is not None:
        remove_busy_mark(current_party(), mark_id)
        flash(_("Meetings can be scheduled at this time again."), "success")
        return redirect(url_for("attendee_busy_marks.show_marks"))
    period = _read_period()
    if period is None:
        flash(_("Choose a day, and enter times such as 12:00."), "danger")
        return redirect(url_for("attendee_busy_marks.show_marks"))
    try:
        mark_busy(current_party(), *period)
    except ExpoError as error:
        flash(message_of(error), "danger")
    else:
        flash(_("This time is kept free of meetings."), "success")
        _warn_of_meetings(*period)
    return redirect(url_for("attendee_busy_marks.show_marks"))


def _warn_of_meetings(begins: datetime, ends: datetime) -> None:
    """Name the meetings that are agreed for a time that is to be kept free: they stay."""
    party = current_party()
    for row in list_meetings(party, states=(MeetingState.SCHEDULED,)):
        if row.own_state(party) is not ParticipantState.JOINED:
            continue
        if row.starts_at and row.ends_at and row.starts_at < ends and row.ends_at > begins:
            names, at = row.names_of((row.side_of(party) or Side.GUEST).other), datetime_local(row.starts_at)
            flash(
                _(
                    "Your meeting with %(name)s on %(time)s stays. Move or cancel it if you have no time.",
                    name=_(", ").join(names),
                    time=at,
                ),
                "warning",
            )


def _read_period() -> tuple[datetime, datetime] | None:
    """Return the period of the form, in the edition's zone; without times it is the whole day."""
    zone = current_edition().zone
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        begins = time.fromisoformat(request.form.get("from") or "00:00")
        ends = time.fromisoformat(request.form.get("until") or "23:59")
    except ValueError:
        return None
    return datetime.combine(day, begins, tzinfo=zone), datetime.combine(day, ends, tzinfo=zone)
