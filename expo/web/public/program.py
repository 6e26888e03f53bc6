"""The public programme: by day, room, track, session and speaker, with search and feeds."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask import Response, render_template, request, send_file, url_for

from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.formats.schedule import Texts
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.infra.files import find_file_by_key
from expo.program.exports import export_ics, export_pdf, export_schedule, export_sessions_ics
from expo.program.queries import (
    FilterChoices,
    Place,
    SessionFilter,
    SessionRow,
    get_session,
    get_speaker,
    list_filter_choices,
    list_materials,
    list_sessions,
    list_speakers,
)
from expo.program.rules import pick_day
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import FRAGMENT_SECONDS, cached_bytes, cached_fragment, feed_response, recent_value
from expo.web.kit.language import current_language, localized
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.own_schedule import list_own_sessions
from expo.web.kit.public_pages import public_page
from expo.web.kit.schedule_labels import schedule_labels
from expo.web.public.corrections import correct_name, correct_query
from expo.web.public.program_day import DAY_PARAMETERS, is_over, render_day
from expo.web.public.structured_data import describe_session, describe_speaker
from expo.web.public.visitor_part import describe_visitor_part

MAX_QUERY_LENGTH = 100
SPEAKERS_SHOWN = 24
PHOTO_SECONDS = 30 * 24 * 3600

blueprint = audience_blueprint("public_program", __name__, Audience.EVERYONE)


@blueprint.get("/program")
@public_page(*DAY_PARAMETERS)
def show_program() -> str:
    """Show today's programme, or the next day's once today's is over, or the first day's."""
    edition, now = current_edition(), utcnow()
    choices, today = _choices(edition), edition.door_calendar.day_of(now)
    day = pick_day(choices.days, today)
    if day == today and is_over(edition, today, now):
        day = next((each for each in choices.days if each > today), today)
    return render_day(edition, choices, day)


@blueprint.get("/program/<day>")
@public_page(*DAY_PARAMETERS)
def show_day(day: str) -> str:
    """Show one day's programme."""
    edition = current_edition()
    choices = _choices(edition)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Missing("day_missing") from None
    if wanted not in choices.days:
        raise Missing("day_missing")
    return render_day(edition, choices, wanted)


@blueprint.get("/program/search")
@public_page(searched_by="q")
def search() -> str:
    """Show sessions and speakers matching a query, on all days."""
    edition = current_edition()
    q = request.args.get("q", "").strip()[:MAX_QUERY_LENGTH]
    shown = q
    sessions = list_sessions(edition.id, SessionFilter(q=q)) if q else []
    speakers = list_speakers(edition.id, q, limit=SPEAKERS_SHOWN) if q else []
    if q and not sessions and not speakers:
        shown = correct_query(edition, q)
        if shown:
            sessions = list_sessions(edition.id, SessionFilter(q=shown))
            speakers = list_speakers(edition.id, shown, limit=SPEAKERS_SHOWN)
    page = page_of_request(len(sessions), {"q": q})
    return render_template(
        "public/program/search.html",
        q=q,
        shown=shown,
        days=_by_day(page.cut(sessions)),
        page=page,
        speakers=speakers,
        chosen=_chosen_slugs(),
    )


@blueprint.get("/program/rooms/<slug>")
@public_page()
def show_room(slug: str) -> str:
    """Show the sessions in one room."""
    edition = current_edition()
    room = _find_room(edition, slug)
    sessions = list_sessions(edition.id, SessionFilter(room=slug))
    return render_template(
        "public/program/room.html", room=room, days=_by_day(sessions), count=len(sessions), chosen=_chosen_slugs()
    )


@blueprint.get("/program/rooms/<slug>.ics")
@public_page()
def room_ics(slug: str) -> Response:
    """Return the sessions in one room as an iCalendar file."""
    edition = current_edition()
    room = _find_room(edition, slug)
    return _calendar_of(room.name, list_sessions(edition.id, SessionFilter(room=slug)))


@blueprint.get("/program/tracks/<slug>")
@public_page()
def show_track(slug: str) -> str:
    """Show the sessions of one track."""
    edition = current_edition()
    track = next((each for each in _choices(edition).tracks if each.slug == slug), None)
    if track is None:
        raise Missing("track_missing")
    sessions = list_sessions(edition.id, SessionFilter(track=slug))
    return render_template(
        "public/program/track.html", track=track, days=_by_day(sessions), count=len(sessions), chosen=_chosen_slugs()
    )


@blueprint.get("/sessions/<slug>")
@public_page()
def show_session(slug: str) -> str:
    """Show one session, its seats, and what the attendee has to do with it."""
    edition = current_edition()
    session = get_session(edition.id, slug)
    return render_template(
        "public/program/session.html",
        session=session,
        row=session.row,
        materials=list_materials(session.row.id),
        structured_data=describe_session(edition, session),
        **vars(describe_visitor_part(edition, session.row, utcnow())),
    )


