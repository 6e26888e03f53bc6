"""The settings of meetings."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Invalid
from expo.infra.clock import utcnow
from expo.meetings.queries import get_settings, list_hours
from expo.meetings.rules import format_hours
from expo.meetings.services import change_settings
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import show_at_field
from expo.web.organizer.meetings.forms import SettingsForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_meeting_settings", __name__, "/meetings/settings", Permission.EXHIBITORS_MANAGE
)


@blueprint.route("", methods=["GET", "POST"])
def edit_settings() -> tuple[str, int] | Response:
    """Change when meetings can be requested and held, how long they are, and the limits."""
    edition = current_edition()
    settings = get_settings(edition.id)
    form = SettingsForm.of(settings, edition)
    hours = {day: format_hours(span) for day, span in list_hours(edition, settings).items()}
    hours_error = ""
    if request.method == "POST":
        hours = {day: request.form.get(f"hours-{day.isoformat()}", "") for day in edition.days}
    if form.validate_on_submit():
        try:
            change_settings(current_actor(), edition.id, form.to_request(edition, hours), utcnow())
        except Invalid as error:
            if error.params.get("field") == "hours":
                hours_error = message_of(error)
            else:
                show_at_field(form, error, "slot_minutes")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_meeting_settings.edit_settings"))
    page = render_template("organizer/meetings/settings.html", form=form, hours=hours, hours_error=hours_error)
    return page, 422 if form.errors or hours_error else 200
