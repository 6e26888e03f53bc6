"""Versions of the timetable: what each contains, and what changes from one to the next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from expo.program.rules.sessions import SessionState
from expo.program.rules.timetable import Slot, slot_from_json, slot_to_json

MAX_LABEL_LENGTH = 100


@dataclass(frozen=True)
class VersionEntry:
    """A public session as a version contains it; `slot` is None while its time is open."""

    title: dict[str, str]
    state: str
    slot: Slot | None
    speaker_ids: tuple[int, ...] = ()
    # Of a session that has been deleted since: who had it on their schedule or a seat, by the id of the attendee.
    attendee_ids: tuple[int, ...] = ()


class ChangeKind(StrEnum):
    """How a session differs from the version before."""

    ADDED = "added"
    MOVED = "moved"
    # It has a time for the first time.
    PLACED = "placed"
    # It has lost its time.
    UNPLACED = "unplaced"
    CANCELLED = "cancelled"
    REINSTATED = "reinstated"
    SPEAKERS = "speakers"
    REMOVED = "removed"


# The changes after which somebody may no longer be a speaker.
CHANGES_FOR_FORMER_SPEAKERS = frozenset({ChangeKind.SPEAKERS, ChangeKind.REMOVED})
# The changes of which people who planned to attend are notified.
CHANGES_FOR_ATTENDEES = frozenset(
    {
        ChangeKind.MOVED,
        ChangeKind.PLACED,
        ChangeKind.UNPLACED,
        ChangeKind.CANCELLED,
        ChangeKind.REINSTATED,
        ChangeKind.SPEAKERS,
    }
)
CHANGES_FOR_SPEAKERS = CHANGES_FOR_ATTENDEES | {ChangeKind.ADDED}


@dataclass(frozen=True)
class VersionChange:
    """A change of one session between two versions."""

    kind: ChangeKind
    session_id: int
    title: dict[str, str]
    before: Slot | None = None
    after: Slot | None = None
    speakers_before: tuple[int, ...] = ()
    speakers_after: tuple[int, ...] = ()
    # Who had a removed session on their schedule or a seat.
    attendees_before: tuple[int, ...] = ()


Entries = Mapping[int, VersionEntry]


def compare_versions(before: Entries, after: Entries) -> tuple[VersionChange, ...]:
    """Return what changes from one version to the next: each session at most once, apart from its speakers."""
    changes: list[VersionChange] = []
    for session_id, entry in after.items():
        former = before.get(session_id)
        kind = _kind_of_change(former, entry)
        if kind is not None:
            slot_before = former.slot if former else None
            changes.append(VersionChange(kind, session_id, entry.title, slot_before, entry.slot))
        if former and sorted(former.speaker_ids) != sorted(entry.speaker_ids):
            changes.append(
                VersionChange(
                    ChangeKind.SPEAKERS,
                    session_id,
                    entry.title,
                    former.slot,
                    entry.slot,
                    former.speaker_ids,
                    entry.speaker_ids,
                )
            )
    changes += [
        VersionChange(
            ChangeKind.REMOVED,
            session_id,
            former.title,
            former.slot,
            speakers_before=former.speaker_ids,
            attendees_before=former.attendee_ids,
        )
        for session_id, former in before.items()
        if session_id not in after
    ]
    return tuple(changes)


def _kind_of_change(former: VersionEntry | None, entry: VersionEntry) -> ChangeKind | None:
    is_cancelled = entry.state == SessionState.CANCELLED
    if former is None:
        return None if is_cancelled else ChangeKind.ADDED
    was_cancelled = former.state == SessionState.CANCELLED
    if is_cancelled or was_cancelled:
        if is_cancelled and was_cancelled:
            return None
        return ChangeKind.CANCELLED if is_cancelled else ChangeKind.REINSTATED
    if former.slot == entry.slot:
        return None
    if former.slot is None:
        return ChangeKind.PLACED
    return ChangeKind.MOVED if entry.slot else ChangeKind.UNPLACED


def entry_to_json(entry: VersionEntry) -> dict[str, Any]:
    """Return an entry as JSON values."""
    return {
        "title": entry.title,
        "state": entry.state,
        "slot": slot_to_json(entry.slot),
        "speaker_ids": list(entry.speaker_ids),
        "attendee_ids": list(entry.attendee_ids),
    }


def entry_from_json(value: Mapping[str, Any]) -> VersionEntry:
    """Return the entry that `entry_to_json` wrote."""
    return VersionEntry(
        value["title"],
        value["state"],
        slot_from_json(value["slot"]),
        tuple(value["speaker_ids"]),
        tuple(value.get("attendee_ids", ())),
    )


def change_to_json(change: VersionChange) -> dict[str, Any]:
    """Return a change as JSON values."""
    return {
        "kind": change.kind.value,
        "session_id": change.session_id,
        "title": change.title,
        "before": slot_to_json(change.before),
        "after": slot_to_json(change.after),
        "speakers_before": list(change.speakers_before),
        "speakers_after": list(change.speakers_after),
        "attendees_before": list(change.attendees_before),
    }


def change_from_json(value: Mapping[str, Any]) -> VersionChange:
    """Return the change that `change_to_json` wrote."""
    return VersionChange(
        ChangeKind(value["kind"]),
        value["session_id"],
        value["title"],
        slot_from_json(value["before"]),
        slot_from_json(value["after"]),
        tuple(value["speakers_before"]),
        tuple(value["speakers_after"]),
        tuple(value.get("attendees_before", ())),
    )