@blueprint.get("/sessions/<slug>.ics")
@public_page()
def session_ics(slug: str) -> Response:
    """Return one session as an iCalendar file."""
    row = get_session(current_edition().id, slug).row
    return _calendar_of(row.title, [row])


@blueprint.get("/speakers")
@public_page(searched_by="q")
def show_speakers() -> str:
    """List all speakers."""
    edition = current_edition()
    q = request.args.get("q", "").strip()[:MAX_QUERY_LENGTH]
    body = cached_fragment(edition, f"speakers:{q}", lambda: _render_speakers(edition, q))
    return render_template("public/program/speakers.html", body=body, q=q)


@blueprint.get("/speakers/<slug>")
@public_page()
def show_speaker(slug: str) -> str:
    """Show one speaker with biography and sessions."""
    edition = current_edition()
    speaker = get_speaker(edition.id, slug)
    return render_template(
        "public/program/speaker.html",
        speaker=speaker,
        chosen=_chosen_slugs(),
        structured_data=describe_speaker(edition, speaker),
    )


@blueprint.get("/speakers/<slug>.ics")
@public_page()
def speaker_ics(slug: str) -> Response:
    """Return the sessions of one speaker as an iCalendar file."""
    speaker = get_speaker(current_edition().id, slug)
    return _calendar_of(speaker.name, speaker.sessions)


@blueprint.get("/speakers/<slug>/<key>.jpg")
def speaker_photo(slug: str, key: str) -> Response:
    """Return the photo of a public speaker; another photo has another address."""
    if get_speaker(current_edition().id, slug).photo_key != key:
        raise Missing("file_missing")
    stored = find_file_by_key(key)
    return send_file(stored.path, stored.media_type, etag=stored.sha256, max_age=PHOTO_SECONDS)


@blueprint.get("/program/schedule.xml")
@public_page()
def schedule_xml() -> Response:
    """Return the programme as frab XML."""
    return _schedule_feed("frab-xml", "application/xml")


@blueprint.get("/program/schedule.json")
@public_page()
def schedule_json() -> Response:
    """Return the programme as frab JSON."""
    return _schedule_feed("frab-json", "application/json")


@blueprint.get("/program/schedule.ics")
@public_page()
def schedule_ics() -> Response:
    """Return the programme as an iCalendar file."""
    edition = current_edition()
    language = current_language().code
    return _feed(edition, "text/calendar", "schedule.ics", lambda: export_ics(edition, language, _address))


@blueprint.get("/program/schedule.pdf")
@public_page()
def schedule_pdf() -> Response:
    """Return the programme as a PDF for printing."""
    edition = current_edition()
    words = schedule_labels()
    return _feed(
        edition,
        "application/pdf",
        "schedule.pdf",
        lambda: export_pdf(edition, current_language().code, words),
    )


def _render_speakers(edition: EditionFacts, q: str) -> str:
    shown, speakers = q, list_speakers(edition.id, q)
    if q and not speakers:
        shown = correct_name(edition, q)
        speakers = list_speakers(edition.id, shown) if shown else []
    return render_template("public/program/_speaker_list.html", speakers=speakers, q=q, shown=shown)


def _calendar_of(name: Texts, sessions: Sequence[SessionRow]) -> Response:
    edition, language = current_edition(), current_language().code
    return feed_response(
        lambda: export_sessions_ics(edition, localized(name), sessions, language, _address),
        "text/calendar",
        f"{edition.content_version}:{language}",
        edition.content_changed_at,
        "sessions.ics",
    )


def _find_room(edition: EditionFacts, slug: str) -> Place:
    room = next((each for each in _choices(edition).rooms if each.slug == slug), None)
    if room is None:
        raise Missing("room_missing")
    return room


def _choices(edition: EditionFacts) -> FilterChoices:
    """Return the filter choices, read once per content version."""
    key = ("filter_choices", edition.id, edition.content_version)
    return recent_value(key, FRAGMENT_SECONDS, lambda: list_filter_choices(edition.id))


def _schedule_feed(name: str, mimetype: str) -> Response:
    edition = current_edition()
    return _feed(edition, mimetype, name, lambda: export_schedule(edition, name, _address))


def _feed(edition: EditionFacts, mimetype: str, name: str, make: object) -> Response:
    language = current_language().code
    return feed_response(
        lambda: cached_bytes(edition, name, make),  # type: ignore[arg-type]
        mimetype,
        f"{edition.content_version}:{language}",
        edition.content_changed_at,
    )


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))


def _chosen_slugs() -> set[str]:
    return {row.slug for row in list_own_sessions()}


def _by_day(sessions: Sequence[SessionRow]) -> list[tuple[date | None, list[SessionRow]]]:
    return [(day, list(group)) for day, group in groupby(sessions, key=lambda row: row.day)]
