"""Who is asking, and whether they may: every blueprint declares its audience, and every request is guarded by it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import (
    PersonFacts,
    actor_for_person,
    attendee_actor,
    find_person,
    list_editions_with_roles,
)
from expo.accounts.rules import ANONYMOUS, STAFF_ROLES, Actor, Permission, Role
from expo.editions.queries import EditionFacts, find_current_edition, get_edition
from expo.errors import Missing


class Audience(StrEnum):
    """For whom a page is."""

    EVERYONE = "everyone"
    SIGNED_IN = "signed_in"
    STAFF = "staff"
    STEWARDS = "stewards"


class SignedInPerson(UserMixin):  # type: ignore[misc]
    """The person of this session, as flask-login wants it. `by_link` came through an attendee's mailed link."""

    def __init__(self, facts: PersonFacts, *, by_link: bool) -> None:
        self.facts = facts
        self.by_link = by_link

    def get_id(self) -> str:
        """Return what is kept in the session: a changed link version ends it."""
        return f"{self.facts.id}.{self.facts.link_version}.{int(self.by_link)}"


@dataclass(frozen=True)
class Viewer:
    """What templates ask about the person who looks."""

    is_signed_in: bool
    display_name: str
    is_attendee: bool
    is_staff: bool
    is_steward: bool
    actor: Actor

    def can(self, permission: str) -> bool:
        """Whether the viewer has a permission in the edition shown."""
        return self.actor.may(Permission(permission), g.edition.id if g.edition else None)


def audience_blueprint(name: str, import_name: str, audience: Audience, url_prefix: str | None = None) -> Blueprint:
    """Return a blueprint whose every route is guarded for `audience`."""
    blueprint = Blueprint(name, import_name, url_prefix=url_prefix)
    blueprint.before_request(guard_of(audience))
    blueprint.expo_audience = audience  # type: ignore[attr-defined]
    return blueprint


def guard_of(audience: Audience) -> Callable[[], Response | None]:
    """Return what runs before each request of an audience: None lets it pass, else the answer."""

    def guard() -> Response | None:
        if audience is Audience.EVERYONE:
            return None
        actor = current_actor()
        if actor.kind == "anonymous":
            return redirect(url_for("sign_in.sign_in", next=_wanted_path()))
        if audience is Audience.STAFF and not actor.roles & STAFF_ROLES:
            raise PermissionMissing("organizer pages")
        if audience is Audience.STEWARDS and not actor.may(Permission.SCAN, current_edition().id):
            raise PermissionMissing(Permission.SCAN.value)
        return None

    return guard


def _wanted_path() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def current_edition() -> EditionFacts:
    """Return the edition of this request: the one chosen by staff, else the current one. Raises Missing."""
    if g.edition is None:
        raise Missing("edition_missing")
    edition: EditionFacts = g.edition
    return edition


def current_actor() -> Actor:
    """Return who acts in this request, with their permissions in the edition shown."""
    if "actor" not in g:
        g.actor = _find_actor()
    actor: Actor = g.actor
    return actor


def current_person_id() -> int:
    """Return the signed-in person's id. For pages behind sign-in."""
    actor = current_actor()
    if actor.kind != "person" or actor.id is None:
        raise PermissionMissing("sign-in")
    return actor.id


def _find_actor() -> Actor:
    if not current_user.is_authenticated:
        return ANONYMOUS
    edition_id = g.edition.id if g.edition else None
    if current_user.by_link:
        return attendee_actor(current_user.facts, edition_id)
    return actor_for_person(current_user.facts, edition_id)


def current_viewer() -> Viewer:
    """Return what templates ask about the person who looks."""
    actor = current_actor()
    return Viewer(
        is_signed_in=actor.kind == "person",
        display_name=actor.label,
        is_attendee=actor.kind == "person" and not actor.roles & STAFF_ROLES,
        is_staff=bool(actor.roles & STAFF_ROLES),
        is_steward=Role.STEWARD in actor.roles or actor.may(Permission.SCAN, g.edition.id if g.edition else None),
        actor=actor,
    )


def sign_in_person(person: PersonFacts, *, by_link: bool) -> None:
    """Begin a session for a person; what an attendee's link opens is not more than their own pages."""
    language = session.get("language")
    session.clear()  # a session id or a form token from before the sign-in is worth nothing after it
    if language:
        session["language"] = language
    session.permanent = True
    login_user(SignedInPerson(person, by_link=by_link))
    g.pop("actor", None)


def sign_out_person() -> None:
    """End the session."""
    logout_user()
    session.clear()
    g.pop("actor", None)


def safe_path(path: str | None) -> str | None:
    """Return the path if it leads to a page of this site, else None: a link must not send people elsewhere."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")):
        return None
    parts = urlsplit(path)
    return None if parts.scheme or parts.netloc else path


def choose_edition(edition_id: int) -> None:
    """Show staff another edition from now on, one in which they have a role. Raises Missing for any other."""
    person: PersonFacts = current_user.facts
    if not person.is_admin and edition_id not in list_editions_with_roles(person.id):
        raise Missing("edition_missing")
    get_edition(edition_id)
    session["edition"] = edition_id


def _load_edition() -> None:
    """Find the edition of this request. Only the organizer's and the door's pages follow the one that staff chose."""
    chosen = (
        session.get("edition") if request.blueprint and request.blueprint.startswith(("organizer", "door")) else None
    )
    if chosen is not None and current_user.is_authenticated:
        try:
            g.edition = get_edition(int(chosen))
        except Missing:
            session.pop("edition", None)
        else:
            return
    g.edition = find_current_edition()


def _load_person(session_id: str) -> SignedInPerson | None:
    person_id, _, rest = session_id.partition(".")
    link_version, _, by_link = rest.partition(".")
    if not (person_id.isdigit() and link_version.isdigit()):
        return None
    facts = find_person(int(person_id))
    if facts is None or facts.link_version != int(link_version):
        return None
    return SignedInPerson(facts, by_link=by_link == "1")


def init_access(app: Flask) -> None:
    """Set up sessions, and find the edition before each request."""
    logins = LoginManager(app)
    logins.session_protection = None
    logins.user_loader(_load_person)

    @app.before_request
    def load_edition() -> None:
        g.edition = None
        if request.endpoint in current_app.config["EDITION_FREE_ENDPOINTS"]:
            return
        _load_edition()
