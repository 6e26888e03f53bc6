"""Two organizers move the same session in one instant: one wins, the other is notified; the twin breaks."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import Timetable
from expo.program.queries import list_changes, read_draft
from expo.program.rules.timetable import Slot
from expo.program.services import place_session, set_check_minutes, timetable
from tests.races.racing import Act, race_threads, switch_off_sqlite_writer
from tests.timetables import make_planner, make_room, make_session, slot_at

RACERS = 2
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def _moving(edition: EditionFacts, room: int, slugs: tuple[str, ...] = ("talk", "talk")) -> Act:
    planners = [make_planner(edition, name, NOW) for name in ("Ann", "Bo")]
    return lambda n: place_session(planners[n], edition.id, slugs[n], slot_at(room, 60 * (n + 1)), None, NOW)


def test_session_when_moved_by_two_at_once_then_one_wins_and_the_other_is_told(
    each_app: Flask, edition: EditionFacts
) -> None:
    room, talk = make_room(edition), make_session(edition, "talk")

    outcomes = race_threads(each_app, _moving(edition, room), RACERS)

    assert Counter(name for name, _ in outcomes) == {"done": 1, "placement_changed": 1}
    [change] = list_changes(edition.id, 0)
    assert read_draft(edition).sessions[talk].slot == change.slot


def test_sessions_when_different_ones_are_moved_at_once_then_both_are(each_app: Flask, edition: EditionFacts) -> None:
    room = make_room(edition)
    for slug in ("one", "two"):
        make_session(edition, slug)

    outcomes = race_threads(each_app, _moving(edition, room, ("one", "two")), RACERS)

    assert Counter(name for name, _ in outcomes) == {"done": 2}
    assert [each.revision for each in list_changes(edition.id, 0)] == [1, 2]


def test_session_when_moved_by_two_without_the_lock_then_the_other_breaks(
    each_app: Flask, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, _ = make_room(edition), make_session(edition, "talk")
    act = _moving(edition, room)
    set_check_minutes(SYSTEM, edition.id, 10, 0, NOW)
    both_have_seen = threading.Barrier(RACERS)
    find_slot = timetable.find_slot

    def find_and_wait(session_id: int) -> Slot | None:
        found = find_slot(session_id)
        both_have_seen.wait(240)
        return found

    def read_timetable(edition_id: int) -> Timetable:
        return db.session.scalars(select(Timetable).where(Timetable.edition_id == edition_id)).one()

    monkeypatch.setattr(timetable, "lock_timetable", read_timetable)
    monkeypatch.setattr(timetable, "find_slot", find_and_wait)
    is_sqlite = db.engine.dialect.name == "sqlite"
    switch_on = switch_off_sqlite_writer() if is_sqlite else lambda: None
    try:
        outcomes = race_threads(each_app, act, RACERS)
    finally:
        switch_on()

    assert Counter(name for name, _ in outcomes) == {"done": 1, "IntegrityError": 1}
