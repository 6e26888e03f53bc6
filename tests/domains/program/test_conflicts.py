"""Conflicts of a timetable: each kind, and the same result as from comparing every pair of sessions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from expo.program.rules.conflicts import (
    SEVERITIES,
    ConflictKind,
    Facts,
    PlacementConflict,
    RoomConstraints,
    SessionConstraints,
    Severity,
    Span,
    find_conflicts,
    find_session_conflicts,
    sort_conflicts,
)
from expo.program.rules.timetable import Slot

NINE = datetime(2027, 5, 26, 9, tzinfo=UTC)
DAYS = Span(NINE - timedelta(hours=9), NINE + timedelta(hours=60))
ROOMS = {
    1: RoomConstraints(hall_id=1, capacity=100, equipment=frozenset({"projector", "interpretation"})),
    2: RoomConstraints(hall_id=1, capacity=10),
    3: RoomConstraints(hall_id=2, unavailable=(Span(NINE, NINE + timedelta(hours=1)),)),
    4: RoomConstraints(),
}


def slot(room_id: int | None, begins: int, minutes: int = 30) -> Slot:
    """Return a slot that begins some minutes after nine."""
    starts_at = NINE + timedelta(minutes=begins)
    return Slot(room_id, starts_at, starts_at + timedelta(minutes=minutes))


def facts(
    *sessions: SessionConstraints, walking: int = 10, buffer: int = 0, busy: dict[int, Span] | None = None
) -> Facts:
    """Return the facts of sessions with the ids 1, 2, …"""
    return Facts(
        DAYS,
        ROOMS,
        dict(enumerate(sessions, 1)),
        {speaker: [span] for speaker, span in (busy or {}).items()},
        timedelta(minutes=walking),
        timedelta(minutes=buffer),
    )


def speaks(*speakers: int) -> SessionConstraints:
    return SessionConstraints(speakers=frozenset(speakers))


ANY = SessionConstraints()
PAIR = (1, 2)
HOUR = Span(NINE, NINE + timedelta(hours=1))


@pytest.mark.parametrize(
    ("known", "slots", "expected"),
    [
        (facts(ANY, ANY), [slot(1, 0), slot(1, 30)], []),
        (facts(ANY, ANY), [slot(1, 0), slot(1, 29)], [PlacementConflict(ConflictKind.ROOM_OVERLAP, PAIR)]),
        (facts(ANY, ANY), [slot(None, 0), slot(None, 0)], []),
        (facts(ANY, ANY, buffer=5), [slot(1, 0), slot(1, 35)], []),
        (facts(ANY, ANY, buffer=5), [slot(1, 34), slot(1, 0)], [PlacementConflict(ConflictKind.BUFFER, PAIR)]),
        (facts(speaks(7), speaks(7, 8)), [slot(1, 0), slot(2, 30)], []),
        (
            facts(speaks(7), speaks(7, 8)),
            [slot(1, 0), slot(2, 15)],
            [PlacementConflict(ConflictKind.SPEAKER_OVERLAP, PAIR, 7)],
        ),
        (
            facts(speaks(7), speaks(7)),
            [slot(1, 0), slot(3, 69)],
            [],
        ),
        (
            facts(speaks(7), speaks(7), walking=40),
            [slot(1, 0), slot(3, 69)],
            [PlacementConflict(ConflictKind.WALKING, PAIR, 7)],
        ),
        (facts(speaks(7), speaks(7), walking=40), [slot(1, 0), slot(4, 30)], []),
        (
            facts(speaks(7), busy={7: HOUR}),
            [slot(1, 55)],
            [PlacementConflict(ConflictKind.SPEAKER_UNAVAILABLE, (1,), 7)],
        ),
        (facts(speaks(7), busy={7: HOUR}), [slot(1, 60)], []),
        (facts(ANY), [slot(3, 30)], [PlacementConflict(ConflictKind.ROOM_UNAVAILABLE, (1,))]),
        (facts(ANY), [slot(3, 60)], []),
        (
            facts(SessionConstraints(needs=frozenset({"projector", "piano", "mirror"}))),
            [slot(1, 0)],
            [PlacementConflict(ConflictKind.EQUIPMENT, (1,), missing=("mirror", "piano"))],
        ),
        (
            facts(SessionConstraints(is_interpreted=True, needs=frozenset({"interpretation"}))),
            [slot(2, 0)],
            [PlacementConflict(ConflictKind.INTERPRETATION, (1,))],
        ),
        (facts(SessionConstraints(is_interpreted=True)), [slot(1, 0)], []),
        (facts(SessionConstraints(audience=11)), [slot(2, 0)], [PlacementConflict(ConflictKind.CAPACITY, (1,))]),
        (facts(SessionConstraints(audience=10)), [slot(2, 0)], []),
        (facts(SessionConstraints(audience=9_999)), [slot(4, 0)], []),
        (
            facts(SessionConstraints(track_id=5), SessionConstraints(track_id=5)),
            [slot(1, 0), slot(2, 0)],
            [PlacementConflict(ConflictKind.TRACK_PARALLEL, PAIR)],
        ),
        (
            facts(SessionConstraints(track_id=5, is_break=True), SessionConstraints(track_id=5)),
            [slot(1, 0), slot(2, 0)],
            [],
        ),
        (
            facts(SessionConstraints(takes_all_rooms=True), ANY, ANY),
            [slot(1, 0), slot(1, 10), slot(2, 30)],
            [PlacementConflict(ConflictKind.ALL_ROOMS, PAIR)],
        ),
        (facts(ANY), [slot(1, -541)], [PlacementConflict(ConflictKind.OUTSIDE_DAYS, (1,))]),
        (facts(ANY), [slot(1, -540, 30 * 60)], []),
        (facts(ANY), [slot(1, 60 * 59, 61)], [PlacementConflict(ConflictKind.OUTSIDE_DAYS, (1,))]),
    ],
)
def test_timetable_when_judged_then_exactly_what_is_wrong_is_found(
    known: Facts, slots: list[Slot], expected: list[PlacementConflict]
) -> None:
    assert find_conflicts(known, dict(enumerate(slots, 1))) == expected


def test_conflicts_when_sorted_then_the_most_serious_come_first() -> None:
    found = sort_conflicts(PlacementConflict(kind, (1,)) for kind in reversed(ConflictKind))

    severities = [each.severity for each in found]
    assert severities == sorted(severities, key=list(Severity).index)
    assert set(SEVERITIES) == set(ConflictKind)


_SESSION = st.builds(
    SessionConstraints,
    track_id=st.sampled_from([None, 1, 2]),
    speakers=st.frozensets(st.integers(1, 4), max_size=3),
    needs=st.frozensets(st.sampled_from(["projector", "piano"])),
    is_interpreted=st.booleans(),
    audience=st.sampled_from([None, 5, 50, 500]),
    takes_all_rooms=st.sampled_from([False, False, False, True]),
    is_break=st.booleans(),
)
_SLOT = st.builds(
    slot,
    st.sampled_from([None, 1, 2, 3, 4]),
    st.integers(-60, 60).map(lambda n: 10 * n),
    st.integers(0, 30).map(lambda n: 5 * n),
)
_PLACED = st.lists(st.tuples(_SESSION, _SLOT), max_size=9)


def check_every_pair(known: Facts, slots: dict[int, Slot]) -> list[PlacementConflict]:
    """Find conflicts by comparing every pair of sessions in isolation, without sorting or grouping."""
    found = {each for one in slots for each in find_conflicts(known, {one: slots[one]})}
    for pair in combinations(slots, 2):
        found |= set(find_conflicts(known, {each: slots[each] for each in pair}))
    return sort_conflicts(found)


@settings(max_examples=300)
@given(_PLACED, st.sampled_from([0, 10, 45]), st.sampled_from([0, 5, 20]))
def test_timetable_when_judged_at_once_then_the_same_as_by_every_pair(
    placed: list[tuple[SessionConstraints, Slot]], walking: int, buffer: int
) -> None:
    known = facts(*(session for session, _ in placed), walking=walking, buffer=buffer, busy={1: HOUR})
    slots = {number: each for number, (_, each) in enumerate(placed, 1)}

    assert find_conflicts(known, slots) == check_every_pair(known, slots)


def expected_kinds(known: Facts, one: int, other: int, slots: dict[int, Slot]) -> set[ConflictKind]:
    """Return the kinds of conflict between two sessions, written down a second time from their definition."""
    a, b, first, second = slots[one], slots[other], known.sessions[one], known.sessions[other]
    overlap = max(a.starts_at, b.starts_at) < min(a.ends_at, b.ends_at) or (
        a.starts_at < b.starts_at == b.ends_at < a.ends_at or b.starts_at < a.starts_at == a.ends_at < b.ends_at
    )
    apart = max(b.starts_at - a.ends_at, a.starts_at - b.ends_at)
    same_room = a.room_id is not None and a.room_id == b.room_id
    all_rooms = first.takes_all_rooms or second.takes_all_rooms
    halls = {ROOMS[each.room_id].hall_id if each.room_id else None for each in (a, b)}
    shared = first.speakers & second.speakers
    track = first.track_id is not None and first.track_id == second.track_id
    wrong = {
        ConflictKind.ROOM_OVERLAP: overlap and same_room and not all_rooms,
        ConflictKind.BUFFER: not overlap and same_room and apart < known.buffer,
        ConflictKind.ALL_ROOMS: overlap and all_rooms,
        ConflictKind.SPEAKER_OVERLAP: overlap and bool(shared),
        ConflictKind.WALKING: not overlap and bool(shared) and apart < known.walking and halls == {1, 2},
        ConflictKind.TRACK_PARALLEL: overlap and track and not (first.is_break or second.is_break),
    }
    return {kind for kind, is_wrong in wrong.items() if is_wrong}


@settings(max_examples=500)
@given(_SESSION, _SLOT, _SESSION, _SLOT, st.sampled_from([0, 45]), st.sampled_from([0, 20]))
def test_two_sessions_when_judged_then_the_kinds_follow_from_their_definition(
    one: SessionConstraints, a: Slot, other: SessionConstraints, b: Slot, walking: int, buffer: int
) -> None:
    known = facts(one, other, walking=walking, buffer=buffer)

    found = find_conflicts(known, {1: a, 2: b})

    assert {each.kind for each in found if each.session_ids == PAIR} == expected_kinds(known, 1, 2, {1: a, 2: b})


@settings(max_examples=300)
@given(_PLACED.filter(len), _SLOT, st.data())
def test_session_when_moved_then_only_the_conflicts_that_involve_it_change(
    placed: list[tuple[SessionConstraints, Slot]], target: Slot, data: st.DataObject
) -> None:
    known = replace(facts(*(session for session, _ in placed), walking=45, buffer=20), unavailable={1: [HOUR]})
    slots = {number: each for number, (_, each) in enumerate(placed, 1)}
    moved = data.draw(st.sampled_from(sorted(slots)))
    before = find_conflicts(known, slots)

    after = {**slots, moved: target}
    kept = [each for each in before if moved not in each.session_ids]

    assert sort_conflicts([*kept, *find_session_conflicts(known, after, moved)]) == find_conflicts(known, after)
