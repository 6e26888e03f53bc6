"""An attendee's favourite exhibitors: mark and unmark one, and add those chosen before signing in."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.errors import Missing
from expo.exhibitors.services import add_favourite, merge_favourites, remove_favourite
from expo.infra.clock import utcnow
from expo.registration.queries import AttendeeRow
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition, safe_path
from expo.web.kit.own_schedule import find_own_attendee

blueprint = audience_blueprint("attendee_favourites", __name__, Audience.ATTENDEES, url_prefix="/me/favourites")


@blueprint.post("")
def change_favourite() -> Response | tuple[str, int]:
    """Mark the exhibitor `add` as a favourite, or unmark the exhibitor `remove`."""
    edition, attendee = current_edition(), _own_attendee()
    slug = request.form.get("add", "")
    if slug:
        add_favourite(current_actor(), edition.id, attendee.id, slug, utcnow())
    else:
        slug = request.form.get("remove", "")
        remove_favourite(current_actor(), edition.id, attendee.id, slug)
    if request.headers.get("Accept") == "application/json":
        return "", 204
    flash(_("Added to your favourites.") if request.form.get("add") else _("Removed from your favourites."), "success")
    return redirect(safe_path(request.form.get("next")) or url_for("public_exhibitors.show_favourites"))


@blueprint.post("/merge")
def merge() -> dict[str, int]:
    """Add the favourites that were chosen on the device before signing in; repeating it changes nothing."""
    edition, attendee = current_edition(), _own_attendee()
    slugs = request.form.getlist("exhibitor")
    return {"added": merge_favourites(current_actor(), edition.id, attendee.id, slugs, utcnow())}


def _own_attendee() -> AttendeeRow:
    attendee = find_own_attendee()
    if attendee is None:
        raise Missing("attendee_missing")
    return attendee
