"""The control room: people in the zones, entrances, devices, arrivals, refusals and alarms, kept up to date."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.checkin.queries.alarms import get_control_room
from expo.checkin.services.alarms import acknowledge_alarm, change_control_room
from expo.errors import Invalid
from expo.infra.clock import utcnow
from expo.reports.control_room import get_board
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.organizer.control_room.forms import ControlRoomForm
from expo.web.organizer.control_room.labels import alarm_text
from expo.web.organizer.labels import reason_label
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_control_room", __name__, "/control-room", Permission.REPORTS_READ)

# A change is shown within two seconds: this, and the age of the figures (see reports/control_room.py).
REFRESH_SECONDS = 1.1


@blueprint.get("", strict_slashes=False)
def show_board() -> str | Response:
    """Show the control room. It polls itself; its content is sent again only if it has changed."""
    return _show("organizer/control_room/board.html")


@blueprint.get("/screen")
def show_screen() -> str | Response:
    """Show the control room on a dark background, without navigation, for a large display."""
    return _show("organizer/control_room/screen.html")


@blueprint.post("/alarms/<int:alarm_id>/acknowledge")
def acknowledge(alarm_id: int) -> Response:
    """Record that the viewer is dealing with an alarm."""
    is_first = acknowledge_alarm(current_actor(), current_edition().id, alarm_id, utcnow())
    if not is_first:
        flash(_("Someone else has already acknowledged this alarm."), "info")
    on_screen = request.form.get("next") == "screen"
    return redirect(url_for(f"organizer_control_room.{'show_screen' if on_screen else 'show_board'}"))


@blueprint.route("/settings", methods=["GET", "POST"])
def edit_settings() -> Response | tuple[str, int]:
    """Change when alarms are raised and what the forecast assumes."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.CHECKPOINTS_MANAGE, edition.id)
    form = ControlRoomForm(obj=get_control_room(edition.id))
    if form.validate_on_submit():
        wanted = form.to_request()
        try:
            change_control_room(actor, edition.id, wanted, utcnow())
        except Invalid as error:
            show_at_field(form, error, "silent_minutes")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_control_room.show_board"))
    return render_form(form, "organizer/control_room/settings.html")


def _show(template: str) -> str | Response:
    actor, edition = current_actor(), current_edition()
    board = get_board(actor, edition, utcnow())
    content = render_template(
        template,
        is_part=is_partial_request(),
        refresh_seconds=REFRESH_SECONDS,
        board=board,
        refusals=[(reason_label(reason), count) for reason, count in board.refusals],
        alarms=[(each, alarm_text(each)) for each in board.alarms],
        open_alarms=sum(each.cleared_at is None and each.acknowledged_at is None for each in board.alarms),
        may_manage=actor.may(Permission.CHECKPOINTS_MANAGE, edition.id),
        theme_of_screen="dark",
    )
    if not is_partial_request():
        return content
    answer = make_response(content)
    answer.add_etag()
    answer.vary.add("HX-Request")
    return answer.make_conditional(request)
