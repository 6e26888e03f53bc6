"""A hall or room is deleted while somebody refers to it: one of them is refused; without the translation it breaks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from expo.accounts.rules import SYSTEM
from expo.checkin.services import checkpoints
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest, RoomRequest
from expo.editions.services import create_hall, create_room, rooms
from expo.errors import Conflict
from expo.flows.venue import delete_hall, delete_room
from expo.infra import db as database
from expo.infra.db import db
from tests.races.racing import counts, race_threads

pytestmark = pytest.mark.postgresql

Place = tuple[EditionFacts, int, datetime]
TOLD = {"done", "changed_meanwhile", "hall_in_use", "room_in_use", "hall_missing", "room_missing"}


def _hall(edition: EditionFacts, now: datetime, name: str = "Hall A") -> int:
    return create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now)


def _room(edition: EditionFacts, now: datetime, name: str = "Room 1") -> int:
    return create_room(SYSTEM, edition.id, RoomRequest({"en": name}, hall_id=None, capacity=9), now)


def _add_checkpoint(edition: EditionFacts, now: datetime, code: str, **place: int) -> None:
    create_checkpoint(SYSTEM, edition.id, code, CheckpointRequest(name={"en": "Door"}, **place), now)  # type: ignore[arg-type]


def _add_checkpoint_of_hall(edition: EditionFacts, place: int, now: datetime, n: int = 0) -> None:
    _add_checkpoint(edition, now, f"door-{n}", hall_id=place)


def _add_checkpoint_of_room(edition: EditionFacts, place: int, now: datetime, n: int = 0) -> None:
    _add_checkpoint(edition, now, f"door-{n}", room_id=place)


def _add_room_of_hall(edition: EditionFacts, place: int, now: datetime, n: int = 0) -> None:
    create_room(SYSTEM, edition.id, RoomRequest({"en": f"Room {n}"}, hall_id=place, capacity=9), now)


# What refers to a place, the place, how it is deleted, and the look after which it is gone.
KINDS: dict[str, tuple[Callable[..., None], Callable[..., int], Callable[..., None], ModuleType, str]] = {
    "checkpoint of a hall": (_add_checkpoint_of_hall, _hall, delete_hall, checkpoints, "_check_request"),
    "checkpoint of a room": (_add_checkpoint_of_room, _room, delete_room, checkpoints, "_check_request"),
    "room of a hall": (_add_room_of_hall, _hall, delete_hall, rooms, "_check_hall"),
}


def _in_another_thread(app: Flask, act: Callable[[], None]) -> None:
    def run() -> None:
        with app.app_context():
            act()
            db.session.remove()

    other = threading.Thread(target=run)
    other.start()
    other.join()


# A room holds the edition until it is written, and who deletes a hall waits for that: nothing comes between.
@pytest.fixture(params=[each for each in KINDS if each != "room of a hall"])
def refer_to_deleted(
    request: pytest.FixtureRequest, pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Refer to a place that is deleted between the look for it and the row that refers to it."""
    refer, make, delete, module, name = KINDS[request.param]
    place = make(edition, now)
    look = getattr(module, name)

    def look_and_delete(*arguments: Any) -> None:
        look(*arguments)
        _in_another_thread(pg_app, lambda: delete(SYSTEM, edition.id, place, now))

    monkeypatch.setattr(module, name, look_and_delete)
    return lambda: refer(edition, place, now)


def test_place_when_deleted_just_after_the_look_then_whoever_refers_to_it_is_told(
    refer_to_deleted: Callable[[], None],
) -> None:
    with pytest.raises(Conflict, match="changed_meanwhile"):
        refer_to_deleted()


def test_place_when_the_error_is_not_translated_then_it_breaks(
    refer_to_deleted: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def telling_nothing() -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "translating_reference_errors", telling_nothing)

    with pytest.raises(IntegrityError):
        refer_to_deleted()


@pytest.mark.parametrize("kind", KINDS)
def test_places_when_deleted_and_referred_to_by_many_at_once_then_nobody_fails(
    pg_app: Flask, edition: EditionFacts, now: datetime, kind: str
) -> None:
    refer, make, delete, _module, _name = KINDS[kind]
    places = [make(edition, now, f"Place {n}") for n in range(8)]
    db.session.rollback()

    def act(n: int) -> None:
        if n % 2:
            delete(SYSTEM, edition.id, places[n // 2], now)
        else:
            refer(edition, places[n // 2], now, n)

    outcomes = race_threads(pg_app, act, 2 * len(places))

    assert set(counts(outcomes)) <= TOLD, outcomes
    assert counts(outcomes)["done"] >= len(places)
