"""Access control: every blueprint declares its audience, and a guard checks every request against it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.errors import ConfirmationRequired, PermissionMissing
from expo.accounts.queries import actor_of_session, list_editions_with_roles
from expo.accounts.rules import ANONYMOUS, STAFF_ROLES, Actor, Level, Permission, Role, require_confirmed
from expo.editions.queries import EditionFacts, find_current_edition, get_edition
from expo.errors import Missing
from expo.exhibitors.queries import list_memberships
from expo.infra.clock import utcnow
from expo.web.kit.sessions import current_session, init_sessions


class Audience(StrEnum):
    """Whom a page is for, and how strongly they must be authenticated."""

    EVERYONE = "everyone"
    # Anyone who opened an attendee's mailed link or signed in: pages about their own registration.
    ATTENDEES = "attendees"
    # Signed in: the account pages.
    SIGNED_IN = "signed_in"
    # Signed in, and re-authenticated within the last few minutes.
    CONFIRMED = "confirmed"
    STAFF = "staff"
    STEWARDS = "stewards"
    # People who may edit attendees: the help desk and organizers.
    DESK = "desk"


@dataclass(frozen=True)
class Viewer:
    """The viewer as templates see them."""

    is_signed_in: bool
    has_account_pages: bool
    display_name: str
    is_attendee: bool
    is_staff: bool
    is_steward: bool
    actor: Actor

    def can(self, permission: str) -> bool:
        """Return whether the viewer has a permission in the edition shown."""
        return self.actor.may(Permission(permission), g.edition.id if g.edition else None)


def audience_blueprint(name: str, import_name: str, audience: Audience, url_prefix: str | None = None) -> Blueprint:
    """Return a blueprint whose routes are all guarded for `audience`."""
    blueprint = Blueprint(name, import_name, url_prefix=url_prefix)
    blueprint.before_request(make_guard(audience))
    blueprint.expo_audience = audience  # type: ignore[attr-defined]
    return blueprint


def make_guard(audience: Audience) -> Callable[[], Response | None]:
    """Return the check to run before each request of an audience: None to continue, else the response."""

    def guard() -> Response | None:
        if audience is Audience.EVERYONE:
            return None
        actor = current_actor()
        wanted_level = Level.LINK if audience is Audience.ATTENDEES else Level.SIGNED_IN
        if actor.kind == "anonymous" or actor.level < wanted_level:
            return redirect(url_for("sign_in.sign_in", next=_wanted_path()))
        if audience is Audience.CONFIRMED:
            require_confirmed(actor)
        if audience in (Audience.STAFF, Audience.STEWARDS, Audience.DESK) and actor.withheld_roles:
            flash(_("Your role requires a second factor. Set one up to continue."), "warning")
            return redirect(url_for("account.show"))
        if audience is Audience.STAFF and not actor.roles & STAFF_ROLES:
            raise PermissionMissing("organizer pages")
        if audience is Audience.STEWARDS and not actor.may(Permission.SCAN, current_edition().id):
            raise PermissionMissing(Permission.SCAN.value)
        if audience is Audience.DESK and not actor.may(Permission.ATTENDEES_WRITE, current_edition().id):
            raise PermissionMissing(Permission.ATTENDEES_WRITE.value)
        return None

    return guard


def _wanted_path() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def current_edition() -> EditionFacts:
    """Return the edition of this request: the one that staff selected, else the current one. Raises Missing."""
    if g.edition is None:
        raise Missing("edition_missing")
    edition: EditionFacts = g.edition
    return edition


def current_actor() -> Actor:
    """Return the actor of this request, with their permissions in the edition shown."""
    if "actor" not in g:
        g.actor = _find_actor()
    actor: Actor = g.actor
    return actor


def current_person_id() -> int:
    """Return the id of the signed-in person; only for pages behind sign-in."""
    actor = current_actor()
    if actor.kind != "person" or actor.id is None:
        raise PermissionMissing("sign-in")
    return actor.id


def _find_actor() -> Actor:
    found = current_session()
    if found is None:
        return ANONYMOUS
    edition: EditionFacts | None = g.edition
    if edition is None:
        return actor_of_session(found, None, frozenset(), utcnow())
    return actor_of_session(found, edition.id, edition.second_factor_roles, utcnow())


def current_viewer() -> Viewer:
    """Return the viewer for templates."""
    actor = current_actor()
    return Viewer(
        is_signed_in=actor.kind == "person",
        has_account_pages=actor.kind == "person" and actor.level >= Level.SIGNED_IN,
        display_name=actor.label,
        is_attendee=actor.kind == "person" and not actor.roles & STAFF_ROLES,
        is_staff=bool(actor.roles & STAFF_ROLES),
        is_steward=Role.STEWARD in actor.roles or actor.may(Permission.SCAN, g.edition.id if g.edition else None),
        actor=actor,
    )


def landing_page() -> str:
    """Return the page to open after sign-in: staff go to their section, exhibitors to theirs, others to their badge."""
    viewer = current_viewer()
    if viewer.is_staff or viewer.actor.withheld_roles & STAFF_ROLES:
        return url_for("organizer_overview.show_overview")
    if viewer.is_steward:
        return url_for("door.show")
    if g.edition and list_memberships(g.edition.id, current_person_id()):
        return url_for("exhibitor_start.choose")
    return url_for("attendee.me")


def safe_path(path: str | None) -> str | None:
    """Return the path if it stays on this site, else None, to prevent open redirects."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path


def choose_edition(edition_id: int) -> None:
    """Select another edition for staff who have a role in it. Raises Missing for any other."""
    actor = current_actor()
    if not actor.may(Permission.EDITION_MANAGE, None) and edition_id not in list_editions_with_roles(
        current_person_id()
    ):
        raise Missing("edition_missing")
    get_edition(edition_id)
    session["edition"] = edition_id


def _load_edition() -> None:
    """Load the edition of this request. Only organizer, desk and door pages follow the one that staff selected."""
    follows = request.blueprint is not None and request.blueprint.startswith(("organizer", "door", "desk"))
    chosen = session.get("edition") if follows else None
    if chosen is not None and current_session() is not None:
        try:
            g.edition = get_edition(int(chosen))
        except Missing:
            session.pop("edition", None)
        else:
            return
    g.edition = find_current_edition()


def _ask_to_confirm(_error: ConfirmationRequired) -> Response:
    """Redirect to the confirmation page, which returns to the page that the request came from."""
    if request.method == "GET":
        return redirect(url_for("account_confirming.confirm", next=_wanted_path()))
    flash(_("Nothing has been changed yet. Confirm your identity, then try again."), "warning")
    return redirect(url_for("account_confirming.confirm", next=referring_page() or url_for("account.show")))


def referring_page() -> str | None:
    """Return the page of this site that the request came from, according to the Referer."""
    sent_from = urlsplit(request.referrer or "")
    if sent_from.netloc == request.host and safe_path(sent_from.path):
        return f"{sent_from.path}?{sent_from.query}" if sent_from.query else sent_from.path
    return None


def init_access(app: Flask) -> None:
    """Load the edition before each request, and redirect to the confirmation page where one is required."""
    init_sessions(app)
    app.register_error_handler(ConfirmationRequired, _ask_to_confirm)

    @app.before_request
    def load_edition() -> None:
        g.edition = None
        if request.endpoint in current_app.config["EDITION_FREE_ENDPOINTS"]:
            return
        _load_edition()
