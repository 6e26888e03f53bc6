"""Browser sessions: the cookie holds a random secret, and its row in the database says whose session it is.

Flask-Login loads the person from that row once per request; its own cookie and "remember me" are not used.
"""

from flask import Flask, Request, Response, current_app, g, has_request_context, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user

from expo.accounts.queries import SessionFacts, find_session
from expo.accounts.rules import LAST_SEEN_STEP, Level, SignInWay, network_of
from expo.accounts.services.sessions import complete_session, end_session, start_session, update_last_seen
from expo.infra.clock import utcnow

SECRET_KEY_IN_COOKIE = "session_secret"  # noqa: S105
# What a new session inherits from the previous one; the rest may belong to another person.
_INHERITED = ("language", "next")


class SessionUser(UserMixin):  # type: ignore[misc]
    """The person of a session, as Flask-Login expects it."""

    def __init__(self, facts: SessionFacts) -> None:
        self.facts = facts

    def get_id(self) -> str:
        """Return the id of the session, because a person may have several."""
        return str(self.facts.id)


class CookieSessions(SecureCookieSessionInterface):
    """Flask's sessions, renewed by pages but not by background requests of scripts.

    Their response may arrive after that of another action, and would replace its cookie with the previous one.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the response carries the cookie."""
        return session.modified or (super().should_set_cookie(app, session) and not is_background_fetch())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Add the cookie to the response, unless a cache may give that to others."""
        if session.modified or not response.cache_control.public:
            super().save_session(app, session, response)
        elif session.accessed:
            response.vary.add("Cookie")


def is_background_fetch() -> bool:
    """Return whether a script asks for this without showing it now, such as for the copy to be used offline."""
    return (
        has_request_context()
        and request.headers.get("Sec-Fetch-Dest") == "empty"
        and "HX-Request" not in request.headers
    )


def init_sessions(app: Flask) -> None:
    """Load the person of each request from the session of its cookie."""
    app.session_interface = CookieSessions()
    app.add_template_global(is_background_fetch)
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load_user)


def current_session() -> SessionFacts | None:
    """Return the session of this request, or None if nobody has signed in, even partially."""
    return current_user.facts if current_user.is_authenticated else None


def drop_session() -> None:
    """Continue this request as anonymous."""
    g.pop("actor", None)
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask-Login's own place


def _load_user(_request: Request) -> SessionUser | None:
    found = _read_session()
    return SessionUser(found) if found else None


def own_person_id(email: str) -> int | None:
    """Return who is signed in, if they are the person with this address."""
    found = current_session()
    is_own = found is not None and found.level >= Level.SIGNED_IN and found.person.email == email
    return found.person.id if found is not None and is_own else None


def session_of_other_person(person_id: int) -> SessionFacts | None:
    """Return this browser's session if it belongs to another person, whom we must not sign out unasked."""
    found = current_session()
    return found if found and found.level >= Level.LINK and found.person.id != person_id else None


def begin_session(person_id: int, level: Level, way: SignInWay) -> None:
    """Start a session for a person in this browser, ending the previous one."""
    secret = start_session(
        person_id,
        level,
        way,
        utcnow(),
        user_agent=request.user_agent.string,
        network=network_of_request(),
        replaces=session.get(SECRET_KEY_IN_COOKIE),
    )
    _adopt(secret)


def finish_signing_in(found: SessionFacts, way: SignInWay) -> None:
    """Complete this browser's session after the second factor was verified."""
    _adopt(complete_session(found.id, way, utcnow()))


def end_current_session() -> None:
    """End this browser's session."""
    secret = session.get(SECRET_KEY_IN_COOKIE)
    if secret:
        end_session(secret, utcnow())
    session.clear()
    _invalidate_actor()


def network_of_request() -> str:
    """Return the network of this request's address; failed attempts are counted by network."""
    return network_of(request.remote_addr or "")


def _adopt(secret: str) -> None:
    inherited = {name: session[name] for name in _INHERITED if session.get(name)}
    session.clear()  # a form token from before the sign-in must not work after it
    session.update(inherited)
    session[SECRET_KEY_IN_COOKIE] = secret
    session.permanent = True
    _invalidate_actor()


def _invalidate_actor() -> None:
    for name in ("actor", "_login_user"):
        g.pop(name, None)


def _read_session() -> SessionFacts | None:
    secret = session.get(SECRET_KEY_IN_COOKIE)
    if not isinstance(secret, str):
        return None
    now = utcnow()
    found = find_session(secret, now)
    if found is not None and now - found.last_seen_at >= LAST_SEEN_STEP:
        update_last_seen(found.id, now)
    return found
