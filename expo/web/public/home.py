"""The home page: when, where, what, who else and how much, on one screen; language, theme and the edition's colour."""

from datetime import timedelta

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.config import ROOT
from expo.reports.public_figures import get_public_figures
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import Audience, audience_blueprint, safe_path
from expo.web.kit.caching import feed_answer, recent_value
from expo.web.kit.colors import accent_css
from expo.web.kit.language import offered_languages, path_in_language
from expo.web.kit.pages import asset, theme_of
from expo.web.kit.public_pages import holds_until, public_page
from expo.web.kit.same_origin import require_same_origin

# Visitors need not know of the last minute's registrations.
FIGURES_SECONDS = 60
# Places left change with each registration, and prices and tickets with what organizers do.
PLACES_SHOWN_FOR = timedelta(seconds=1)
ONE_YEAR = 365 * 24 * 3600

blueprint = audience_blueprint("public", __name__, Audience.EVERYONE)


@blueprint.get("/")
@public_page()
def home() -> str:
    """Show what the expo is; where none is open yet, what to do first."""
    if g.edition is None:
        return render_template("public/no_edition.html")
    edition: EditionFacts = g.edition
    now = utcnow()
    ticket_types = list_ticket_types(edition.id, now, public_only=True)
    holds_until(now + PLACES_SHOWN_FOR)
    for each in ticket_types:
        holds_until(each.sale_starts_at)
        holds_until(each.sale_ends_at)
    return render_template(
        "public/home.html",
        figures=recent_value(("public_figures", edition.id), FIGURES_SECONDS, lambda: get_public_figures(edition.id)),
        ticket_types=ticket_types,
    )


@blueprint.get("/terms")
@public_page()
def terms() -> str:
    """Show what people agree to when they register, and what is kept of them."""
    return render_template("public/terms.html")


@blueprint.post("/language/<code>")
def choose_language(code: str) -> AnyResponse:
    """Show pages in this language from now on, and this page at once."""
    if code in {each.code for each in offered_languages()}:
        session["language"] = code
    return redirect(safe_path(request.form.get("next")) or path_in_language(code).removesuffix(request.path) + "/")


@blueprint.post("/theme")
def choose_theme() -> AnyResponse:
    """Show pages light, dark, or as the device prefers. The form is on every page, so it comes without a token."""
    require_same_origin()
    response = make_response(redirect(safe_path(request.form.get("next")) or "/"))
    theme = theme_of(request.form.get("theme"))
    response.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure)
    return response


@blueprint.get("/me/worker.js")
def me_worker() -> Response:
    """Give the program that shows `/me` without a network; for everyone, as it outlives a sign-in."""
    response = send_from_directory(ROOT / "static" / "js" / "attendee", "worker.js", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("attendee.me").rstrip("/")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Lead to the icon: browsers ask here when they show a file of ours that names none, such as a PDF."""
    return redirect(asset("img/favicon.svg"))


@blueprint.get("/theme.css")
@public_page()
def theme_css() -> Response:
    """Give the edition's accent colour as a stylesheet."""
    accent = g.edition.accent_color if g.edition else None
    changed_at = g.edition.content_changed_at if g.edition else current_app.config["STARTED_AT"]
    return feed_answer(lambda: accent_css(accent).encode(), "text/css", accent or "", changed_at)
