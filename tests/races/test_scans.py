import json
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from expo.accounts.rules import SYSTEM
from expo.badges.queries import list_valid_tokens
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.services.zones import ZoneRequest, create_zone
from expo.editions.queries import EditionFacts
from expo.flows.registration import register
from expo.infra.config import ROOT
from expo.infra.db import atomic, db
from expo.registration.rules import MAX_ATTENDEES_PER_ORDER
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import attendee_request, make_attendee, make_ticket_type, order_request
from tests.races.doors import READS_FIRST

PROCESSES = 3
BADGES = 1_000
_processes: list[subprocess.Popen[str]] = []


@pytest.fixture(scope="module", autouse=True)
def racers() -> Iterator[None]:
    """Start the processes once: loading the application takes longer than a race."""
    command = [sys.executable, "-m", "tests.races.doors"]
    _processes.extend(
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    )
    yield
    for each in _processes:
        each.kill()
        each.communicate()
    _processes.clear()


def _race(
    edition: EditionFacts,
    scans: Sequence[tuple[object, ...]] = (),
    twin: str = "",
    received_after_hours: int = 0,
    clients: Sequence[Sequence[tuple[object, ...]]] = (),
    *,
    together: bool = False,
    in_queues: bool = False,
) -> Counter[str]:
    """Let several processes scan all of these at the same moment, and return how often each answer was given.

    Each scan has a client of its own; `clients` are lists of scans that one client makes after each other, or with
    `in_queues` sends as one queue. With `together`, scans that come to a process at the same moment share a
    transaction, as they do over HTTP.
    """
    clients = [*clients, *([each] for each in scans)]
    db.session.rollback()
    for n, each in enumerate(_processes):
        plan = {
            "url": db.engine.url.render_as_string(hide_password=False),
            "edition": edition.id,
            "at": OPENING.isoformat(),
            "clients": clients[n::PROCESSES],
            "twin": twin,
            "received_after_hours": received_after_hours,
            "together": together,
            "in_queues": in_queues,
        }
        _tell(each, json.dumps(plan))
    assert [_hear(each) for each in _processes] == ["ready"] * PROCESSES
    for each in _processes:
        _tell(each, "go")
    if twin in READS_FIRST:
        assert [_hear(each) for each in _processes] == ["read"] * PROCESSES
        for each in _processes:
            _tell(each, "write")
    answers: Counter[str] = Counter()
    for each in _processes:
        answers.update(json.loads(_hear(each)))
    db.session.rollback()
    return answers


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _drop(table: str, constraint: str) -> None:
    """Drop the database's own constraint, so that the twin shows what the statement prevents."""
    if _is_postgresql():
        with db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))


def test_scan_when_one_badge_is_at_the_door_20_times_at_once_then_admitted_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(edition, [(str(uuid.uuid4()), token) for _ in range(20)])

    assert answers == {"admitted": 1, "already_admitted": 19}
    assert db.session.execute(select(Presence.entries, Presence.is_inside)).all() == [(1, True)]
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 20


