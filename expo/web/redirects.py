"""Permanent redirects from addresses of earlier versions, so that bookmarks keep working."""

from urllib.parse import quote

from flask import redirect, request
from werkzeug.wrappers import Response

from expo.web.kit.access import Audience, audience_blueprint

# Old path → new path; the rest of the path is preserved.
MOVED = {
    "/me/matches": "/me/recommendations",
    "/organizer/people": "/organizer/attendees",
    "/organizer/doors": "/organizer/checkpoints",
    "/organizer/outbox": "/organizer/emails",
    "/organizer/settings/people": "/organizer/settings/team",
    "/organizer/settings/tokens": "/organizer/settings/api-tokens",
    "/organizer/settings/keys": "/organizer/settings/badge-keys",
    "/organizer/attendees/walk-in": "/desk/walk-in",
    "/organizer/program/take-in/file": "/organizer/program/imports/new",
    "/organizer/exhibitors/take-in/file": "/organizer/exhibitors/imports/new",
}

# Open to everyone: the new page checks access itself.
blueprint = audience_blueprint("redirects", __name__, Audience.EVERYONE)


def redirect_moved(address: str, rest: str = "") -> Response:
    """Redirect to a page's new address, keeping the rest of its path and its query."""
    path = f"{request.script_root}{address}" + (f"/{quote(rest)}" if rest else "")
    query = request.query_string.decode("ascii", "ignore")
    return redirect(f"{path}?{query}" if query else path, code=301)


# The help desk's pages about one attendee, which share their former path with the organizers'.
MOVED_DESK_PAGES = ("email", "ticket", "check-in")


def redirect_desk_page(code: str, page: str) -> Response:
    """Redirect to a page of the help desk about one attendee."""
    return redirect_moved(f"/desk/attendees/{quote(code)}/{page}")


blueprint.add_url_rule(
    f"/organizer/attendees/<code>/<any({', '.join(repr(each) for each in MOVED_DESK_PAGES)}):page>",
    "moved_desk_page",
    redirect_desk_page,
)

for former, now in MOVED.items():
    for rule in (former, f"{former}/<path:rest>"):
        blueprint.add_url_rule(rule, "moved", redirect_moved, defaults={"address": now})
