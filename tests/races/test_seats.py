"""Many want the last seats of a session: exactly those that are left are held, and the rest wait in order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.seats import take_seat
from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.program.queries import get_session, list_seat_holders
from expo.program.rules import SeatState
from expo.program.services import seats
from tests.make import make_attendee, make_session
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS = 30
# Somebody always finds all seats taken, unless everybody has counted before anybody took one.
MEETING_SECONDS = 30
SEATS = 6
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
_REPLACE = pytest.MonkeyPatch()


def taking(edition_id: int, attendee_ids: list[int]) -> Act:
    """Prepare: each racer takes a seat for an attendee of their own."""
    return lambda n: take_seat(SYSTEM, edition_id, attendee_ids[n], "data-lakes", NOW).value


def taking_without_lock(edition_id: int, attendee_ids: list[int]) -> Act:
    """Prepare the twin: the session is read but not locked, and the first to count takes a seat when all are taken."""
    _remove_the_lock(_REPLACE)
    if db.engine.dialect.name == "sqlite":
        switch_off_sqlite_writer()
    return taking(edition_id, attendee_ids)


def _remove_the_lock(patch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    count = seats._count_by_state

    def read_session(session_id: int) -> Session:
        return db.session.scalars(select(Session).where(Session.id == session_id)).one()

    def count_and_meet(session_id: int) -> dict[SeatState, int]:
        found: dict[SeatState, int] = count(session_id)
        if sum(found.values()) < SEATS:
            meeting.keep_first(MEETING_SECONDS)
        else:
            meeting.let_go()
        return found

    patch.setattr(seats, "lock_session", read_session)
    patch.setattr(seats, "_count_by_state", count_and_meet)


@pytest.fixture
def without_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _remove_the_lock(monkeypatch)
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None
    yield
    if switch_on:
        switch_on()


@pytest.fixture
def racers(each_app: Flask, edition: EditionFacts, now: datetime) -> list[int]:
    make_session(edition, seat_limit=SEATS)
    return [make_attendee(edition, now).id for _ in range(RACERS)]


def _assert_exact(edition: EditionFacts, outcomes: list[tuple[str, Any]]) -> None:
    assert counts(outcomes) == {"done": RACERS}
    states = [state for _, state in outcomes]
    assert (states.count("held"), states.count("waiting")) == (SEATS, RACERS - SEATS)
    holders = list_seat_holders(get_session(edition.id, "data-lakes").row.id)
    assert [each.state.value for each in holders] == ["held"] * SEATS + ["waiting"] * (RACERS - SEATS)
    numbers = db.session.scalars(select(SeatHold.number).order_by(SeatHold.number)).all()
    assert list(numbers) == list(range(1, RACERS + 1))


def test_last_seats_when_30_threads_want_6_then_exactly_6_are_held_and_24_wait_in_order(
    each_app: Flask, edition: EditionFacts, racers: list[int]
) -> None:
    outcomes = race_threads(each_app, taking(edition.id, racers), RACERS)

    _assert_exact(edition, outcomes)


def test_last_seats_when_3_processes_want_6_then_exactly_6_are_held_and_24_wait_in_order(
    each_app: Flask, edition: EditionFacts, racers: list[int]
) -> None:
    outcomes = race_processes(each_app, taking, (edition.id, racers), RACERS)

    _assert_exact(edition, outcomes)


def test_last_seats_when_threads_race_without_the_lock_then_too_many_are_held(
    each_app: Flask, edition: EditionFacts, racers: list[int], without_lock: None
) -> None:
    race_threads(each_app, taking(edition.id, racers), RACERS)

    held = select(SeatHold.attendee_id).where(SeatHold.state == "held")
    assert len(db.session.scalars(held).all()) > SEATS


def test_last_seats_when_processes_race_without_the_lock_then_too_many_are_held(
    each_app: Flask, edition: EditionFacts, racers: list[int]
) -> None:
    race_processes(each_app, taking_without_lock, (edition.id, racers), RACERS)

    held = select(SeatHold.attendee_id).where(SeatHold.state == "held")
    assert len(db.session.scalars(held).all()) > SEATS


def test_two_seats_at_the_same_time_when_one_person_takes_both_at_once_then_has_one(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for title in ("Data lakes", "Clouds"):
        make_session(edition, title, seat_limit=9)
    ann = make_attendee(edition, now)

    def act(n: int) -> str:
        return take_seat(SYSTEM, edition.id, ann.id, ("data-lakes", "clouds")[n % 2], NOW).value

    outcomes = race_threads(each_app, act, 8)

    assert counts(outcomes) == {"done": 4, "seat_overlaps": 4}
