"""Many want the last places: exactly those that are there are given out, and each race has a twin that oversells."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.badges.queries import list_badges_of
from expo.badges.services import issue_badge
from expo.editions.queries import EditionFacts
from expo.flows.registration import confirm_registration, register
from expo.flows.tickets import create_quota
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, count_attendees, get_order, recount_quotas, search_attendees
from expo.registration.rules import AttendeeState, OrderState
from expo.registration.services import expire_unconfirmed_orders
from expo.tickets.models import Quota
from expo.tickets.queries import list_quotas
from expo.tickets.services import places
from tests.make import (
    attendee_request,
    make_attendee,
    make_registration,
    make_ticket_type,
    order_request,
    stopped_clock,
)
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS = 30
PLACES = 5
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
# For good: the process ends with its race.
_REPLACE = pytest.MonkeyPatch()


def registering(edition_id: int) -> Act:
    """Prepare: register one visitor with an address of their own."""
    return lambda n: register(ANONYMOUS, edition_id, order_request(email=f"racer{n}@example.org"), NOW).code


def registering_without_lock(edition_id: int) -> Act:
    """Prepare the twin: the places left are read, and written when somebody else has read them."""
    _REPLACE.setattr(places, "take_from_quota", taking_after_looking())
    if db.engine.dialect.name == "sqlite":
        switch_off_sqlite_writer()
    return registering(edition_id)


def taking_after_looking() -> Callable[[int, int], bool]:
    """Return what takes places in two statements, between which another racer has looked as well."""
    meeting = Meeting()

    def take(quota_id: int, wanted: int) -> bool:
        size, taken = db.session.execute(select(Quota.size, Quota.taken).where(Quota.id == quota_id)).one()
        if size is not None and taken + wanted > size:
            return False
        meeting.wait()
        db.session.execute(update(Quota).where(Quota.id == quota_id).values(taken=taken + wanted))
        return True

    return take


@pytest.fixture
def without_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "take_from_quota", taking_after_looking())
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None
    yield
    if switch_on:
        switch_on()


def test_last_places_when_30_threads_want_5_then_exactly_5_are_sold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=PLACES)

    outcomes = race_threads(each_app, registering(edition.id), RACERS)

    assert counts(outcomes) == {"done": PLACES, "sold_out": RACERS - PLACES}
    assert count_attendees(edition.id, AttendeeFilter()) == PLACES
    assert [(count.taken, count.counted) for count in recount_quotas(edition.id)] == [(PLACES, PLACES)]


def test_last_places_when_threads_race_without_the_lock_then_oversold(
    each_app: Flask, edition: EditionFacts, now: datetime, without_lock: None
) -> None:
    make_ticket_type(edition, now, places=PLACES)

    race_threads(each_app, registering(edition.id), RACERS)

    assert count_attendees(edition.id, AttendeeFilter()) > PLACES


def test_last_places_when_3_processes_want_5_then_exactly_5_are_sold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=PLACES)

    outcomes = race_processes(each_app, registering, (edition.id,), RACERS)

    assert counts(outcomes) == {"done": PLACES, "sold_out": RACERS - PLACES}
    assert count_attendees(edition.id, AttendeeFilter()) == PLACES
    assert [(count.taken, count.counted) for count in recount_quotas(edition.id)] == [(PLACES, PLACES)]


def test_last_places_when_processes_race_without_the_lock_then_oversold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=PLACES)

    race_processes(each_app, registering_without_lock, (edition.id,), RACERS)

    assert count_attendees(edition.id, AttendeeFilter()) > PLACES


@pytest.mark.postgresql
def test_two_quotas_when_taken_in_opposite_order_then_no_deadlock(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, "visitor", places=1000)
    make_ticket_type(edition, now, "student", places=1000)
    create_quota(SYSTEM, edition.id, "hall", 1000, ["student", "visitor"], now)
    take = places.take_from_quota

    def take_slowly(quota_id: int, wanted: int) -> bool:
        taken = take(quota_id, wanted)
        time.sleep(0.01)
        return taken

    monkeypatch.setattr(places, "take_from_quota", take_slowly)

    def act(n: int) -> str:
        pair = [attendee_request("visitor"), attendee_request("student")]
        request = order_request(*(pair if n % 2 else reversed(pair)), email=f"racer{n}@example.org")
        return register(ANONYMOUS, edition.id, request, NOW).code

    # Retried deadlocks would pass unseen: here the first one counts.
    monkeypatch.setattr("expo.infra.db.RETRIES", 1)
    outcomes = race_threads(pg_app, act, RACERS)

    assert counts(outcomes) == {"done": RACERS}
    assert [quota.taken for quota in list_quotas(edition.id)] == [2 * RACERS, RACERS, RACERS]


@pytest.mark.postgresql
def test_two_quotas_when_each_order_takes_them_as_it_likes_then_deadlock(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, "visitor", places=1000)
    make_ticket_type(edition, now, "student", places=1000)
    take = places.take_from_quota

    meeting = Meeting()

    def take_and_meet(quota_id: int, wanted: int) -> bool:
        taken = take(quota_id, wanted)
        meeting.wait()  # one has the one quota, and one the other
        return taken

    monkeypatch.setattr(places, "take_from_quota", take_and_meet)
    monkeypatch.setattr(
        places, "demand", lambda wanted, quotas_of: [(quota, 1) for each in wanted for quota in quotas_of[each]]
    )
    monkeypatch.setattr(places, "_join", lambda *demands: [each for demand in demands for each in demand])
    monkeypatch.setattr("expo.infra.db.RETRIES", 1)

    def act(n: int) -> str:
        pair = [attendee_request("visitor"), attendee_request("student")]
        request = order_request(*(pair if n % 2 else reversed(pair)), email=f"racer{n}@example.org")
        return register(ANONYMOUS, edition.id, request, NOW).code

    outcomes = race_threads(pg_app, act, 8)

    assert counts(outcomes).get("OperationalError", 0) > 0


def test_confirm_when_the_order_expires_at_the_same_instant_then_one_of_them_wins_whole(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=100)
    orders = [make_registration(edition, now) for _ in range(10)]
    expires_at = orders[0].expires_at
    assert expires_at is not None

    def act(n: int) -> object:
        if n < len(orders):
            return confirm_registration(orders[n].id, expires_at).state
        return expire_unconfirmed_orders(stopped_clock(expires_at), batch=3)

    outcomes = race_threads(each_app, act, 14)

    assert set(counts(outcomes)) <= {"done", "order_expired"}
    confirmed = 0
    for order in orders:
        found = get_order(edition.id, order.code)
        badges = list_badges_of([each.id for each in found.attendees])
        if found.state is OrderState.CONFIRMED:
            confirmed += 1
            assert [each.state for each in found.attendees] == [AttendeeState.CONFIRMED]
            assert len(badges) == 1
        else:
            assert found.state is OrderState.EXPIRED
            assert [each.state for each in found.attendees] == [AttendeeState.EXPIRED]
            assert badges == {}
    assert [(count.taken, count.counted) for count in recount_quotas(edition.id)] == [(confirmed, confirmed)]


def test_register_when_one_address_comes_many_times_at_once_then_one_person(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)

    outcomes = race_threads(
        each_app,
        lambda _n: register(ANONYMOUS, edition.id, order_request(email="Li@Example.org"), NOW).person_id,
        12,
    )

    person = find_person_by_email("li@example.org")
    assert person is not None
    assert outcomes == [("done", person.id)] * 12
    assert {each.person_id for each in search_attendees(edition.id, AttendeeFilter()).rows} == {person.id}


def test_confirm_when_the_link_is_opened_many_times_at_once_then_confirmed_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    registered = make_registration(edition, now)

    outcomes = race_threads(each_app, lambda _n: confirm_registration(registered.id, NOW).is_new, 12)

    assert sorted(outcomes) == [("done", False)] * 11 + [("done", True)]


def test_issue_badge_when_asked_many_times_at_once_then_one_badge(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "press", requires_approval=True)
    made = make_attendee(edition, now)
    db.session.execute(db.delete(db.metadata.tables["badge"]))
    db.session.execute(db.delete(db.metadata.tables["signing_key"]))
    db.session.commit()

    outcomes = race_threads(each_app, lambda _n: issue_badge(SYSTEM, edition.id, made.id, NOW).serial, 12)

    serial = list_badges_of([made.id])[made.id].serial
    assert outcomes == [("done", serial)] * 12


def test_change_quota_when_people_register_meanwhile_then_the_counter_is_right(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    from expo.flows.tickets import change_quota

    make_ticket_type(edition, now, "visitor")
    make_ticket_type(edition, now, "student")
    quota_id = create_quota(SYSTEM, edition.id, "hall", 500, ["visitor"], now)

    def act(n: int) -> None:
        if n % 6 == 0:
            change_quota(SYSTEM, edition.id, quota_id, 500, ["visitor", "student"] if n % 12 else ["student"], NOW)
        else:
            code = "visitor" if n % 2 else "student"
            register(ANONYMOUS, edition.id, order_request(attendee_request(code), email=f"r{n}@example.org"), NOW)

    outcomes = race_threads(each_app, act, RACERS)

    assert counts(outcomes) == {"done": RACERS}
    assert [count.agrees for count in recount_quotas(edition.id)] == [True]
