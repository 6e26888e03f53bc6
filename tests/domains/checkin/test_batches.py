"""Many scans at once have the same result as one by one."""

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from expo.accounts.rules import Permission
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.queries.zones import list_wrong_counters
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.services.scans import scan, scan_batch
from expo.checkin.services.verdicts import DeviceDecision, ScanRequest
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.domains.checkin.test_zones import make_zone
from tests.make import make_attendee

DOORS = ("north", "south", "hall-1", "hall-2", "lounge", "nowhere")
QUEUES, SCANS = 8, 60
RECEIVED = OPENING + timedelta(hours=3)


def _make_doors(edition: EditionFacts, now: datetime) -> None:
    make_zone(edition, now, "site", "north", "south", capacity=3)
    for hall in ("hall-1", "hall-2"):
        make_zone(edition, now, hall, hall, exclusive_group="halls", capacity=2)
    make_zone(edition, now, "lounge", "lounge", anti_passback=False)


def _make_queue(tokens: list[str], rng: random.Random) -> list[ScanRequest]:
    """Return scans in a random order, some of them at the same moment, forced, decided by the device, or repeated."""
    decisions = [None, None, None, DeviceDecision(Verdict.ADMITTED), DeviceDecision(Verdict.REFUSED, Reason.RULE)]
    queue = [
        make_request(
            rng.choice(tokens),
            rng.choice(DOORS),
            scan_id=str(uuid.UUID(int=rng.getrandbits(128))),
            direction=rng.choice([Direction.ENTRY, Direction.ENTRY, Direction.EXIT]),
            scanned_at=OPENING + timedelta(minutes=rng.randrange(90)),
            forced=rng.random() < 0.1,
            decided=rng.choice(decisions),
        )
        for _ in range(SCANS)
    ]
    queue += rng.sample(queue, 8)
    rng.shuffle(queue)
    return queue


def _forget() -> None:
    with atomic() as session:
        session.execute(delete(Presence))
        session.execute(delete(Scan))
        session.execute(update(Zone).values(inside=0))


def _state() -> list[Any]:
    db.session.rollback()
    presences = db.session.execute(select(Presence.__table__).order_by(Presence.zone_id, Presence.attendee_id)).all()
    scans = db.session.execute(
        select(Scan.scan_id, Scan.verdict, Scan.reason, Scan.disagrees, Scan.forced, Scan.first_entered_at).order_by(
            Scan.scan_id
        )
    ).all()
    return [presences, scans, db.session.execute(select(Zone.code, Zone.inside)).all()]


def _one_by_one(edition: EditionFacts, queue: list[ScanRequest]) -> list[ScanAnswer]:
    actor = scanner(edition, Permission.SCAN_FORCE)
    in_time = sorted(range(len(queue)), key=lambda n: (queue[n].scanned_at, n))
    answers = {n: scan(actor, edition.id, queue[n], RECEIVED) for n in in_time}
    return [answers[n] for n in range(len(queue))]


def test_batch_when_queues_are_random_then_the_same_as_one_by_one(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _make_doors(edition, now)
    tokens = [*(make_attendee(edition, now).token for _ in range(5)), "no badge"]
    actor = scanner(edition, Permission.SCAN_FORCE)
    for seed in range(QUEUES):
        queue = _make_queue(tokens, random.Random(seed))  # noqa: S311 - nothing secret
        together = scan_batch(actor, edition.id, queue, RECEIVED)
        state = _state()
        assert scan_batch(actor, edition.id, queue[::-1], RECEIVED) == together[::-1], seed
        assert _state() == state
        assert (list_wrong_presences(edition, RECEIVED), list_wrong_counters(edition.id)) == ([], {}), seed

        _forget()
        assert _one_by_one(edition, queue) == together, seed
        assert _state() == state, seed
        _forget()


def test_batch_when_it_arrives_in_parts_and_any_order_then_presence_is_as_if_in_time(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for hall in ("hall-1", "hall-2"):
        make_zone(edition, now, hall, hall, exclusive_group="halls")
    make_zone(edition, now, "lounge", "lounge", anti_passback=False)
    tokens = [make_attendee(edition, now).token for _ in range(3)]
    rng = random.Random(5)  # noqa: S311 - nothing secret
    queue = [
        make_request(
            rng.choice(tokens),
            rng.choice(("hall-1", "hall-2", "lounge")),
            direction=rng.choice([Direction.ENTRY, Direction.EXIT]),
            scanned_at=OPENING + timedelta(minutes=minute),
            decided=DeviceDecision(Verdict.ADMITTED),
        )
        for minute in range(40)
    ]
    outcomes = []
    for _ in range(3):
        rng.shuffle(queue)
        for start in range(0, len(queue), 7):
            scan_batch(scanner(edition), edition.id, queue[start : start + 7], RECEIVED)
        assert list_wrong_presences(edition, RECEIVED) == []
        outcomes.append(_state()[0])
        _forget()

    assert outcomes == [outcomes[0]] * 3


@pytest.mark.postgresql
def test_scan_when_alone_then_asks_for_no_lists_whose_length_the_database_would_have_to_guess(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendees = [make_attendee(edition, now) for _ in range(3)]
    asked = text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%badge.serial%'")
    db.session.remove()
    db.engine.dispose()  # what earlier tests have prepared stays with its connection

    scan_once(edition, attendees[0].token)
    alone = db.session.scalars(asked).all()
    scan_batch(scanner(edition), edition.id, [make_request(each.token) for each in attendees[1:]], OPENING)
    together = db.session.scalars(asked).all()

    assert ["= ANY" in each for each in alone] == [False] * 2
    assert ["= ANY" in each for each in together if each not in alone] == [True] * 2