@pytest.mark.postgresql
def test_scan_when_badges_are_not_locked_then_one_badge_gets_in_often(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(edition, [(str(uuid.uuid4()), token) for _ in range(20)], twin="badges")

    assert answers == {"admitted": 20}


def _doors_of_one_zone(edition: EditionFacts, now: datetime, **zone: Any) -> list[str]:
    zone_id = create_zone(SYSTEM, edition.id, "site", ZoneRequest({"en": "Site"}, **zone), now)
    codes = [f"gate-{n}" for n in range(8)]
    for code in codes:
        make_checkpoint(edition, now, code, zone_id=zone_id, capacity=zone.get("capacity"))
    return codes


def _make_tokens(edition: EditionFacts, now: datetime, count: int) -> list[str]:
    """Make badges, as many in an order as an order may have."""
    make_ticket_type(edition, now)
    for _ in range(count // MAX_ATTENDEES_PER_ORDER):
        request = order_request(*[attendee_request()] * MAX_ATTENDEES_PER_ORDER, source="desk")
        register(SYSTEM, edition.id, request, now)
    tokens = list_valid_tokens(edition.id)
    assert len(tokens) == count
    return tokens


def _clients_at_every_door(codes: list[str], tokens: list[str], count: int) -> list[list[tuple[object, ...]]]:
    """Return what each client scans, so that every badge comes to all doors at about the same moment.

    The clocks of the doors differ, so that scans do not arrive in the order of their times.
    """
    groups = count // len(codes)
    return [
        [(str(uuid.uuid4()), token, "entry", number / 100, code) for token in tokens[group::groups]]
        for group in range(groups)
        for number, code in enumerate(codes)
    ]


@pytest.mark.postgresql
def test_scan_when_64_clients_scan_the_same_badges_at_eight_doors_then_each_is_admitted_once_and_unlocked_more_often(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    codes = _doors_of_one_zone(edition, now)
    tokens = _make_tokens(edition, now, BADGES)
    for in_queues in (False, True):
        clients = _clients_at_every_door(codes, tokens, 64)
        answers = _race(edition, clients=clients, together=not in_queues, in_queues=in_queues)

        assert answers == {"admitted": BADGES, "already_admitted": 7 * BADGES}
        assert db.session.execute(select(Presence.entries, Presence.is_inside)).all() == [(1, True)] * BADGES
        assert db.session.scalar(select(func.count()).select_from(Scan)) == 8 * BADGES
        _forget_scans()

    twin = _race(edition, clients=_clients_at_every_door(codes, tokens, 64), in_queues=True, twin="badges")

    assert twin["admitted"] > BADGES


def _forget_scans() -> None:
    with atomic() as session:
        session.execute(delete(Presence))
        session.execute(delete(Scan))
    db.session.rollback()


@pytest.mark.postgresql
def test_scan_when_a_zone_with_eight_doors_fills_up_then_no_more_than_its_capacity_is_inside(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    codes = _doors_of_one_zone(edition, now, capacity=10)
    tokens = [make_attendee(edition, now).token for _ in range(32)]

    scans = [(str(uuid.uuid4()), token, "entry", 0, codes[n % 8]) for n, token in enumerate(tokens)]
    answers = _race(edition, scans)

    assert answers == {"admitted": 10, "zone_full": 22}
    assert db.session.scalar(select(Zone.inside)) == 10


@pytest.mark.postgresql
def test_scan_when_one_person_enters_two_halls_at_once_then_is_in_one_of_them(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for code in ("hall-1", "hall-2"):
        zone_id = create_zone(SYSTEM, edition.id, code, ZoneRequest({"en": code}, exclusive_group="halls"), now)
        make_checkpoint(edition, now, code, zone_id=zone_id)
    tokens = [make_attendee(edition, now).token for _ in range(8)]

    scans = [(str(uuid.uuid4()), token, "entry", n, f"hall-{n}") for token in tokens for n in (1, 2)]
    answers = _race(edition, scans)

    assert answers == {"admitted": 16}
    inside = db.session.scalars(select(Zone.code).join(Presence, Presence.zone_id == Zone.id).where(Presence.is_inside))
    assert inside.all() == ["hall-2"] * 8
    assert list_wrong_presences(edition, OPENING + timedelta(minutes=5)) == []


def test_scan_when_one_scan_arrives_20_times_at_once_then_one_row_and_one_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answers = _race(edition, [("the-same", token)] * 20)

    assert answers == {"admitted": 20}
    assert db.session.execute(select(Scan.scan_id, Scan.verdict)).all() == [("the-same", "admitted")]
    assert db.session.scalars(select(Presence.entries)).all() == [1]


@pytest.mark.postgresql
def test_scan_when_answers_given_are_forgotten_then_answers_differ(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    _drop("scan", "uq_scan_edition_id_scan_id")

    answers = _race(edition, [("the-same", token)] * 20, twin="answers")

    assert answers["already_admitted"] > 0
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 20


def test_scan_when_30_come_to_5_places_at_once_then_5_are_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=5)
    tokens = [make_attendee(edition, now).token for _ in range(30)]

    answers = _race(edition, [(str(uuid.uuid4()), token) for token in tokens])

    assert answers == {"admitted": 5, "zone_full": 25}
    assert db.session.scalar(select(Zone.inside)) == 5
    assert db.session.scalar(select(func.count()).select_from(Presence).where(Presence.is_inside)) == 5


@pytest.mark.postgresql
def test_scan_when_counters_are_not_locked_then_more_get_in(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=5)
    tokens = [make_attendee(edition, now).token for _ in range(30)]

    answers = _race(edition, [(str(uuid.uuid4()), token) for token in tokens], twin="counters")

    assert answers == {"admitted": 30}


def test_scan_when_all_come_and_repeat_at_once_then_counter_is_who_is_inside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=8)
    tokens = [make_attendee(edition, now).token for _ in range(8)]

    answers = _race(edition, [(str(uuid.uuid4()), token) for token in tokens * 4])

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

    _race(edition, _queues(edition, now, 8), received_after_hours=8)

    evening = OPENING + timedelta(hours=8)
    assert list_wrong_presences(edition, evening) == []
    assert db.session.execute(select(Presence.is_inside, Presence.entries)).all() == [(True, 3)] * 8
    assert db.session.scalar(select(Zone.inside)) == (8 if capacity else 0)


@pytest.mark.postgresql
def test_presence_when_the_log_is_read_without_a_lock_then_not_what_the_scans_come_to(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    # All scans are of one person: the last to be stored does not know of the others.
    token = make_attendee(edition, now).token

    _race(edition, [(str(uuid.uuid4()), token, *step) for step in STEPS], twin="log", received_after_hours=8)

    assert list_wrong_presences(edition, OPENING + timedelta(hours=8)) != []
