"""Screens at the venue: a board of all rooms for the foyer, and a sign for each room, both from one public file.

A screen loads its page once, then fetches the sessions of today and tomorrow every half minute and keeps them on the
device, so that it runs on without a network.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, current_app, json, render_template, request, send_from_directory, url_for
from flask_babel import force_locale, gettext as _, pgettext

from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.infra.config import ROOT
from expo.program.queries import (
    DepartedSession,
    ScreenSession,
    list_departed,
    list_screen_rooms,
    list_screen_sessions,
)
from expo.pure.languages import BY_CODE, locale_of, localized
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import cached_bytes, feed_response
from expo.web.kit.public_pages import holds_until, public_page

blueprint = audience_blueprint("public_screens", __name__, Audience.EVERYONE)

# A screen alternates between at most this many languages.
MAX_LANGUAGES = 2


@blueprint.get("/screens")
@public_page()
def choose_screen() -> str:
    """List the screens to open: the board of all rooms, and the sign of each room."""
    edition = current_edition()
    return render_template("public/screens/choose.html", rooms=list_screen_rooms(edition.id))


@blueprint.get("/screens/all-rooms")
@public_page()
def show_board() -> str:
    """Show what is on now and next in all rooms."""
    return _show_screen("board", None)


@blueprint.get("/screens/<room>")
@public_page()
def show_room(room: str) -> str:
    """Show what is on now and next in one room."""
    if not list_screen_rooms(current_edition().id, room):
        raise Missing("room_missing")
    return _show_screen("room", room)


@blueprint.get("/screens/data.json")
@public_page("room")
def show_data() -> Response:
    """Return the rooms and sessions of yesterday evening, today and tomorrow, in the languages of the screens."""
    edition, now = current_edition(), utcnow()
    today = now.astimezone(edition.zone).date()
    holds_until(datetime.combine(today + timedelta(days=1), time.min, edition.zone))
    room = request.args.get("room") or None
    response = feed_response(
        lambda: cached_bytes(edition, f"screens:{today}:{room}", lambda: _write_data(edition, today, room)),
        "application/json",
        f"{edition.content_version}:{today}:{room}",
        edition.content_changed_at,
    )
    response.cache_control.max_age = 0
    response.cache_control.must_revalidate = True
    return response


@blueprint.get("/screens/worker.js")
def screens_worker() -> Response:
    """Serve the service worker that shows the screens without a network, also after a restart of the device."""
    response = send_from_directory(ROOT / "static" / "js" / "public", "screens_worker.js", mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for("public_screens.choose_screen")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _show_screen(kind: str, room: str | None) -> str:
    edition = current_edition()
    return render_template(
        "public/screens/screen.html",
        kind=kind,
        room=room,
        data=json.loads(_write_data(edition, utcnow().astimezone(edition.zone).date(), room)),
    )


def _write_data(edition: EditionFacts, today: date, room: str | None) -> bytes:
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    languages = _languages(edition)
    return current_app.json.dumps(
        {
            "zone": edition.time_zone,
            "version": edition.content_version,
            "languages": [
                {"tag": BY_CODE[code].tag, "dir": locale_of(code).text_direction, "words": _words(code)}
                for code in languages
            ],
            "title": _texts(edition.title, languages),
            "rooms": [
                {
                    "slug": each.slug,
                    "name": _texts(each.name, languages),
                    "hall": _texts(each.hall_name or {}, languages),
                }
                for each in list_screen_rooms(edition.id, room)
            ],
            "sessions": [_session(each, languages) for each in list_screen_sessions(edition.id, days, room)],
            "departed": [_departed(each, languages) for each in _list_departed(edition, days, room)],
        }
    ).encode()


def _session(each: ScreenSession, languages: list[str]) -> dict[str, Any]:
    return {
        "id": each.id,
        "room": each.room,
        "title": _texts(each.title, languages),
        "speakers": [_texts(name, languages) for name in each.speakers],
        "starts_at": each.starts_at.isoformat(),
        "ends_at": each.ends_at.isoformat(),
        "is_cancelled": each.is_cancelled,
        "moved_from_start": each.moved_from_start.isoformat() if each.moved_from_start else None,
        "moved_from_room": _texts(each.moved_from_room, languages) if each.moved_from_room else None,
    }


def _list_departed(edition: EditionFacts, days: list[date], room: str | None) -> list[DepartedSession]:
    """Return what was moved out of a room: people who come to its door have to learn where to go."""
    if room is None:
        return []
    midnights = [datetime.combine(day, time.min, edition.zone) for day in (days[0], days[-1] + timedelta(days=1))]
    return list_departed(edition.id, room, *midnights)


def _departed(each: DepartedSession, languages: list[str]) -> dict[str, Any]:
    return {
        "title": _texts(each.title, languages),
        "former_start": each.former_start.isoformat(),
        "starts_at": each.starts_at.isoformat() if each.starts_at else None,
        "room": _texts(each.room, languages) if each.room else None,
    }


def _languages(edition: EditionFacts) -> list[str]:
    known = [code for code in edition.languages if code in BY_CODE]
    return (known or ["en"])[:MAX_LANGUAGES]


def _texts(texts: dict[str, str], languages: list[str]) -> list[str]:
    """Return a text in each language of the screens."""
    return [localized(texts, code) for code in languages]


def _words(code: str) -> dict[str, str]:
    """Return the labels of a screen in one language."""
    with force_locale(str(locale_of(code))):
        return {
            "now": _("Now"),
            "next": pgettext("programme", "Next"),
            "cancelled": _("Cancelled"),
            "moved": _("Moved from {place}"),
            "changes": pgettext("link", "Changes"),
            "departed": _("Moved to {place}"),
            "open": _("Time to be announced"),
            "free": _("No session at the moment"),
            "over": _("No more sessions today"),
            "unpublished": _("The schedule has not been published yet"),
            "until": _("until {time}"),
            "offline": _("Offline since {time}"),
            "page": _("{page} of {pages}"),
            "rooms": _("All rooms"),
            "later": _("Later: {session}"),
        }
