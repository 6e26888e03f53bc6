"""The add-ons of a person at the counter: bought on site, or taken back."""

from flask import url_for
from werkzeug.wrappers import Response

from expo.pure.codes import normalize_code
from expo.registration.queries import get_attendee
from expo.web.desk.place import desk_blueprint
from expo.web.forms.attendee_add_ons import edit_add_ons
from expo.web.kit.access import current_edition

blueprint = desk_blueprint("desk_add_ons", __name__, "/attendees")


@blueprint.route("/<code>/add-ons", methods=["GET", "POST"])
def edit(code: str) -> str | Response | tuple[str, int]:
    """Change which add-ons a person has."""
    attendee = get_attendee(current_edition().id, normalize_code(code))
    return edit_add_ons(attendee, "desk/add_ons.html", url_for("desk.show_person", code=attendee.code))
