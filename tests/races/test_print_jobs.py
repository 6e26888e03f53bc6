"""Print stations ask for the next badge at once: each badge is printed once; with a separate read, twice."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from expo.accounts.rules import SYSTEM
from expo.badges.models import PrintJob
from expo.badges.rules import PrintOrigin, PrintState
from expo.badges.services import request_print, start_next_print
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from tests.make import make_attendee
from tests.races.racing import Meeting, counts, race_threads

pytestmark = pytest.mark.postgresql

STATIONS = 8
BADGES = 5


def _queue(edition: EditionFacts, now: datetime, badges: int) -> None:
    for _ in range(badges):
        request_print(SYSTEM, make_attendee(edition, now).attendee, now)
    db.session.rollback()


def test_next_badge_when_stations_ask_at_once_then_each_is_taken_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _queue(edition, now, BADGES)

    outcomes = race_threads(each_app, lambda _n: start_next_print(SYSTEM, edition.id, "", now), STATIONS)

    taken = [job.id for _kind, job in outcomes if job is not None]
    assert counts(outcomes) == {"done": STATIONS}
    assert len(taken) == len(set(taken)) == BADGES


def test_next_badge_when_it_is_looked_up_before_it_is_taken_then_two_stations_print_it(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _queue(edition, now, 1)
    meeting = Meeting()

    def take(_n: int) -> Any:
        with atomic():
            job_id = db.session.scalar(select(PrintJob.id).where(PrintJob.state == PrintState.WAITING.value))
            meeting.wait()
            taken = update(PrintJob).where(PrintJob.id == job_id).values(state=PrintState.PRINTING.value)
            db.session.execute(taken.execution_options(synchronize_session=False))
            return job_id

    outcomes = race_threads(pg_app, take, 2)

    assert len({job_id for _kind, job_id in outcomes}) == 1


def test_own_badge_when_asked_for_at_several_kiosks_at_once_then_queued_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now).attendee
    db.session.rollback()

    outcomes = race_threads(
        each_app, lambda _n: request_print(SYSTEM, attendee, now, origin=PrintOrigin.KIOSK), STATIONS
    )

    assert sorted(value for _kind, value in outcomes) == [False] * (STATIONS - 1) + [True]
    assert db.session.scalar(select(func.count()).select_from(PrintJob)) == 1
