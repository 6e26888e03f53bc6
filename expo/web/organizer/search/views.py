"""Search results for the command palette, as JSON: people, sessions, speakers, companies and pages."""

from typing import Any

from flask import Response, jsonify, request, url_for
from flask_babel import gettext as _

from expo.pure.codes import show_code
from expo.pure.names import fold
from expo.reports.search import LIMIT, FoundPage, FoundPerson, search_everything
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.language import localized
from expo.web.organizer.navigation import list_navigation, list_settings_pages

blueprint = audience_blueprint("organizer_search", __name__, Audience.STAFF, url_prefix="/organizer")

MAX_QUERY = 100


@blueprint.get("/search")
def search() -> Response:
    """Return matches for `?q=`, at most eight of each kind, limited to what the viewer may open."""
    q = request.args.get("q", "").strip()[:MAX_QUERY]
    found = search_everything(current_actor(), current_edition(), q)
    entries = _pages(q)
    entries += [_person(each) for each in found.people]
    entries += [_entry(_("Sessions"), each, "organizer_sessions.show_session") for each in found.sessions]
    entries += [_entry(_("Speakers"), each, "organizer_speakers.show_speaker") for each in found.speakers]
    entries += [_entry(_("Exhibitors"), each, "organizer_exhibitors.show_company") for each in found.companies]
    return jsonify(entries)


def _pages(q: str) -> list[dict[str, Any]]:
    """Return the pages whose name contains the query; all pages if it is empty."""
    pages = [(item.label, item.url) for item in list_navigation()] + list_settings_pages()
    wanted = fold(q)
    return [
        {"group": _("Pages"), "label": label, "hint": "", "url": url} for label, url in pages if wanted in fold(label)
    ][:LIMIT]


def _person(each: FoundPerson) -> dict[str, Any]:
    hint = " · ".join(part for part in (each.latin_name, each.company, show_code(each.code)) if part)
    url = url_for("organizer_attendees.show_attendee", code=each.code)
    return {"group": _("Attendees"), "label": each.name, "hint": hint, "url": url}


def _entry(group: str, each: FoundPage, endpoint: str) -> dict[str, Any]:
    label = each.name if isinstance(each.name, str) else localized(each.name)
    return {"group": group, "label": label, "hint": "", "url": url_for(endpoint, slug=each.slug)}
