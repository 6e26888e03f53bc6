import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.passages import list_wrong_presences
from expo.editions.queries import EditionFacts
from expo.infra.config import ROOT
from expo.infra.db import db
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import make_attendee

PROCESSES = 4


def _race(
    app: Flask,
    edition: EditionFacts,
    scans: Sequence[tuple[object, ...]],
    twin: str = "",
    received_after_hours: int = 0,
) -> Counter[str]:
    """Let several processes scan all of these at the same moment, and return how often each answer was given."""
    db.session.rollback()
    processes = []
    for n in range(PROCESSES):
        plan = {
            "url": db.engine.url.render_as_string(hide_password=False),
            "edition": edition.id,
            "at": OPENING.isoformat(),
            "scans": scans[n::PROCESSES],
            "twin": twin,
            "received_after_hours": received_after_hours,
        }
        command = [sys.executable, "-m", "tests.races.doors", json.dumps(plan)]
        processes.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    try:
        for each in processes:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        answers: Counter[str] = Counter()
        for each in processes:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in processes:
            said, _ = each.communicate(timeout=240)
            answers.update(json.loads(said))
    finally:
        for each in processes:
            each.kill()
            each.wait()
    db.session.rollback()
    return answers


def _is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _drop(table: str, constraint: str) -> None:
    """Take away what the database itself would say, so that a twin shows what the statement is for."""
    if _is_postgresql():
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))


def test_scan_when_one_badge_is_at_the_door_20_times_at_once_then_admitted_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(each_app, edition, [(str(uuid.uuid4()), token) for _ in range(20)])

    assert answers == {"admitted": 1, "already_admitted": 19}
    assert db.session.execute(select(Presence.entries, Presence.is_inside)).all() == [(1, True)]
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 20


def test_scan_when_admission_has_no_condition_then_one_badge_gets_in_often(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(each_app, edition, [(str(uuid.uuid4()), token) for _ in range(20)], twin="admission")

    assert answers["admitted"] > 1


def test_scan_when_one_scan_arrives_20_times_at_once_then_one_row_and_one_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(each_app, edition, [("the-same", token)] * 20)

    assert answers == {"admitted": 20}
    assert db.session.execute(select(Scan.scan_id, Scan.verdict)).all() == [("the-same", "admitted")]
    assert db.session.scalars(select(Presence.entries)).all() == [1]


@pytest.mark.postgresql
def test_scan_when_rows_are_written_without_condition_then_answers_differ(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    _drop("scan", "uq_scan_edition_id_scan_id")

    answers = _race(pg_app, edition, [("the-same", token)] * 20, twin="writing")

    assert answers["already_admitted"] > 0
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 20


def test_scan_when_30_come_to_5_places_at_once_then_5_are_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=5)
    tokens = [make_attendee(edition, now).token for _ in range(30)]

    answers = _race(each_app, edition, [(str(uuid.uuid4()), token) for token in tokens])

    assert answers == {"admitted": 5, "zone_full": 25}
    assert db.session.scalar(select(Zone.inside)) == 5
    assert db.session.scalar(select(func.count()).select_from(Presence).where(Presence.is_inside)) == 5


@pytest.mark.postgresql
def test_scan_when_places_are_counted_without_condition_then_more_get_in(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=5)
    tokens = [make_attendee(edition, now).token for _ in range(30)]

    answers = _race(pg_app, edition, [(str(uuid.uuid4()), token) for token in tokens], twin="places")

    assert answers == {"admitted": 30}


def test_scan_when_all_come_and_repeat_at_once_then_counter_is_who_is_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=8)
    tokens = [make_attendee(edition, now).token for _ in range(8)]

    answers = _race(each_app, edition, [(str(uuid.uuid4()), token) for token in tokens * 4])

    assert answers["admitted"] == 8
    assert db.session.scalar(select(Zone.inside)) == 8
    assert db.session.scalar(select(func.count()).select_from(Presence).where(Presence.is_inside)) == 8


STEPS = [("entry", 0), ("exit", 60), ("entry", 120), ("exit", 180), ("entry", 240)]


def _queues(edition: EditionFacts, now: datetime, people: int) -> list[tuple[object, ...]]:
    """Return what several gates send in the evening: each person in, out, in, out and in again."""
    tokens = [make_attendee(edition, now).token for _ in range(people)]
    return [(str(uuid.uuid4()), token, *step) for step in reversed(STEPS) for token in tokens]


@pytest.mark.parametrize("capacity", [None, 8])
def test_presence_when_queues_of_all_gates_are_sent_at_once_then_as_if_in_time(
    each_app: Flask, edition: EditionFacts, now: datetime, capacity: int | None
) -> None:
    make_checkpoint(edition, now, capacity=capacity)

    _race(each_app, edition, _queues(edition, now, 8), received_after_hours=8)

    evening = OPENING + timedelta(hours=8)
    assert list_wrong_presences(edition, evening) == []
    assert db.session.execute(select(Presence.is_inside, Presence.entries)).all() == [(True, 3)] * 8
    assert db.session.scalar(select(Zone.inside)) == (8 if capacity else 0)


@pytest.mark.postgresql
def test_presence_when_the_log_is_read_without_a_lock_then_not_what_the_scans_come_to(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)

    _race(pg_app, edition, _queues(edition, now, 12), twin="log", received_after_hours=8)

    assert list_wrong_presences(edition, OPENING + timedelta(hours=8)) != []
