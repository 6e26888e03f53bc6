"""The sections of the organizer's pages: a blueprint each, opened by one permission in the edition worked on."""

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition


def section_blueprint(name: str, import_name: str, path: str, permission: Permission) -> Blueprint:
    """Return a blueprint under `/organizer` whose every request needs `permission`; acts may need more besides."""
    blueprint = audience_blueprint(name, import_name, Audience.STAFF, url_prefix=f"/organizer{path}")
    blueprint.before_request(lambda: _guard(permission))
    blueprint.after_request(_tell_parts_from_pages)
    return blueprint


def _guard(permission: Permission) -> AnyResponse | None:
    """Let those pass who have the permission; where there is no edition yet, lead to where the first one is made."""
    if g.edition is None and current_actor().may(Permission.EDITION_MANAGE, None):
        return redirect(url_for("organizer_setup.checklist"))
    require(current_actor(), permission, current_edition().id)
    return None


def asks_for_part() -> bool:
    """Whether htmx asks for the changing part of the page alone; after "back" it wants the whole of it."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def _tell_parts_from_pages(response: Response) -> Response:
    """Keep a browser from showing a part, which has the same address, where the whole page is wanted."""
    response.vary.add("HX-Request")
    return response
