"""The texts of the timetable editor: places, conflicts, changes of others, and what its script says."""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, pgettext

from expo.errors import Conflict, ExpoError
from expo.program.queries import Draft, DraftRoom
from expo.program.rules.conflicts import ConflictKind, PlacementConflict
from expo.program.rules.timetable import Slot, day_of
from expo.web.kit.errors import message_of
from expo.web.kit.formats import date_local, edition_zone, equipment_in_words, number, time_local, time_until
from expo.web.kit.isolation import fill
from expo.web.kit.language import localized

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
        "%(speaker)s has %(minutes)s min to walk between “%(first)s” and “%(second)s” in different halls. "
        "%(walking)s min are planned."
    ),
    ConflictKind.TRACK_PARALLEL: _l("“%(first)s” and “%(second)s” are in the track %(track)s at the same time."),
    ConflictKind.BUFFER: _l(
        "There are only %(minutes)s min between “%(first)s” and “%(second)s” in %(room)s. %(pause)s min are planned."
    ),
}


class _Words:
    """The words that the text of a conflict needs; each is made only if the text has it."""

    def __init__(self, draft: Draft, conflict: PlacementConflict) -> None:
        self._draft = draft
        self._conflict = conflict
        sessions = [draft.sessions[each] for each in conflict.session_ids]
        if len(sessions) > 1:
            sessions.sort(key=lambda each: (each.slot.starts_at if each.slot else draft.facts.days.starts_at, each.id))
        self._first, self._second = sessions[0], sessions[-1]

    def __getitem__(self, name: str) -> str:
        word: str = getattr(self, name)
        return word

    @property
    def first(self) -> str:
        return localized(self._first.title)

    @property
    def second(self) -> str:
        return localized(self._second.title)

    @property
    def _room(self) -> DraftRoom | None:
        slot = self._first.slot
        return self._draft.rooms.get(slot.room_id) if slot and slot.room_id is not None else None

    @property
    def room(self) -> str:
        return localized(self._room.name) if self._room else ""

    @property
    def capacity(self) -> str:
        return number((self._room.capacity if self._room else None) or 0)

    @property
    def audience(self) -> str:
        return number(self._first.audience or 0)

    @property
    def speaker(self) -> str:
        speaker_id = self._conflict.speaker_id
        return next((localized(each.name) for each in self._first.speakers if each.id == speaker_id), "")

    @property
    def track(self) -> str:
        return localized(self._first.track.name) if self._first.track else ""

    @property
    def missing(self) -> str:
        return _(", ").join(equipment_in_words(each) for each in self._conflict.missing)

    @property
    def minutes(self) -> str:
        first, second = self._first.slot, self._second.slot
        return _in_minutes(second.starts_at - first.ends_at) if first and second else ""

    @property
    def walking(self) -> str:
        return _in_minutes(self._draft.facts.walking)

    @property
    def pause(self) -> str:
        return _in_minutes(self._draft.facts.buffer)


def _in_minutes(length: timedelta) -> str:
    return number(int(length.total_seconds() // 60))


def describe_conflict(draft: Draft, conflict: PlacementConflict) -> str:
    """Return a conflict in words."""
    return fill(str(_CONFLICTS[conflict.kind]), _Words(draft, conflict))


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
        "otherEdited": _("“{title}” was edited."),
        "otherEditedMany": _("{count} sessions were edited."),
        "someone": _("Someone else"),
        "noUnplaced": _("All sessions are placed."),
        "noMatches": _("No sessions found"),
        "noConflicts": _("No conflicts"),
        "minutes": _("{count} min"),
        "noFreeSlot": _("There is no free slot on this day. Open the form to choose another day."),
        "errors": pgettext("severity", "Errors"),
        "warnings": pgettext("severity", "Warnings"),
        "notes": pgettext("severity", "Notes"),
        "emptyRoom": _("No sessions in this room"),
        "changes": _("Changes since the last published version: {count}"),
    }
