"""Many want the last seats of a session: exactly those that are left are held, and the rest wait in order."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from math import inf
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.seats import release_seat, take_seat
from expo.infra.db import atomic, db, is_busy
from expo.program.models import SeatHold, Session
from expo.program.queries import get_session, list_seat_holders
from expo.program.rules import SeatState
from expo.program.services import seats
from expo.registration.models import Attendee
from tests.make import make_attendee, make_session
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

TALK = "data-lakes"
# A crowd in several processes, which share a few connections as the requests of a web server do.
PEOPLE, LAST_SEATS, PROCESSES, CONNECTIONS = 500, 100, 4, 8
# A handful of threads, with a connection each.
RACERS, SEATS = 30, 6
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
_REPLACE = pytest.MonkeyPatch()


class Asked(NamedTuple):
    """Somebody asked for a seat: from when to when, by a clock that all processes share, and what they got."""

    attendee_id: int
    state: str
    began: float
    ended: float


def taking(edition_id: int, attendee_ids: list[int]) -> Act:
    """Prepare: each racer takes a seat for an attendee of their own."""

    def take(n: int) -> Asked:
        began = time.monotonic()
        # With many more people than connections, some are told to try again, as a browser would.
        while (state := _try(edition_id, attendee_ids[n])) is None:
            pass
        return Asked(attendee_ids[n], state.value, began, time.monotonic())

    return take


def _try(edition_id: int, attendee_id: int) -> SeatState | None:
    try:
        return take_seat(SYSTEM, edition_id, attendee_id, TALK, NOW)
    except (DBAPIError, PoolTimeout) as error:
        if not is_busy(error):
            raise
        db.session.rollback()
        return None


def taking_without_lock(edition_id: int, attendee_ids: list[int]) -> Act:
    """Prepare the twin: the session is read but not locked, and two have counted before either takes a seat."""
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
        meeting.wait()
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
    return _make_attendees(edition, now, RACERS)


@pytest.fixture
def racers_for_one(each_app: Flask, edition: EditionFacts, now: datetime) -> list[int]:
    """As many racers, but only one seat: the first two are sure to count before it is taken."""
    make_session(edition, seat_limit=1)
    return _make_attendees(edition, now, RACERS)


@pytest.fixture
def crowd(each_app: Flask, edition: EditionFacts, now: datetime) -> list[int]:
    make_session(edition, seat_limit=LAST_SEATS)
    return _make_attendees(edition, now, PEOPLE)


def _make_attendees(edition: EditionFacts, now: datetime, count: int) -> list[int]:
    """Register one attendee, and store the others as copies of them."""
    first = make_attendee(edition, now)
    columns = Attendee.__table__.columns
    row = dict(db.session.execute(select(*columns).where(Attendee.id == first.id)).one()._mapping)
    del row["id"]
    with atomic():
        copies = [row | {"code": f"COPY{n}"} for n in range(1, count)]
        made = db.session.scalars(insert(Attendee).returning(Attendee.id, sort_by_parameter_order=True), copies)
        return [first.id, *made]


def _assert_exact(edition: EditionFacts, outcomes: list[tuple[str, Any]], people: int, limit: int) -> None:
    assert counts(outcomes) == {"done": people}
    states = [asked.state for _, asked in outcomes]
    assert (states.count("held"), states.count("waiting")) == (limit, people - limit)
    holders = list_seat_holders(get_session(edition.id, TALK).row.id)
    assert [each.state.value for each in holders] == ["held"] * limit + ["waiting"] * (people - limit)
    in_order = db.session.execute(select(SeatHold.number, SeatHold.attendee_id).order_by(SeatHold.number)).all()
    assert [row.number for row in in_order] == list(range(1, people + 1))
    assert [each.attendee_id for each in holders] == [row.attendee_id for row in in_order]
    _assert_nobody_overtook([row.attendee_id for row in in_order], {asked.attendee_id: asked for _, asked in outcomes})


def _assert_nobody_overtook(in_order: list[int], asked: dict[int, Asked]) -> None:
    """Check that nobody is ahead of anyone who had their answer before they asked."""
    first_answer = inf
    for attendee_id in reversed(in_order):
        assert asked[attendee_id].began <= first_answer
        first_answer = min(first_answer, asked[attendee_id].ended)


def test_last_seats_when_30_threads_want_6_then_exactly_6_are_held_and_24_wait_in_order(
    each_app: Flask, edition: EditionFacts, racers: list[int]
) -> None:
    outcomes = race_threads(each_app, taking(edition.id, racers), RACERS)

    _assert_exact(edition, outcomes, RACERS, SEATS)


@pytest.mark.long
def test_last_seats_when_500_people_in_4_processes_want_100_then_exactly_100_are_held_and_400_wait_in_order(
    each_app: Flask, edition: EditionFacts, crowd: list[int]
) -> None:
    outcomes = race_processes(each_app, taking, (edition.id, crowd), PEOPLE, PROCESSES, CONNECTIONS)

    _assert_exact(edition, outcomes, PEOPLE, LAST_SEATS)
    holders = [each.attendee_id for each in list_seat_holders(get_session(edition.id, TALK).row.id)]
    for attendee_id in (holders[50], holders[7]):
        release_seat(SYSTEM, edition.id, attendee_id, TALK, NOW)
    offered = select(SeatHold.attendee_id).where(SeatHold.state == "offered").order_by(SeatHold.number)
    assert db.session.scalars(offered).all() == holders[LAST_SEATS : LAST_SEATS + 2]


def test_last_seats_when_threads_race_without_the_lock_then_too_many_are_held(
    each_app: Flask, edition: EditionFacts, racers_for_one: list[int], without_lock: None
) -> None:
    race_threads(each_app, taking(edition.id, racers_for_one), RACERS)

    assert _count_held() > 1


def test_last_seats_when_processes_race_without_the_lock_then_too_many_are_held(
    each_app: Flask, edition: EditionFacts, racers_for_one: list[int]
) -> None:
    race_processes(each_app, taking_without_lock, (edition.id, racers_for_one), RACERS)

    assert _count_held() > 1


def _count_held() -> int:
    return len(db.session.scalars(select(SeatHold.attendee_id).where(SeatHold.state == "held")).all())


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
