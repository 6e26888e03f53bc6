"""What the editor's script works with: the draft as JSON, and the changes that it sends and receives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.program.queries import ChangeRow, Draft, DraftSession, get_timetable, list_changes, read_draft
from expo.program.rules.conflicts import find_conflicts, find_session_conflicts
from expo.program.rules.timetable import DAY_BEGINS, History, Slot, day_begins_at, day_of, slot_from_json, slot_to_json
from expo.web.kit.caching import cached_bytes
from expo.web.kit.formats import date_local, language_in_words
from expo.web.kit.language import current_locale, localized
from expo.web.organizer.timetable.texts import conflict_to_json, list_script_texts

# The grid's step in minutes.
STEP = 5
MAX_REQUEST_ID_LENGTH = 64


@dataclass(frozen=True)
class PlacementRequest:
    """A change that the script asks for; `slot` is None to unplace the session."""

    slug: str
    slot: Slot | None
    before: Slot | None
    request_id: str
    since: int


def list_days(edition: EditionFacts, draft: Draft) -> list[date]:
    """Return the days to show: those of the expo, and any others on which the draft has sessions."""
    used = {day_of(each.starts_at, edition.zone) for each in draft.slots.values()}
    return sorted({*edition.days, *used})


def editor_to_json(
    edition: EditionFacts, draft: Draft, conflicts: list[dict[str, Any]], history: History, day: date
) -> dict[str, Any]:
    """Return everything that the script needs."""
    return {
        "key": f"timetable-{edition.id}",
        "revision": draft.revision,
        "content": edition.content_version,
        "step": STEP,
        "zone": edition.time_zone,
        "language": str(current_locale()).replace("_", "-"),
        "dayBegins": DAY_BEGINS.hour,
        "day": day.isoformat(),
        "days": [
            {
                "date": each.isoformat(),
                "label": date_local(each, "MMMEd"),
                "from": day_begins_at(each, edition.zone).isoformat(),
                "until": day_begins_at(each + timedelta(days=1), edition.zone).isoformat(),
            }
            for each in list_days(edition, draft)
        ],
        "rooms": _rooms_to_json(draft),
        "sessions": [_session_to_json(each) for each in draft.sessions.values()],
        "conflicts": conflicts,
        "history": {"undo": history.to_undo is not None, "redo": history.to_redo is not None},
        "texts": list_script_texts(),
        "urls": {
            "place": url_for("organizer_timetable.store_placement"),
            "changes": url_for("organizer_timetable.show_changes"),
            "undo": url_for("organizer_timetable.undo"),
            "redo": url_for("organizer_timetable.redo"),
            "form": url_for("organizer_timetable.place_session", slug="-"),
        },
    }


def content_to_json(edition: EditionFacts) -> bytes:
    """Return the whole draft with its conflicts, for editors that are open while a session, speaker or room changes.

    Written once for all of them, in each language.
    """

    def write() -> bytes:
        draft = read_draft(edition)
        return current_app.json.dumps(
            {
                "revision": draft.revision,
                "content": edition.content_version,
                "rooms": _rooms_to_json(draft),
                "sessions": [_session_to_json(each) for each in draft.sessions.values()],
                "conflicts": [conflict_to_json(draft, each) for each in find_conflicts(draft.facts, draft.slots)],
            }
        ).encode()

    return cached_bytes(edition, f"timetable:{get_timetable(edition.id).revision}", write)


def changes_to_json(edition: EditionFacts, actor: Actor, since: int) -> dict[str, Any]:
    """Return the changes after a revision, with the conflicts that now involve the changed sessions."""
    changes = list_changes(edition.id, since)
    if not changes:
        return {"revision": since, "changes": [], "conflicts": []}
    last = {each.session_id: each for each in changes}
    draft = read_draft(edition, around=last)
    slots = draft.slots
    found = {
        conflict: None
        for session_id in last
        if session_id in draft.sessions
        for conflict in find_session_conflicts(draft.facts, slots, session_id)
    }
    return {
        "revision": changes[-1].revision,
        "changes": [_change_to_json(each, actor) for each in last.values()],
        "conflicts": [conflict_to_json(draft, each) for each in found],
    }


def read_placement_request(body: object) -> PlacementRequest:
    """Return the change that a request asks for. Raises BadRequest if it is none."""
    if not isinstance(body, dict):
        raise BadRequest
    try:
        wanted = PlacementRequest(
            str(body["slug"]),
            _read_slot(body["slot"]),
            _read_slot(body["before"]),
            str(body["request_id"])[:MAX_REQUEST_ID_LENGTH],
            int(body["since"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadRequest from error
    return wanted


def _read_slot(value: Mapping[str, Any] | None) -> Slot | None:
    slot = slot_from_json(value)
    if slot is None:
        return None
    if slot.starts_at.tzinfo is None or slot.ends_at.tzinfo is None or type(slot.room_id) not in (int, type(None)):
        raise ValueError("a place needs moments with a time zone, and the id of a room")
    return slot


def _rooms_to_json(draft: Draft) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": localized(each.name), "hall": localized(each.hall_name), "capacity": each.capacity}
        for each in draft.rooms.values()
    ]


def _session_to_json(session: DraftSession) -> dict[str, Any]:
    track, speakers = session.track, [localized(each.name) for each in session.speakers]
    return {
        "id": session.id,
        "slug": session.slug,
        "title": localized(session.title),
        "speakers": speakers,
        "people": _(", ").join(speakers),
        "track": localized(track.name) if track else "",
        "color": track.position % 8 if track else 7,
        "language": language_in_words(session.language) if session.language else "",
        "minutes": session.minutes,
        "allRooms": session.takes_all_rooms,
        "slot": slot_to_json(session.slot),
        "published": slot_to_json(session.published_slot),
    }


def _change_to_json(change: ChangeRow, actor: Actor) -> dict[str, Any]:
    return {
        "session": change.session_id,
        "slot": slot_to_json(change.slot),
        "name": change.name,
        "isOwn": actor.kind == "person" and change.changed_by == actor.id,
    }
