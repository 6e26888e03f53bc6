"""The schedule of a visitor who is not signed in: sessions starred on their device."""

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from expo.infra.clock import utcnow
from expo.program.queries import list_sessions_by_slug
from expo.web.kit.access import Audience, audience_blueprint, current_actor, current_edition
from expo.web.kit.own_schedule import describe_own_schedule

# More sessions than fit into a schedule; also keeps the address short enough.
MAX_SESSIONS = 100

blueprint = audience_blueprint("public_agenda", __name__, Audience.EVERYONE)


@blueprint.get("/program/mine")
def show_own() -> str | AnyResponse:
    """Show the sessions starred on this device; people who are signed in have theirs on their own page."""
    if current_actor().kind == "person":
        return redirect(url_for("attendee.me", _anchor="schedule"))
    return render_template("public/program/mine.html", edition=current_edition())


@blueprint.get("/program/mine/sessions")
def list_own() -> Response:
    """Return the cards of the sessions named in the address, with clashes and alternatives; all of it is public."""
    edition = current_edition()
    slugs = request.args.getlist("session")[:MAX_SESSIONS]
    rows = list_sessions_by_slug(edition.id, slugs)
    response = make_response(
        render_template("public/program/_mine.html", own=describe_own_schedule(edition, rows, utcnow()), chosen=slugs)
    )
    response.headers["Cache-Control"] = "no-store"
    return response
