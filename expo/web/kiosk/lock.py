"""The kiosk's lock: unlocked with a PIN, a browser shows the kiosk and nothing else until the PIN is entered again.

The browser's session then holds no account, only that it is a kiosk of one edition. A new PIN locks it.
"""

from flask import current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from expo.accounts.rules import EVERYONE, Actor, Permission
from expo.badges.queries import get_desk_settings
from expo.web.kit.access import current_edition
from expo.web.kit.language import current_language
from expo.web.kit.sessions import end_current_session

_KIOSK = "kiosk"
# What a kiosk's browser may still load: the kiosk itself, and what every page consists of.
_ALLOWED = ("kiosk.", "operations.", "public.theme_css")
# People of many languages use it, one after the other.
_KEPT = ("language",)


def unlock(edition_id: int, station: str) -> None:
    """Turn this browser into a kiosk, and sign out the person who is signed in."""
    kept = {name: session[name] for name in _KEPT if session.get(name)}
    end_current_session()
    changed_at = get_desk_settings(edition_id).pin_changed_at
    session.update(kept)
    session[_KIOSK] = {
        "edition": edition_id,
        "pin": changed_at.isoformat() if changed_at else "",
        "station": station,
        "language": current_language().code,
    }
    session.permanent = True


def lock() -> None:
    """Turn the kiosk into an ordinary browser again."""
    session.pop(_KIOSK, None)


def is_unlocked() -> bool:
    """Return whether this browser is a kiosk of the current edition, unlocked with the current PIN."""
    kiosk = session.get(_KIOSK)
    if not isinstance(kiosk, dict):
        return False
    edition_id = current_edition().id
    changed_at = get_desk_settings(edition_id).pin_changed_at
    return changed_at is not None and kiosk == {**kiosk, "edition": edition_id, "pin": changed_at.isoformat()}


def kiosk_station() -> str:
    """Return the print station of this kiosk; empty for any."""
    return str((session.get(_KIOSK) or {}).get("station", ""))


def kiosk_language() -> str:
    """Return the language in which this kiosk was unlocked."""
    return str((session.get(_KIOSK) or {}).get("language", ""))


def kiosk_actor(edition_id: int) -> Actor:
    """Return the kiosk as an actor, which may queue badges of its edition and nothing else."""
    return Actor("device", None, edition_id, EVERYONE | {Permission.BADGES_ISSUE}, label="kiosk")


def confine() -> Response | None:
    """Lead every other page back to the kiosk while this browser is one."""
    endpoint = request.endpoint or ""
    has_session = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if not has_session or endpoint.startswith(_ALLOWED) or _KIOSK not in session:
        return None
    return redirect(url_for("kiosk.show"))
