"""The draft timetable: sessions are placed, moved and unplaced, undone and redone; outdated changes are refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import func, select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Permission
from expo.editions.models import Room
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.infra.audit import list_audit_records
from expo.infra.db import atomic, db
from expo.program.errors import SessionMissing
from expo.program.models import Speaker, TimetableChange
from expo.program.queries import list_changes, read_draft, read_history
from expo.program.rules.conflicts import ConflictKind, find_conflicts
from expo.program.rules.timetable import History, Slot, Step, replay_history, slot_from_json, slot_to_json
from expo.program.services import place_session, redo_change, set_check_minutes, undo_change, unplace_session
from tests.conftest import make_edition
from tests.timetables import make_planner, make_room, make_session, slot_at


def _slot_of(edition: EditionFacts, session_id: int) -> Slot | None:
    db.session.rollback()
    return read_draft(edition).sessions[session_id].slot


def test_session_when_placed_moved_and_unplaced_then_each_is_a_revision(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room, talk, ann = make_room(edition), make_session(edition, "talk"), make_planner(edition, "Ann", now)
    first, second = slot_at(room), slot_at(room, 60, 45)

    revisions = [
        place_session(ann, edition.id, "talk", first, None, now).revision,
        place_session(ann, edition.id, "talk", second, first, now).revision,
    ]
    placed = _slot_of(edition, talk)
    revisions.append(unplace_session(ann, edition.id, "talk", second, now).revision)

    assert (revisions, placed, _slot_of(edition, talk)) == ([1, 2, 3], second, None)
    assert [(each.revision, each.slot, each.name) for each in list_changes(edition.id, 1)] == [
        (2, second, "Ann"),
        (3, None, "Ann"),
    ]
    assert [each.action for each in list_audit_records("session", talk)] == [
        "timetable.unplace",
        "timetable.place",
        "timetable.place",
    ]


def test_session_when_somebody_else_moved_it_then_refused_with_who_and_where(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room, talk = make_room(edition), make_session(edition, "talk")
    ann, bo = make_planner(edition, "Ann", now), make_planner(edition, "Bo", now)
    first, second = slot_at(room), slot_at(room, 60)
    place_session(ann, edition.id, "talk", first, None, now)
    place_session(bo, edition.id, "talk", second, first, now)

    with pytest.raises(Conflict) as refusal:
        place_session(ann, edition.id, "talk", slot_at(room, 120), first, now)

    assert refusal.value.code == "placement_changed"
    assert refusal.value.params == {"session_id": talk, "slot": second, "before": first, "name": "Bo"}
    assert _slot_of(edition, talk) == second


def test_session_when_another_one_was_moved_meanwhile_then_placed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room = make_room(edition)
    one, two = make_session(edition, "one"), make_session(edition, "two")
    ann, bo = make_planner(edition, "Ann", now), make_planner(edition, "Bo", now)

    place_session(bo, edition.id, "two", slot_at(room), None, now)
    place_session(ann, edition.id, "one", slot_at(room, 30), None, now)

    assert (_slot_of(edition, one), _slot_of(edition, two)) == (slot_at(room, 30), slot_at(room))


def test_session_when_placed_twice_by_the_same_request_or_at_the_same_place_then_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    make_session(edition, "talk")
    slot = slot_at(room)

    first = place_session(ann, edition.id, "talk", slot, None, now, request_id="r1")
    moved = place_session(ann, edition.id, "talk", slot_at(room, 60), slot, now, request_id="r2")
    repeated = place_session(ann, edition.id, "talk", slot, None, now, request_id="r1")
    same = place_session(ann, edition.id, "talk", slot_at(room, 60), None, now)

    assert [each.is_changed for each in (first, moved, repeated, same)] == [True, True, False, False]
    assert (repeated.revision, same.revision) == (1, 2)
    assert db.session.scalar(select(func.count()).select_from(TimetableChange)) == 2


def test_change_when_undone_and_redone_then_as_before_and_as_after(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room, talk, ann = make_room(edition), make_session(edition, "talk"), make_planner(edition, "Ann", now)
    first, second = slot_at(room), slot_at(room, 60)
    place_session(ann, edition.id, "talk", first, None, now)
    place_session(ann, edition.id, "talk", second, first, now)

    seen = [
        undo_change(ann, edition.id, now).slot,
        undo_change(ann, edition.id, now).slot,
        redo_change(ann, edition.id, now).slot,
        redo_change(ann, edition.id, now).slot,
        undo_change(ann, edition.id, now).slot,
    ]

    assert seen == [first, None, first, second, first]
    assert _slot_of(edition, talk) == first
    with pytest.raises(Conflict, match="nothing_to_undo"):
        undo_change(make_planner(edition, "Bo", now), edition.id, now)


def test_change_when_the_session_was_moved_since_then_not_undone(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room, talk = make_room(edition), make_session(edition, "talk")
    ann, bo = make_planner(edition, "Ann", now), make_planner(edition, "Bo", now)
    place_session(ann, edition.id, "talk", slot_at(room), None, now)
    place_session(bo, edition.id, "talk", slot_at(room, 60), slot_at(room), now)

    with pytest.raises(Conflict, match="placement_changed"):
        undo_change(ann, edition.id, now)
    with pytest.raises(Conflict, match="nothing_to_redo"):
        redo_change(ann, edition.id, now)

    assert _slot_of(edition, talk) == slot_at(room, 60)


def test_undo_when_sent_twice_then_one_change_is_undone(app: Flask, edition: EditionFacts, now: datetime) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    make_session(edition, "talk")
    place_session(ann, edition.id, "talk", slot_at(room), None, now)
    place_session(ann, edition.id, "talk", slot_at(room, 60), slot_at(room), now)

    results = [undo_change(ann, edition.id, now, request_id="u1") for _ in range(2)]

    assert [(each.slot, each.is_changed) for each in results] == [(slot_at(room), True), (slot_at(room), False)]


@given(st.lists(st.sampled_from(["change", "undo", "redo"]), max_size=30))
def test_history_when_replayed_then_as_a_plain_editor_would_have_it(acts: list[str]) -> None:
    steps: list[Step] = []
    # A plain editor: the values typed, and which one is shown; each revision is a change from one value to another.
    values, cursor = [0], 0
    changes: dict[int, tuple[int, int]] = {}
    for revision, act in enumerate(acts, 1):
        history = replay_history(steps)
        target = {"change": None, "undo": history.to_undo, "redo": history.to_redo}[act]
        assert (history.to_undo is not None, history.to_redo is not None) == (cursor > 0, cursor < len(values) - 1)
        shown = values[cursor]
        if act == "change":
            values, cursor = [*values[: cursor + 1], revision], cursor + 1
        elif target is None:
            continue
        else:
            cursor += 1 if act == "redo" else -1
            assert changes[target] == (values[cursor], shown)
        changes[revision] = (shown, values[cursor])
        steps.append(Step(revision, target))


@pytest.mark.parametrize(
    ("slot", "error", "code"),
    [
        (slot_at(None, 0, 4), Invalid, "duration_out_of_range"),
        (slot_at(None, 0, 48 * 60 + 5), Invalid, "duration_out_of_range"),
        (slot_at(9_999), Missing, "room_missing"),
    ],
)
def test_session_when_the_place_is_impossible_then_refused(
    slot: Slot, error: type[Exception], code: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "talk")

    with pytest.raises(error, match=code):
        place_session(make_planner(edition, "Ann", now), edition.id, "talk", slot, None, now)


@pytest.mark.parametrize("minutes", [5, 30 * 60])
def test_session_when_very_short_or_very_long_then_placed(
    minutes: int, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    talk = make_session(edition, "talk")

    place_session(make_planner(edition, "Ann", now), edition.id, "talk", slot_at(None, 0, minutes), None, now)

    assert read_draft(edition).sessions[talk].minutes == minutes


def test_session_when_of_another_expo_or_cancelled_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    make_session(other, "elsewhere")
    make_session(edition, "off", state="cancelled")
    make_session(edition, "talk")

    with pytest.raises(SessionMissing):
        place_session(ann, edition.id, "elsewhere", slot_at(room), None, now)
    with pytest.raises(Conflict, match="session_cancelled"):
        place_session(ann, edition.id, "off", slot_at(room), None, now)
    with pytest.raises(Missing, match="room_missing"):
        place_session(ann, edition.id, "talk", slot_at(make_room(other, "There")), None, now)
    assert [each.slug for each in read_draft(edition).sessions.values()] == ["talk"]


def test_acts_when_the_permission_is_missing_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    reader = replace(make_planner(edition, "Ann", now), permissions=frozenset({Permission.PROGRAM_READ}))
    make_session(edition, "talk")
    acts = (
        lambda: place_session(reader, edition.id, "talk", slot_at(None), None, now),
        lambda: unplace_session(reader, edition.id, "talk", None, now),
        lambda: undo_change(reader, edition.id, now),
        lambda: redo_change(reader, edition.id, now),
        lambda: set_check_minutes(reader, edition.id, 5, 5, now),
    )

    for act in acts:
        with pytest.raises(PermissionMissing):
            act()


def test_draft_when_judged_then_from_what_the_database_says(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_planner(edition, "Ann", now)
    small = make_room(edition, "Small", capacity=10)
    large = make_room(edition, "Large", capacity=900)
    one = make_session(edition, "one", "Ada", expected_audience=50, needs=["projector"], interpretation=["en"])
    two = make_session(edition, "two", "Ada")
    place_session(ann, edition.id, "one", slot_at(small), None, now)
    place_session(ann, edition.id, "two", slot_at(large, 25), None, now)
    set_check_minutes(ann, edition.id, 20, 5, now)

    draft = read_draft(edition)
    found = find_conflicts(draft.facts, draft.slots)

    assert (draft.facts.walking, draft.facts.buffer) == (timedelta(minutes=20), timedelta(minutes=5))
    assert [(each.kind, each.session_ids) for each in found] == [
        (ConflictKind.SPEAKER_OVERLAP, (one, two)),
        (ConflictKind.EQUIPMENT, (one,)),
        (ConflictKind.INTERPRETATION, (one,)),
        (ConflictKind.CAPACITY, (one,)),
    ]


def test_equipment_when_written_in_another_case_then_the_same(app: Flask, edition: EditionFacts, now: datetime) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    with atomic():
        db.session.execute(update(Room).values(equipment=["Projector", " INTERPRETATION"]))
    make_session(edition, "talk", needs=["projector"], interpretation=["en"])
    place_session(ann, edition.id, "talk", slot_at(room), None, now)

    draft = read_draft(edition)

    assert find_conflicts(draft.facts, draft.slots) == []


def test_session_when_times_are_unavailable_then_judged(app: Flask, edition: EditionFacts, now: datetime) -> None:
    room, ann = make_room(edition), make_planner(edition, "Ann", now)
    morning = [{"from": "2027-05-26T09:00:00+08:00", "to": "2027-05-26T12:00:00+08:00"}]
    talk = make_session(edition, "talk", "Ada")
    with atomic():
        db.session.execute(update(Room).values(unavailable=morning))
        db.session.execute(update(Speaker).values(unavailable=morning))
    place_session(ann, edition.id, "talk", slot_at(room), None, now)

    draft = read_draft(edition)

    assert [(each.kind, each.session_ids) for each in find_conflicts(draft.facts, draft.slots)] == [
        (ConflictKind.ROOM_UNAVAILABLE, (talk,)),
        (ConflictKind.SPEAKER_UNAVAILABLE, (talk,)),
    ]


def test_session_when_past_midnight_of_the_last_day_then_within_its_days_until_four(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_planner(edition, "Ann", now)
    last_midnight = datetime.combine(edition.ends_on + timedelta(days=1), datetime.min.time(), edition.zone)
    for slug, hours in (("night", 0.5), ("morning", 4)):
        make_session(edition, slug)
        starts_at = last_midnight + timedelta(hours=hours)
        place_session(ann, edition.id, slug, Slot(None, starts_at, starts_at + timedelta(hours=1)), None, now)

    draft = read_draft(edition)

    outside = {draft.sessions[each.session_ids[0]].slug for each in find_conflicts(draft.facts, draft.slots)}
    assert outside == {"morning"}


def test_history_when_read_then_only_ones_own(app: Flask, edition: EditionFacts, now: datetime) -> None:
    room, ann, bo = make_room(edition), make_planner(edition, "Ann", now), make_planner(edition, "Bo", now)
    for slug in ("one", "two"):
        make_session(edition, slug)
    place_session(ann, edition.id, "one", slot_at(room), None, now)
    place_session(bo, edition.id, "two", slot_at(room, 60), None, now)

    assert (read_history(ann, edition.id), read_history(bo, edition.id)) == (History(1), History(2))


@pytest.mark.parametrize("slot", [None, slot_at(3, 5, 10), slot_at(None)])
def test_slot_when_stored_and_read_then_equal(slot: Slot | None) -> None:
    assert slot_from_json(slot_to_json(slot)) == slot


@pytest.mark.parametrize("walking", [-1, 121])
def test_minutes_when_out_of_range_then_refused(walking: int, app: Flask, edition: EditionFacts, now: datetime) -> None:
    with pytest.raises(Invalid, match="minutes_out_of_range"):
        set_check_minutes(make_planner(edition, "Ann", now), edition.id, walking, 0, now)
