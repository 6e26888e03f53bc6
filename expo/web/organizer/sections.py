"""The sections of the organizer pages: one blueprint each, guarded by a permission in the selected edition."""

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Permission
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition


def section_blueprint(name: str, import_name: str, path: str, *permissions: Permission) -> Blueprint:
    """Return a blueprint under `/organizer` that requires one of `permissions`; single actions may require more."""
    blueprint = audience_blueprint(name, import_name, Audience.STAFF, url_prefix=f"/organizer{path}")
    blueprint.before_request(lambda: _guard(permissions))
    blueprint.after_request(_vary_on_htmx)
    return blueprint


def _guard(permissions: tuple[Permission, ...]) -> AnyResponse | None:
    """Require one of the permissions; if no edition exists yet, redirect organizers to the setup."""
    actor = current_actor()
    if g.edition is None and actor.may(Permission.EDITION_MANAGE, None):
        return redirect(url_for("organizer_setup.checklist"))
    edition_id = current_edition().id
    if not any(actor.may(each, edition_id) for each in permissions):
        raise PermissionMissing(permissions[0].value)
    return None


def is_partial_request() -> bool:
    """Return whether htmx requests only the changing part; when restoring history it needs the whole page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def _vary_on_htmx(response: Response) -> Response:
    """Vary on HX-Request, so that browsers do not show a cached part, which has the same URL, as the page."""
    response.vary.add("HX-Request")
    return response
