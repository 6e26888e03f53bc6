"""A quota's ticket types change while a place is released or exchanged: the counter stays right."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.desk import change_ticket
from expo.flows.registration import cancel_registration, register
from expo.flows.tickets import change_quota, create_quota
from expo.infra.db import db
from expo.registration.queries import recount_quotas
from expo.tickets.services import places
from tests.make import attendee_request, make_attendee, make_ticket_type, order_request
from tests.races.racing import counts, race_threads

WAIT_SECONDS = 240
# Other tests may run on the same server, in databases of their own.
WAITING_FOR_A_LOCK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    " AND wait_event_type = 'Lock'"
)


class Meanwhile:
    """Runs a change by another between the moment when a place's quotas are read and the moment when it is moved.

    The change either ends, or waits for a lock that is held: whichever comes first.
    """

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._monkeypatch = monkeypatch
        self._ended = threading.Event()

    def run(self, change: Callable[[], None]) -> None:
        """Arrange for the change to be made when quotas are read the next time."""
        read_quotas = places._quotas_of

        def read_and_let_change(ticket_type_ids: Iterable[int]) -> dict[int, list[int]]:
            self._monkeypatch.setattr(places, "_quotas_of", read_quotas)
            found = read_quotas(ticket_type_ids)
            threading.Thread(target=self._change, args=(change,)).start()
            with db.engine.connect() as onlooker:
                while not self._ended.wait(0.01) and not onlooker.scalar(WAITING_FOR_A_LOCK):
                    onlooker.rollback()
            return found

        self._monkeypatch.setattr(places, "_quotas_of", read_and_let_change)

    def wait(self) -> None:
        """Wait until the change is made."""
        assert self._ended.wait(WAIT_SECONDS)

    def _change(self, change: Callable[[], None]) -> None:
        with self._app.app_context():
            try:
                change()
            finally:
                db.session.remove()
                self._ended.set()


@pytest.fixture
def meanwhile(pg_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    return Meanwhile(pg_app, monkeypatch)


def _agree(edition: EditionFacts) -> list[bool]:
    db.session.rollback()
    return [each.agrees for each in recount_quotas(edition.id)]


def _cancel_while_the_quota_gains_the_type(edition: EditionFacts, now: datetime, meanwhile: Meanwhile) -> None:
    made = make_attendee(edition, now, "visitor")
    make_ticket_type(edition, now, "student")
    quota_id = create_quota(SYSTEM, edition.id, "hall", 5, ["student"], now)
    meanwhile.run(lambda: change_quota(SYSTEM, edition.id, quota_id, 5, ["student", "visitor"], now))

    cancel_registration(SYSTEM, edition.id, made.id, now)


@pytest.mark.postgresql
def test_cancel_when_the_quota_gains_the_type_meanwhile_then_the_counter_is_right(
    pg_app: Flask,
    edition: EditionFacts,
    now: datetime,
    meanwhile: Meanwhile,
) -> None:
    _cancel_while_the_quota_gains_the_type(edition, now, meanwhile)
    meanwhile.wait()

    assert _agree(edition) == [True]


@pytest.mark.postgresql
def test_cancel_when_ticket_types_are_not_held_then_the_quota_loses_a_place(
    pg_app: Flask,
    edition: EditionFacts,
    now: datetime,
    meanwhile: Meanwhile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(places, "lock_ticket_types", lambda _ids: None)

    _cancel_while_the_quota_gains_the_type(edition, now, meanwhile)
    meanwhile.wait()

    assert _agree(edition) == [False]


@pytest.mark.postgresql
def test_change_ticket_when_the_quota_gains_the_type_meanwhile_then_the_counter_is_right(
    pg_app: Flask,
    edition: EditionFacts,
    now: datetime,
    meanwhile: Meanwhile,
) -> None:
    made = make_attendee(edition, now, "visitor")
    make_ticket_type(edition, now, "student")
    quota_id = create_quota(SYSTEM, edition.id, "hall", 5, ["student"], now)
    meanwhile.run(lambda: change_quota(SYSTEM, edition.id, quota_id, 5, ["visitor"], now))

    change_ticket(SYSTEM, edition.id, made.id, "student", now)
    meanwhile.wait()

    assert _agree(edition) == [True]


def test_quota_when_all_acts_race_then_the_counters_are_right_and_nobody_fails(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [make_attendee(edition, now, "student" if n % 2 else "visitor") for n in range(16)]
    hall = create_quota(SYSTEM, edition.id, "hall", 500, ["visitor"], now)
    create_quota(SYSTEM, edition.id, "meals", 500, ["student", "visitor"], now)
    # A deadlock that is retried would pass unseen.
    monkeypatch.setattr("expo.infra.db.RETRIES", 1)

    def act(n: int) -> None:
        if n % 4 == 0:
            change_quota(SYSTEM, edition.id, hall, 500, ["visitor", "student"] if n % 8 else ["student"], now)
        elif n % 4 == 1:
            cancel_registration(SYSTEM, edition.id, made[n // 2].id, now)
        elif n % 4 == 2:
            each = made[n // 2]
            change_ticket(SYSTEM, edition.id, each.id, "visitor" if (n // 2) % 2 else "student", now)
        else:
            pair = [attendee_request("student"), attendee_request("visitor")]
            register(SYSTEM, edition.id, order_request(*pair[:: 1 if n % 8 == 3 else -1], source="desk"), now)

    outcomes = race_threads(each_app, act, 32)

    assert counts(outcomes) == {"done": 32}
    assert _agree(edition) == [True, True]
