"""The texts of the timetable editor: places, conflicts, changes of others, and what its script says."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from expo.errors import Conflict, ExpoError
from expo.program.queries import Draft
from expo.program.rules.conflicts import ConflictKind, PlacementConflict, Severity
from expo.program.rules.timetable import Slot, day_of
from expo.web.kit.errors import message_of
from expo.web.kit.formats import date_local, edition_zone, number, time_local, time_until
from expo.web.kit.language import localized

SEVERITIES = {Severity.ERROR: _l("Errors"), Severity.WARNING: _l("Warnings"), Severity.NOTE: _l("Notes")}
_CONFLICTS = {
    ConflictKind.ROOM_OVERLAP: _l("“%(first)s” and “%(second)s” overlap in %(room)s."),
    ConflictKind.SPEAKER_OVERLAP: _l("%(speaker)s is in “%(first)s” and “%(second)s” at the same time."),
    ConflictKind.ALL_ROOMS: _l("“%(first)s” and “%(second)s” overlap, and one of them takes all rooms."),
    ConflictKind.OUTSIDE_DAYS: _l("“%(first)s” is outside the days of the expo."),
    ConflictKind.ROOM_UNAVAILABLE: _l("%(room)s is not available at the time of “%(first)s”."),
    ConflictKind.SPEAKER_UNAVAILABLE: _l("%(speaker)s is not available at the time of “%(first)s”."),
    ConflictKind.EQUIPMENT: _l("“%(first)s” needs equipment that %(room)s does not have: %(missing)s."),
    ConflictKind.INTERPRETATION: _l("“%(first)s” is interpreted, but %(room)s has no equipment for interpretation."),
    ConflictKind.CAPACITY: _l(
        "%(audience)s people are expected in “%(first)s”, but %(room)s has room for %(capacity)s."
    ),
    ConflictKind.WALKING: _l(
        "%(speaker)s has %(minutes)s minutes to walk between “%(first)s” and “%(second)s” in different halls. "
        "%(needed)s minutes are planned."
    ),
    ConflictKind.TRACK_PARALLEL: _l("“%(first)s” and “%(second)s” are in the track %(track)s at the same time."),
    ConflictKind.BUFFER: _l(
        "There are %(minutes)s minutes between “%(first)s” and “%(second)s” in %(room)s. %(pause)s minutes are planned."
    ),
}


def describe_conflict(draft: Draft, conflict: PlacementConflict) -> str:
    """Return a conflict in words."""
    sessions = sorted(
        (draft.sessions[each] for each in conflict.session_ids),
        key=lambda each: (each.slot.starts_at if each.slot else draft.facts.days.starts_at, each.id),
    )
    first, last = sessions[0], sessions[-1]
    room = draft.rooms.get(first.slot.room_id) if first.slot and first.slot.room_id else None
    names = {each.id: localized(each.name) for session in sessions for each in session.speakers}
    gap = (last.slot.starts_at - first.slot.ends_at).total_seconds() // 60 if first.slot and last.slot else 0
    return str(_CONFLICTS[conflict.kind]) % {
        "first": localized(first.title),
        "second": localized(last.title),
        "room": localized(room.name) if room else "",
        "speaker": names.get(conflict.speaker_id or 0, ""),
        "missing": _(", ").join(conflict.missing),
        "audience": number(first.audience or 0),
        "capacity": number((room.capacity if room else None) or 0),
        "track": localized(first.track.name) if first.track else "",
        "minutes": number(int(gap)),
        "needed": number(int(draft.facts.walking.total_seconds() // 60)),
        "pause": number(int(draft.facts.buffer.total_seconds() // 60)),
    }


def conflict_to_json(draft: Draft, conflict: PlacementConflict) -> dict[str, Any]:
    """Return a conflict as the script shows it."""
    return {
        "severity": conflict.severity,
        "kind": conflict.kind,
        "sessions": list(conflict.session_ids),
        "text": describe_conflict(draft, conflict),
    }


def describe_slot(draft: Draft, slot: Slot | None) -> str:
    """Return a place in words: room, day and time."""
    if slot is None:
        return _("not placed")
    room = draft.rooms.get(slot.room_id) if slot.room_id is not None else None
    return _(
        "%(room)s, %(day)s, %(times)s",
        room=localized(room.name) if room else _("no room"),
        day=date_local(day_of(slot.starts_at, edition_zone()), "MMMEd"),
        times=f"{time_local(slot.starts_at)}–{time_until(slot.ends_at, slot.starts_at)}",
    )


def describe_error(draft: Draft, error: ExpoError) -> str:
    """Return why a change was refused; if somebody else moved the session, who did, from where and to where."""
    if not (isinstance(error, Conflict) and error.code == "placement_changed"):
        return message_of(error)
    session = draft.sessions.get(error.params["session_id"])
    return _(
        "%(name)s has moved “%(title)s” in the meantime. Before: %(before)s. Now: %(now)s.",
        name=error.params["name"] or _("Someone else"),
        title=localized(session.title) if session else "",
        before=describe_slot(draft, error.params["before"]),
        now=describe_slot(draft, error.params["slot"]),
    )


def count_by_severity(conflicts: Iterable[PlacementConflict]) -> dict[Severity, int]:
    """Return how many conflicts there are of each severity."""
    counts = dict.fromkeys(Severity, 0)
    for each in conflicts:
        counts[each.severity] += 1
    return counts


def list_script_texts() -> dict[str, str]:
    """Return the texts that the script fills in; names in braces are replaced by it."""
    return {
        "moved": _("Moved to {room}, {time}."),
        "unplaced": _("Removed from the timetable."),
        "moving": _("{room}, {time}. Press Escape to cancel."),
        "conflict": _("Conflict: {text}"),
        "noConflict": _("No conflicts."),
        "noRoom": _("No room"),
        "offline": _("You are offline. Your changes are kept and will be sent when the connection is back."),
        "saving": _("Saving…"),
        "saved": _("All changes saved"),
        "signedOut": _("You have been signed out. Sign in again in another tab; your changes are kept here."),
        "failed": _("The change could not be saved. Reload the page and try again."),
        "otherMoved": _("{name} moved “{title}”."),
        "someone": _("Someone else"),
        "noUnplaced": _("All sessions are placed."),
        "noMatches": _("No sessions found"),
        "noConflicts": _("No conflicts"),
        "minutes": _("{count} min"),
        "noFreeSlot": _("There is no free place on this day. Open the form to choose another day."),
        "errors": str(SEVERITIES[Severity.ERROR]),
        "warnings": str(SEVERITIES[Severity.WARNING]),
        "notes": str(SEVERITIES[Severity.NOTE]),
        "emptyRoom": _("No sessions in this room"),
        "changes": _("Changes since the last published version: {count}"),
    }
