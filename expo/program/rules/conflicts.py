"""Conflicts of a timetable: what is wrong with it, how badly, and which sessions are involved. Pure.

`find_conflicts` checks everything, `find_session_conflicts` only one session, in a fraction of the time: after a
move, the conflicts that involve the session are replaced and all others remain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from expo.program.rules.timetable import Slot

INTERPRETATION = "interpretation"
NOTHING = timedelta()


class Severity(StrEnum):
    """How serious a conflict is."""

    # It cannot be held like this.
    ERROR = "error"
    # It can be held, but something is missing or somebody is in trouble.
    WARNING = "warning"
    # Worth knowing.
    NOTE = "note"


class ConflictKind(StrEnum):
    """What is wrong."""

    ROOM_OVERLAP = "room_overlap"
    SPEAKER_OVERLAP = "speaker_overlap"
    ALL_ROOMS = "all_rooms"
    OUTSIDE_DAYS = "outside_days"
    ROOM_UNAVAILABLE = "room_unavailable"
    SPEAKER_UNAVAILABLE = "speaker_unavailable"
    EQUIPMENT = "equipment"
    INTERPRETATION = "interpretation"
    CAPACITY = "capacity"
    WALKING = "walking"
    TRACK_PARALLEL = "track_parallel"
    BUFFER = "buffer"


SEVERITIES = {
    ConflictKind.ROOM_OVERLAP: Severity.ERROR,
    ConflictKind.SPEAKER_OVERLAP: Severity.ERROR,
    ConflictKind.ALL_ROOMS: Severity.ERROR,
    ConflictKind.OUTSIDE_DAYS: Severity.ERROR,
    ConflictKind.ROOM_UNAVAILABLE: Severity.ERROR,
    ConflictKind.SPEAKER_UNAVAILABLE: Severity.ERROR,
    ConflictKind.EQUIPMENT: Severity.WARNING,
    ConflictKind.INTERPRETATION: Severity.WARNING,
    ConflictKind.CAPACITY: Severity.WARNING,
    ConflictKind.WALKING: Severity.WARNING,
    ConflictKind.TRACK_PARALLEL: Severity.NOTE,
    ConflictKind.BUFFER: Severity.NOTE,
}
_ORDER = {kind: position for position, kind in enumerate(SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Span:
    """A time from one moment to another."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RoomConstraints:
    """What the checks need to know about a room."""

    hall_id: int | None = None
    capacity: int | None = None
    equipment: frozenset[str] = frozenset()
    unavailable: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionConstraints:
    """What the checks need to know about a session.

    `speakers` includes moderators; `audience` is the number of people expected.
    """

    track_id: int | None = None
    speakers: frozenset[int] = frozenset()
    needs: frozenset[str] = frozenset()
    is_interpreted: bool = False
    audience: int | None = None
    takes_all_rooms: bool = False
    is_break: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything but the places: what the checks know about an edition. `days` lasts from its first day to its last."""

    days: Span
    rooms: Mapping[int, RoomConstraints]
    sessions: Mapping[int, SessionConstraints]
    # Speaker → when they cannot speak.
    unavailable: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    # What a speaker needs from one hall to another.
    walking: timedelta = NOTHING
    # The pause that a room needs between two sessions.
    buffer: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class PlacementConflict:
    """Something that is wrong. `speaker_id` and `missing` say who or what it is about, where that matters."""

    kind: ConflictKind
    # One session, or two in the order of their ids.
    session_ids: tuple[int, ...]
    speaker_id: int | None = None
    missing: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        """How serious it is."""
        return SEVERITIES[self.kind]


Slots = Mapping[int, Slot]


def find_conflicts(facts: Facts, slots: Slots) -> list[PlacementConflict]:
    """Return all conflicts of a timetable, the most serious first."""
    found: list[PlacementConflict] = []
    groups = _group(facts, slots)
    for session_id, slot in slots.items():
        found += _check_alone(facts, session_id, slot)
    for room in groups.rooms.values():
        for pair in _near_pairs(slots, room, facts.buffer):
            found += _check_room(facts, slots, *pair)
    for speaker_id, sessions in groups.speakers.items():
        for pair in _near_pairs(slots, sessions, facts.walking):
            found += _check_speaker(facts, slots, *pair, speaker_id)
    for track in groups.tracks.values():
        for pair in _near_pairs(slots, track, NOTHING):
            found += _check_track(facts, slots, *pair)
    for pair in _pairs_with_all_rooms(facts, slots, groups.in_all_rooms):
        found += _check_all_rooms(facts, slots, *pair)
    return sort_conflicts(found)


def find_session_conflicts(facts: Facts, slots: Slots, session_id: int) -> list[PlacementConflict]:
    """Return the conflicts that involve one session, the most serious first."""
    slot = slots.get(session_id)
    if slot is None:
        return []
    session = facts.sessions[session_id]
    found = list(_check_alone(facts, session_id, slot))
    margin = max(facts.walking, facts.buffer)
    earliest, latest = slot.starts_at - margin, slot.ends_at + margin
    for other_id, other in slots.items():
        if other.starts_at > latest or other.ends_at < earliest or other_id == session_id:
            continue
        found += _check_room(facts, slots, session_id, other_id)
        for speaker_id in session.speakers & facts.sessions[other_id].speakers:
            found += _check_speaker(facts, slots, session_id, other_id, speaker_id)
        found += _check_track(facts, slots, session_id, other_id)
        found += _check_all_rooms(facts, slots, session_id, other_id)
    return sort_conflicts(found)


def sort_conflicts(conflicts: Iterable[PlacementConflict]) -> list[PlacementConflict]:
    """Return conflicts in the order in which they are shown: the most serious first."""
    return sorted(conflicts, key=lambda each: (_ORDER[each.kind], each.session_ids, each.speaker_id or 0))


@dataclass
class _Groups:
    """The sessions that share something, each in the order of their start."""

    rooms: dict[int, list[int]] = field(default_factory=dict)
    speakers: dict[int, list[int]] = field(default_factory=dict)
    tracks: dict[int, list[int]] = field(default_factory=dict)
    in_all_rooms: list[int] = field(default_factory=list)


def _group(facts: Facts, slots: Slots) -> _Groups:
    groups = _Groups()
    for session_id, slot in sorted(slots.items(), key=lambda each: each[1].starts_at):
        session = facts.sessions[session_id]
        if slot.room_id is not None:
            groups.rooms.setdefault(slot.room_id, []).append(session_id)
        for speaker_id in session.speakers:
            groups.speakers.setdefault(speaker_id, []).append(session_id)
        if session.track_id is not None:
            groups.tracks.setdefault(session.track_id, []).append(session_id)
        if session.takes_all_rooms:
            groups.in_all_rooms.append(session_id)
    return groups


def _near_pairs(slots: Slots, group: Sequence[int], margin: timedelta) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a group, ordered by start, that overlap or have less than `margin` between them."""
    for index, first in enumerate(group):
        until = slots[first].ends_at + margin
        for second in group[index + 1 :]:
            if slots[second].starts_at >= until:
                break
            yield first, second


