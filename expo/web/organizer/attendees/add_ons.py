"""The add-ons of one attendee, changed by organizers: the attendee is notified by e-mail."""

from flask import url_for
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.pure.codes import normalize_code
from expo.registration.queries import get_attendee
from expo.web.forms.attendee_add_ons import edit_add_ons
from expo.web.kit.access import current_edition
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_attendee_add_ons", __name__, "/attendees", Permission.ATTENDEES_WRITE)


@blueprint.route("/<code>/add-ons", methods=["GET", "POST"])
def edit(code: str) -> str | Response | tuple[str, int]:
    """Change which add-ons an attendee has."""
    attendee = get_attendee(current_edition().id, normalize_code(code))
    done_url = url_for("organizer_attendees.show_attendee", code=attendee.code)
    return edit_add_ons(attendee, "organizer/attendees/add_ons.html", done_url)
