"""Two organizers move one booth in one instant: one wins, the other is notified; without the locks a move is lost."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.accounts.services import ensure_person
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, FloorPlan
from expo.exhibitors.queries import get_plan, list_edits
from expo.exhibitors.rules import BoothShape, Geometry
from expo.exhibitors.services import BoothChange, RowRequest, add_row, booths, change_booths
from expo.infra.db import db
from expo.pure.plane import Box
from tests.floor_plans import make_hall
from tests.races.racing import Act, counts, race_threads, switch_off_sqlite_writer

RACERS = 2
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
SEEN = BoothShape("A-01", Geometry(Box(0, 0, 3, 3)))


@pytest.fixture
def booth_id(each_app: Flask, edition: EditionFacts) -> int:
    make_hall(edition, NOW)
    return add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 1, Box(0, 0, 3, 3)), NOW)[0]


def _moving(edition: EditionFacts, booth_id: int) -> Act:
    people = [ensure_person(f"{name}@example.org", name, "en", NOW) for name in ("Ann", "Bo")]
    actors = [Actor("person", each, edition.id, frozenset({Permission.EXHIBITORS_MANAGE})) for each in people]

    def move(n: int) -> list[int]:
        change = BoothChange("A-01", Geometry(Box(10.0 * (n + 1), 0, 3, 3)), booth_id, seen=SEEN)
        return change_booths(actors[n], edition.id, "hall-1", [change], NOW)

    return move


def _moves(edition: EditionFacts) -> int:
    return len(list_edits(get_plan(edition.id, "hall-1").hall_id, 0)) - 1


def test_booth_when_moved_by_two_at_once_then_one_wins_and_the_other_is_told_by_whom(
    each_app: Flask, edition: EditionFacts, booth_id: int
) -> None:
    outcomes = race_threads(each_app, _moving(edition, booth_id), RACERS)

    assert (counts(outcomes), _moves(edition)) == ({"booth_changed": 1, "done": 1}, 1)


def test_booth_when_moved_by_two_without_the_locks_then_both_believe_that_they_won(
    each_app: Flask, edition: EditionFacts, booth_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_have_seen = threading.Barrier(RACERS)

    def find_hall(_edition_id: int, _code: str) -> int:
        return db.session.scalars(select(FloorPlan.hall_id)).one()

    def read_booths(_edition_id: int, hall_id: int) -> dict[int, Booth]:
        found = {each.id: each for each in db.session.scalars(select(Booth).where(Booth.hall_id == hall_id))}
        both_have_seen.wait(240)
        return found

    monkeypatch.setattr(booths, "lock_plan", find_hall)
    monkeypatch.setattr(booths, "_lock_booths", read_booths)
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else lambda: None
    act = _moving(edition, booth_id)
    try:
        outcomes = race_threads(each_app, act, RACERS)
    finally:
        switch_on()

    assert (counts(outcomes), _moves(edition)) == ({"done": 2}, 2)
