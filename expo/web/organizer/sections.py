"""The sections of the organizer's pages: a blueprint each, opened by one permission in the edition worked on."""

from flask import Blueprint, Response, request

from expo.accounts.rules import Permission, require
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition


def section_blueprint(name: str, import_name: str, path: str, permission: Permission) -> Blueprint:
    """Return a blueprint under `/organizer` whose every request needs `permission`; acts may need more besides."""
    blueprint = audience_blueprint(name, import_name, Audience.STAFF, url_prefix=f"/organizer{path}")
    blueprint.before_request(lambda: require(current_actor(), permission, current_edition().id))
    blueprint.after_request(_tell_parts_from_pages)
    return blueprint


def asks_for_part() -> bool:
    """Whether htmx asks for the changing part of the page alone; after "back" it wants the whole of it."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def _tell_parts_from_pages(response: Response) -> Response:
    """Keep a browser from showing a part, which has the same address, where the whole page is wanted."""
    response.vary.add("HX-Request")
    return response
