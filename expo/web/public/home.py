"""The home page, and the visitor's choices of language and theme."""

from datetime import datetime, timedelta

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
from expo.program.queries import SessionRow
from expo.program.rules import NowAndNext, find_now_and_next
from expo.reports.public_figures import get_public_figures
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import Audience, audience_blueprint, safe_path
from expo.web.kit.caching import feed_response, recent_value
from expo.web.kit.colors import accent_css
from expo.web.kit.language import offered_languages, path_in_language
from expo.web.kit.own_schedule import list_own_sessions, list_whole_program
from expo.web.kit.pages import asset, theme_of
from expo.web.kit.public_pages import holds_until, public_page
from expo.web.kit.same_origin import require_same_origin

# Visitors do not need to see the last minute's registrations.
FIGURES_SECONDS = 60
# Places left change with every registration; prices and tickets change when organizers edit them.
PLACES_SHOWN_FOR = timedelta(seconds=1)
ONE_YEAR = 365 * 24 * 3600

blueprint = audience_blueprint("public", __name__, Audience.EVERYONE)


@blueprint.get("/")
@public_page()
def home() -> str:
    """Show the expo's home page, or the first setup step if no expo exists yet."""
    if g.edition is None:
        return render_template("public/no_edition.html")
    edition: EditionFacts = g.edition
    now = utcnow()
    ticket_types = list_ticket_types(edition.id, now, public_only=True)
    holds_until(now + PLACES_SHOWN_FOR)
    for each in ticket_types:
        holds_until(each.sale_starts_at)
        holds_until(each.sale_ends_at)
    on_now = _find_on_now(edition, now)
    return render_template(
        "public/home.html",
        on_now=on_now,
        chosen={row.slug for row in list_own_sessions()} if on_now else (),
        figures=recent_value(("public_figures", edition.id), FIGURES_SECONDS, lambda: get_public_figures(edition.id)),
        ticket_types=ticket_types,
    )


def _find_on_now(edition: EditionFacts, now: datetime) -> NowAndNext[SessionRow] | None:
    """Return what is on now and next during the expo; None before and after it, and when nothing is on."""
    if not edition.starts_on <= edition.door_calendar.day_of(now) <= edition.ends_on:
        return None
    found = find_now_and_next([each for each in list_whole_program(edition) if not each.is_cancelled], now)
    holds_until(found.changes_at)
    return found if found.now or found.next else None


@blueprint.get("/terms")
@public_page()
def terms() -> str:
    """Show the terms of registration and how personal data is handled."""
    return render_template("public/terms.html")


@blueprint.post("/language/<code>")
def choose_language(code: str) -> AnyResponse:
    """Remember the chosen language and return to the page in it."""
    if code in {each.code for each in offered_languages()}:
        session["language"] = code
    return redirect(safe_path(request.form.get("next")) or path_in_language(code).removesuffix(request.path) + "/")


@blueprint.post("/theme")
def choose_theme() -> AnyResponse:
    """Remember the chosen theme: light, dark or automatic. The form is on every page, so it has no token."""
    require_same_origin()
    response = make_response(redirect(safe_path(request.form.get("next")) or "/"))
    theme = theme_of(request.form.get("theme"))
    response.set_cookie("theme", theme, max_age=ONE_YEAR, samesite="Lax", secure=request.is_secure)
    return response


@blueprint.get("/me/worker.js")
def me_worker() -> Response:
    """Serve the service worker that shows `/me` offline; it is public because it outlives a sign-in."""
    response = send_from_directory(ROOT / "static" / "js" / "attendee", "worker.js", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("attendee.me").rstrip("/")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect to the icon: browsers request this path for files that declare none, such as PDFs."""
    return redirect(asset("img/favicon.svg"))


@blueprint.get("/theme.css")
@public_page()
def theme_css() -> Response:
    """Return a stylesheet with the edition's accent colour."""
    accent = g.edition.accent_color if g.edition else None
    changed_at = g.edition.content_changed_at if g.edition else current_app.config["STARTED_AT"]
    return feed_response(lambda: accent_css(accent).encode(), "text/css", accent or "", changed_at)
