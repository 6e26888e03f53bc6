"""Many want the last units of an add-on: exactly those that are there are sold, and the twin oversells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.add_ons import change_add_ons
from expo.flows.registration import cancel_registration, register
from expo.flows.tickets import create_quota
from expo.flows.walk_ins import WalkIn, serve_walk_in
from expo.infra.db import db
from expo.registration.queries import count_sold_add_ons, recount_quotas
from expo.registration.rules import Source
from expo.tickets.services import places
from tests.make import attendee_request, make_add_on, make_attendee, make_ticket_type, order_request
from tests.races.racing import Act, counts, race_threads, switch_off_sqlite_writer
from tests.races.test_last_places import taking_after_looking

RACERS = 12
UNITS = 3
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def booking(edition_id: int) -> Act:
    """Register with a dinner, each with an address of their own."""
    return lambda n: (
        register(
            ANONYMOUS, edition_id, order_request(attendee_request(add_ons=("dinner",)), email=f"r{n}@example.org"), NOW
        ).code
    )


@pytest.fixture
def without_lock(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(places, "take_from_quota", taking_after_looking())
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None
    yield
    if switch_on:
        switch_on()


def test_last_units_when_many_want_3_then_exactly_3_are_sold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_add_on(edition, now, places=UNITS)

    outcomes = race_threads(each_app, booking(edition.id), RACERS)

    assert counts(outcomes) == {"add_on_sold_out": RACERS - UNITS, "done": UNITS}
    assert count_sold_add_ons(edition.id) == {"dinner": UNITS}
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(UNITS, UNITS)]


def test_last_units_when_they_race_without_the_lock_then_oversold(
    each_app: Flask, edition: EditionFacts, now: datetime, without_lock: None
) -> None:
    make_ticket_type(edition, now)
    make_add_on(edition, now, places=UNITS)

    race_threads(each_app, booking(edition.id), RACERS)

    assert count_sold_add_ons(edition.id)["dinner"] > UNITS


def selling(edition_id: int, attendee_id: int) -> Act:
    """Sell the last dinner in the registration form, to a walk-in at the desk, and to somebody who is registered."""

    def act(n: int) -> str:
        request = order_request(attendee_request(add_ons=("dinner",)), email=f"r{n}@example.org")
        if n == 0:
            return register(ANONYMOUS, edition_id, request, NOW).code
        if n == 1:
            walk_in = WalkIn(replace(request, source=Source.DESK.value), "", is_printed=False, anyway=True)
            return serve_walk_in(SYSTEM, edition_id, walk_in, NOW).attendee.code
        return change_add_ons(SYSTEM, edition_id, attendee_id, {"dinner": 1}, NOW).code

    return act


@pytest.mark.postgresql
def test_last_unit_when_desk_and_registration_race_then_sold_once(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    registered = make_attendee(edition, now)
    make_add_on(edition, now, places=1)

    outcomes = race_threads(pg_app, selling(edition.id, registered.id), 3)

    assert counts(outcomes) == {"add_on_sold_out": 2, "done": 1}
    assert count_sold_add_ons(edition.id) == {"dinner": 1}


@pytest.mark.postgresql
def test_last_unit_when_desk_and_registration_race_without_the_lock_then_sold_twice(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered = make_attendee(edition, now)
    make_add_on(edition, now, places=1)
    monkeypatch.setattr(places, "take_from_quota", taking_after_looking())

    race_threads(pg_app, selling(edition.id, registered.id), 3)

    assert count_sold_add_ons(edition.id)["dinner"] > 1


@pytest.mark.postgresql
def test_tickets_and_add_ons_when_taken_released_and_exchanged_at_once_then_no_deadlock_and_right_counters(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now, places=1000)
    hall = create_quota(SYSTEM, edition.id, "hall", 1000, ["visitor"], now)
    make_add_on(edition, now, "dinner", 1000, quotas=(hall,))
    make_add_on(edition, now, "lunch", 1000, quotas=(hall,))
    made = [make_attendee(edition, now, email=f"m{n}@example.org", add_ons=("dinner",)) for n in range(RACERS)]
    monkeypatch.setattr("expo.infra.db.RETRIES", 1)

    def act(n: int) -> object:
        if n % 3 == 0:
            return cancel_registration(SYSTEM, edition.id, made[n].id, NOW).code
        if n % 3 == 1:
            return change_add_ons(SYSTEM, edition.id, made[n].id, {"lunch": 1}, NOW).code
        codes = ("lunch", "dinner") if n % 2 else ("dinner",)
        request = order_request(attendee_request(add_ons=codes), email=f"r{n}@example.org")
        return register(ANONYMOUS, edition.id, request, NOW).code

    outcomes = race_threads(pg_app, act, RACERS)

    assert counts(outcomes) == {"done": RACERS}
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []
