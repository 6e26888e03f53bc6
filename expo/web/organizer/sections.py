"""The sections of the organizer's pages: a blueprint each, opened by one permission in the edition worked on."""

from flask import Blueprint

from expo.accounts.rules import Permission, require
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition


def section_blueprint(name: str, import_name: str, path: str, permission: Permission) -> Blueprint:
    """Return a blueprint under `/organizer` whose every request needs `permission`; acts may need more besides."""
    blueprint = audience_blueprint(name, import_name, Audience.STAFF, url_prefix=f"/organizer{path}")
    blueprint.before_request(lambda: require(current_actor(), permission, current_edition().id))
    return blueprint
