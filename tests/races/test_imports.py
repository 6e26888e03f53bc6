"""An import and visitors want the last places: exactly those that are there are given out; the twin oversells."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.attendee_import import apply_batches, evaluate_run, start_import
from expo.flows.registration import register
from expo.imports.models import ImportRun
from expo.imports.queries import get_run
from expo.imports.rules import ImportKind, ImportOptions, RunState
from expo.imports.services import create_run
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, count_attendees, recount_quotas
from expo.tickets.services import places
from tests.make import make_ticket_type, order_request
from tests.races.racing import Act, Meeting, counts, race_threads
from tests.races.test_last_places import taking_after_looking

NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
PLACES = 15
ROWS = 30
VISITORS = 20


def started_import(edition: EditionFacts, now: datetime) -> int:
    lines = ["name,email,country,ticket_type", *(f"Row {n},row{n}@example.org,CN,visitor" for n in range(ROWS))]
    run_id = create_run(
        SYSTEM,
        edition.id,
        kind=ImportKind.ATTENDEES,
        file_name="list.csv",
        content="\n".join(lines).encode(),
        options=ImportOptions(),
        now=now,
        in_background=False,
    )
    evaluate_run(run_id, now)
    start_import(SYSTEM, edition.id, run_id, now)
    return run_id


def importing_and_registering(edition: EditionFacts, run_id: int) -> Act:
    """The first two racers work on the same run, like a lost worker and its successor; the others visit."""

    def act(n: int) -> object:
        if n < 2:
            return apply_batches(run_id, lambda: NOW)
        return register(ANONYMOUS, edition.id, order_request(email=f"racer{n}@example.org"), NOW).code

    return act


def test_last_places_when_an_import_and_visitors_want_them_then_exactly_those_are_sold(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=PLACES)
    run_id = started_import(edition, now)

    outcomes = race_threads(each_app, importing_and_registering(edition, run_id), VISITORS + 2)

    run = get_run(edition.id, run_id)
    visitors = counts(outcomes).get("done", 0) - 2
    assert set(counts(outcomes)) <= {"done", "sold_out"}
    assert run.state is RunState.DONE
    assert run.counts.added + run.counts.faulted == ROWS
    assert run.counts.added + visitors == PLACES == count_attendees(edition.id, AttendeeFilter())
    assert [(each.taken, each.counted) for each in recount_quotas(edition.id)] == [(PLACES, PLACES)]


@pytest.mark.postgresql
def test_last_places_when_they_race_without_the_lock_then_oversold(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "take_from_quota", taking_after_looking())
    make_ticket_type(edition, now, places=PLACES)
    run_id = started_import(edition, now)

    race_threads(pg_app, importing_and_registering(edition, run_id), VISITORS + 2)

    assert count_attendees(edition.id, AttendeeFilter()) > PLACES


@pytest.mark.postgresql
def test_run_when_two_workers_have_it_without_claiming_then_rows_are_taken_twice(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ticket_type(edition, now)
    run_id = started_import(edition, now)
    monkeypatch.setattr("expo.flows.attendee_import.batches.claim_rows", claiming_without_condition())

    race_threads(pg_app, lambda _n: apply_batches(run_id, lambda: NOW), 6)

    run = get_run(edition.id, run_id)
    assert run.counts.added + run.counts.unchanged > ROWS


def claiming_without_condition() -> Callable[[int, int, int, datetime], bool]:
    """Return what moves the position on, whichever worker has the rows; two that have read the same position begin."""
    meeting = Meeting()

    def claim(run_id: int, _first: int, end: int, _now: datetime) -> bool:
        meeting.wait()
        db.session.execute(update(ImportRun).where(ImportRun.id == run_id).values(next_row=end))
        return True

    return claim