def _pairs_with_all_rooms(facts: Facts, slots: Slots, in_all_rooms: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield each event in all rooms with every other session; two such events once."""
    for first in in_all_rooms:
        for second in slots:
            if second > first or not facts.sessions[second].takes_all_rooms:
                yield first, second


def _check_alone(facts: Facts, session_id: int, slot: Slot) -> Iterator[PlacementConflict]:
    session = facts.sessions[session_id]
    alone = (session_id,)
    if slot.starts_at < facts.days.starts_at or slot.ends_at > facts.days.ends_at:
        yield PlacementConflict(ConflictKind.OUTSIDE_DAYS, alone)
    for speaker_id in session.speakers:
        if any(_overlap(slot, span) for span in facts.unavailable.get(speaker_id, ())):
            yield PlacementConflict(ConflictKind.SPEAKER_UNAVAILABLE, alone, speaker_id)
    room = facts.rooms.get(slot.room_id) if slot.room_id is not None else None
    if room is None:
        return
    if room.unavailable and any(_overlap(slot, span) for span in room.unavailable):
        yield PlacementConflict(ConflictKind.ROOM_UNAVAILABLE, alone)
    missing = session.needs - room.equipment
    # Named once, as missing interpretation.
    if session.is_interpreted and INTERPRETATION not in room.equipment:
        missing -= {INTERPRETATION}
        yield PlacementConflict(ConflictKind.INTERPRETATION, alone)
    if missing:
        yield PlacementConflict(ConflictKind.EQUIPMENT, alone, missing=tuple(sorted(missing)))
    if session.audience is not None and room.capacity is not None and session.audience > room.capacity:
        yield PlacementConflict(ConflictKind.CAPACITY, alone)


def _check_room(facts: Facts, slots: Slots, first: int, second: int) -> Iterator[PlacementConflict]:
    one, other = slots[first], slots[second]
    if one.room_id is None or one.room_id != other.room_id:
        return
    if _overlap(one, other):
        # Named once, as an event in all rooms.
        if not (facts.sessions[first].takes_all_rooms or facts.sessions[second].takes_all_rooms):
            yield _between(ConflictKind.ROOM_OVERLAP, first, second)
    elif _gap(one, other) < facts.buffer:
        yield _between(ConflictKind.BUFFER, first, second)


def _check_speaker(facts: Facts, slots: Slots, first: int, second: int, speaker_id: int) -> Iterator[PlacementConflict]:
    one, other = slots[first], slots[second]
    if _overlap(one, other):
        yield _between(ConflictKind.SPEAKER_OVERLAP, first, second, speaker_id)
    elif _gap(one, other) < facts.walking and _are_in_different_halls(facts, one, other):
        yield _between(ConflictKind.WALKING, first, second, speaker_id)


def _check_track(facts: Facts, slots: Slots, first: int, second: int) -> Iterator[PlacementConflict]:
    one, other = facts.sessions[first], facts.sessions[second]
    if one.track_id is None or one.track_id != other.track_id or one.is_break or other.is_break:
        return
    if _overlap(slots[first], slots[second]):
        yield _between(ConflictKind.TRACK_PARALLEL, first, second)


def _check_all_rooms(facts: Facts, slots: Slots, first: int, second: int) -> Iterator[PlacementConflict]:
    takes_all_rooms = facts.sessions[first].takes_all_rooms or facts.sessions[second].takes_all_rooms
    if takes_all_rooms and first != second and _overlap(slots[first], slots[second]):
        yield _between(ConflictKind.ALL_ROOMS, first, second)


def _between(kind: ConflictKind, first: int, second: int, speaker_id: int | None = None) -> PlacementConflict:
    return PlacementConflict(kind, (first, second) if first < second else (second, first), speaker_id)


def _overlap(one: Slot | Span, other: Slot | Span) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _gap(one: Slot, other: Slot) -> timedelta:
    """Return the time between two slots that do not overlap."""
    return max(other.starts_at - one.ends_at, one.starts_at - other.ends_at)


def _are_in_different_halls(facts: Facts, one: Slot, other: Slot) -> bool:
    """Whether both halls are known and differ."""
    halls = [
        room.hall_id
        for slot in (one, other)
        if slot.room_id is not None and (room := facts.rooms.get(slot.room_id)) is not None
    ]
    return len(halls) == 2 and None not in halls and halls[0] != halls[1]  # noqa: PLR2004 - two slots
