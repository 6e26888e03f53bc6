"""The session of a browser: its cookie holds a random secret, the row of that in the database says whose it is.

Flask-Login loads the person once for each request, from that row; its own cookie and its remembering are not used.
"""

from flask import Flask, Request, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user

from expo.accounts.queries import SessionFacts, find_session
from expo.accounts.rules import LAST_SEEN_STEP, Level, SignInWay, network_of
from expo.accounts.services.sessions import complete_session, end_session, note_session_seen, start_session
from expo.infra.clock import utcnow

SECRET_KEY_IN_COOKIE = "session_secret"  # noqa: S105
# What a new session takes over from the one before it; all else was somebody else's.
_TAKEN_OVER = ("language", "next")


class SessionUser(UserMixin):  # type: ignore[misc]
    """The person of a session, as Flask-Login wants it."""

    def __init__(self, facts: SessionFacts) -> None:
        self.facts = facts

    def get_id(self) -> str:
        """Return the id of the session: a person may have several."""
        return str(self.facts.id)


def init_sessions(app: Flask) -> None:
    """Load the person of each request from the session row of its cookie."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(_load_user)


def current_session() -> SessionFacts | None:
    """Return the session of this request, read once; None where nobody is signed in, not even half."""
    return current_user.facts if current_user.is_authenticated else None


def forget_session() -> None:
    """Go on with this request as nobody."""
    g.pop("actor", None)
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask-Login's own place


def _load_user(_request: Request) -> SessionUser | None:
    found = _read_session()
    return SessionUser(found) if found else None


def session_of_another(person_id: int) -> SessionFacts | None:
    """Return the session of this browser where it is somebody else's, who is not to be signed out unasked."""
    found = current_session()
    return found if found and found.level >= Level.LINK and found.person.id != person_id else None


def begin_session(person_id: int, level: Level, way: SignInWay) -> None:
    """Begin a session for a person in this browser; the one before it ends."""
    secret = start_session(
        person_id,
        level,
        way,
        utcnow(),
        user_agent=request.user_agent.string,
        network=network_of_request(),
        replaces=session.get(SECRET_KEY_IN_COOKIE),
    )
    _take_up(secret)


def finish_signing_in(found: SessionFacts, way: SignInWay) -> None:
    """Make the half session of this browser a whole one, as the second factor was right."""
    _take_up(complete_session(found.id, way, utcnow()))


def leave_session() -> None:
    """End the session of this browser."""
    secret = session.get(SECRET_KEY_IN_COOKIE)
    if secret:
        end_session(secret, utcnow())
    session.clear()
    _forget_actor()


def network_of_request() -> str:
    """Return the network that this request comes from, as failures are counted by it."""
    return network_of(request.remote_addr or "")


def _take_up(secret: str) -> None:
    kept = {name: session[name] for name in _TAKEN_OVER if session.get(name)}
    session.clear()  # a form token from before the sign-in is worth nothing after it
    session.update(kept)
    session[SECRET_KEY_IN_COOKIE] = secret
    session.permanent = True
    _forget_actor()


def _forget_actor() -> None:
    for name in ("actor", "_login_user"):
        g.pop(name, None)


def _read_session() -> SessionFacts | None:
    secret = session.get(SECRET_KEY_IN_COOKIE)
    if not isinstance(secret, str):
        return None
    now = utcnow()
    found = find_session(secret, now)
    if found is not None and now - found.last_seen_at >= LAST_SEEN_STEP:
        note_session_seen(found.id, now)
    return found
