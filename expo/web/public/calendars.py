"""An attendee's own sessions and meetings as a calendar feed, at a secret address that they can revoke."""

import hashlib

from flask import Response, request, url_for

from expo.errors import Missing
from expo.infra.addresses import public_url
from expo.meetings.exports import own_calendar_entries
from expo.program.exports import export_own_ics
from expo.program.queries import find_attendee_of_calendar
from expo.registration.queries import get_attendee_by_id
from expo.web.kit.access import Audience, audience_blueprint, current_edition

blueprint = audience_blueprint("public_calendars", __name__, Audience.EVERYONE)


@blueprint.get("/calendar/<key>.ics")
def show_calendar(key: str) -> Response:
    """Return the calendar of the attendee to whom this address belongs, in their language."""
    edition = current_edition()
    attendee_id = find_attendee_of_calendar(edition.id, key)
    if attendee_id is None:
        raise Missing("calendar_missing")
    language = get_attendee_by_id(edition.id, attendee_id).language
    meetings = own_calendar_entries(edition, attendee_id, language)
    content = export_own_ics(edition, attendee_id, language, _address, meetings)
    response = Response(content, mimetype="text/calendar")
    response.set_etag(hashlib.sha256(content).hexdigest()[:24])
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))
