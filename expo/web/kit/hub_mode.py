"""What an installation serves that is the hub of a hall: the doors and its own status, and nothing else.

It has a part of the expo's data only, so its other pages would be wrong, and nobody can sign in there.
"""

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from expo.errors import Missing

# Set by `flask expo hub`.
HUB_MODE = "IS_HUB"
_PAGES = frozenset({"door_device", "hub", "operations"})
_CALLS = frozenset({"post_enrolment", "post_heartbeat", "get_snapshot", "post_scan", "post_scans", "post_undo"})


def init_hub_mode(app: Flask) -> None:
    """Install the check, which concerns hubs only."""

    @app.before_request
    def serve_doors_only() -> Response | None:
        if not app.config.get(HUB_MODE) or request.endpoint is None:
            return None
        section, _, name = request.endpoint.rpartition(".")
        if section in _PAGES or name in _CALLS or name == "theme_css":
            return None
        if request.method == "GET" and not request.path.startswith("/api/"):
            return redirect(url_for("door_device.show_scanner"))
        raise Missing("page_missing")
