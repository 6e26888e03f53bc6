"""Several organizers add the same hall in one instant: one is added, the others are refused; the twin breaks."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.models import Hall
from expo.editions.queries import EditionFacts, list_halls
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall, halls
from expo.editions.services.places import PlaceKind, list_places
from tests.races.racing import Act, race_threads

pytestmark = pytest.mark.postgresql

RACERS = 4
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def _adding(edition_id: int) -> Act:
    return lambda _n: create_hall(SYSTEM, edition_id, HallRequest({"en": "Hall A"}), NOW)


def test_hall_when_added_by_several_at_once_then_one_is_added_and_the_others_are_told(
    pg_app: Flask, edition: EditionFacts
) -> None:
    outcomes = race_threads(pg_app, _adding(edition.id), RACERS)

    assert Counter(name for name, _ in outcomes) == {"done": 1, "hall_exists": RACERS - 1}
    assert [each.code for each in list_halls(edition.id)] == ["hall-a"]


def test_hall_when_added_without_the_lock_then_the_others_break(
    pg_app: Flask, edition: EditionFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    everyone_has_read = threading.Barrier(RACERS)
    read_halls = list_places

    def read_and_wait(kind: PlaceKind[Hall], edition_id: int) -> list[Hall]:
        found = read_halls(kind, edition_id)
        everyone_has_read.wait(240)
        return found

    monkeypatch.setattr(halls, "lock_edition", lambda _edition_id: None)
    monkeypatch.setattr(halls, "list_places", read_and_wait)

    outcomes = race_threads(pg_app, _adding(edition.id), RACERS)

    assert Counter(name for name, _ in outcomes) == {"done": 1, "IntegrityError": RACERS - 1}
