"""Presence goes by when scans were made: any order of arrival, several gates, queues sent later; and its repair."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from expo.accounts.rules import SYSTEM
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.figures import count_arrived
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.queries.zones import count_inside, list_wrong_counters
from expo.checkin.rules import Direction, Reason
from expo.checkin.services.days import end_days
from expo.checkin.services.presence import repair_presence
from expo.checkin.services.scans import scan, scan_batch
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.make import make_attendee

ENTRY, EXIT = Direction.ENTRY, Direction.EXIT
HOUR = timedelta(hours=1)
EVENING = OPENING + 12 * HOUR


def _presence() -> list[tuple[bool, int, datetime | None, datetime | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Presence).order_by(Presence.zone_id, Presence.attendee_id))
    return [(row.is_inside, row.entries, row.entered_at, row.left_at) for row in rows]


def test_exit_when_sent_before_the_entry_of_another_gate_then_outside(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=1)
    token = make_attendee(edition, now).token

    reasons = [
        scan_once(edition, token, direction=EXIT, scanned_at=OPENING + 2 * HOUR).reason,
        scan_once(edition, token, direction=ENTRY, scanned_at=OPENING).reason,
    ]

    assert reasons == [Reason.NOT_INSIDE, None]
    assert _presence() == [(False, 1, OPENING, OPENING + 2 * HOUR)]
    assert db.session.scalar(select(Zone.inside)) == 0
    assert (count_arrived(edition.id), list_wrong_presences(edition, EVENING), list_wrong_counters(edition.id)) == (
        1,
        [],
        {},
    )


def test_exit_when_no_entry_is_known_then_nobody_came(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    scan_once(edition, make_attendee(edition, now).token, direction=EXIT)

    assert (count_arrived(edition.id), count_inside(edition.id)) == (0, {"main": 0})
    assert list_wrong_presences(edition, OPENING) == []


STEPS = [(0, ENTRY), (1, EXIT), (2, ENTRY), (3, ENTRY), (26, ENTRY)]


@pytest.mark.parametrize("capacity", [None, 5])
def test_presence_when_scans_arrive_in_any_order_then_as_if_in_time(
    each_app: Flask, edition: EditionFacts, now: datetime, capacity: int | None
) -> None:
    """Queues of several gates, sent in the evening of the second day: every order of five, and a sample of more."""
    make_checkpoint(edition, now, capacity=capacity)
    orders = list(itertools.permutations(STEPS))
    rng = random.Random(3)  # noqa: S311 - nothing secret
    received = OPENING + 36 * HOUR
    in_time = make_attendee(edition, now)
    for hours, direction in STEPS:
        _upload(edition, in_time.token, hours, direction, received)
    expected = [row[:3] for row in _presence()]
    assert expected == [(True, 3, OPENING + 26 * HOUR)]

    for order in rng.sample(orders, 12):
        with atomic() as session:
            session.execute(delete(Scan))
            session.execute(delete(Presence))
            session.execute(update(Zone).values(inside=0))
        for hours, direction in order:
            _upload(edition, in_time.token, hours, direction, received)
        assert [row[:3] for row in _presence()] == expected, order
        assert db.session.scalar(select(Zone.inside)) == (1 if capacity else 0)
        assert list_wrong_presences(edition, received) == []


def _upload(edition: EditionFacts, token: str, hours: int, direction: Direction, received: datetime) -> None:
    request = make_request(token, scanned_at=OPENING + hours * HOUR, direction=direction)
    scan(scanner(edition), edition.id, request, received)


def test_presence_when_queues_of_several_gates_are_sent_in_any_order_then_the_same(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for code in ("main", "hall-2"):
        make_checkpoint(edition, now, code, capacity=10)
    tokens = [make_attendee(edition, now).token for _ in range(3)]
    rng = random.Random(7)  # noqa: S311 - nothing secret
    scans = [
        make_request(token, door, direction=direction, scanned_at=OPENING + timedelta(minutes=rng.randrange(5, 600)))
        for token in tokens
        for door in ("main", "hall-2")
        for direction in (ENTRY, EXIT, ENTRY, EXIT, ENTRY)[: rng.randrange(1, 6)]
    ]
    outcomes = []
    for _ in range(6):
        rng.shuffle(scans)
        with atomic() as session:
            session.execute(delete(Scan))
            session.execute(delete(Presence))
            session.execute(update(Zone).values(inside=0))
        for start in range(0, len(scans), 4):
            scan_batch(scanner(edition), edition.id, scans[start : start + 4], EVENING)
        assert list_wrong_presences(edition, EVENING) == []
        assert list_wrong_counters(edition.id) == {}
        outcomes.append((_presence(), count_inside(edition.id)))

    assert outcomes == [outcomes[0]] * len(outcomes)


def test_entry_when_refused_at_the_door_and_an_exit_arrives_late_then_may_come_in(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    """Someone who was turned away is not inside, so a later attempt succeeds once the exit is known."""
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    steps = [(0, ENTRY, 0), (2, ENTRY, 2), (1, EXIT, 3), (3, ENTRY, 3)]

    reasons = []
    for hours, direction, received in steps:
        request = make_request(token, scanned_at=OPENING + hours * HOUR, direction=direction)
        reasons.append(scan(scanner(edition), edition.id, request, OPENING + received * HOUR).reason)

    assert reasons == [None, Reason.ALREADY_ADMITTED, None, None]
    assert [row[:3] for row in _presence()] == [(True, 2, OPENING + 3 * HOUR)]


def test_entry_when_after_midnight_of_the_last_day_then_admitted_and_let_out_at_four(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=3)
    token = make_attendee(edition, now).token
    evening, after_midnight = (datetime(2027, 5, 28, hour, 30, tzinfo=UTC) for hour in (12, 16))
    scan_once(edition, token, scanned_at=evening)
    scan_once(edition, token, scanned_at=evening + HOUR, direction=EXIT)

    answer = scan_once(edition, token, scanned_at=after_midnight)

    assert answer.reason is None
    assert end_days(after_midnight + HOUR) == 0
    assert end_days(after_midnight + 4 * HOUR) == 1
    assert _presence() == [(False, 2, after_midnight, datetime(2027, 5, 28, 20, 0, tzinfo=UTC))]
    assert list_wrong_presences(edition, after_midnight + 4 * HOUR) == []


def test_entry_when_the_night_before_was_not_ended_yet_then_admitted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=1)
    token = make_attendee(edition, now).token
    scan_once(edition, token)

    answer = scan_once(edition, token, scanned_at=OPENING + 24 * HOUR)

    assert answer.reason is None
    assert [row[:3] for row in _presence()] == [(True, 2, OPENING + 24 * HOUR)]
    assert db.session.scalar(select(Zone.inside)) == 1


def test_repair_when_presence_and_counter_are_wrong_then_set_right_from_the_scans(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    main = make_checkpoint(edition, now, capacity=5)
    inside, outside, lost, never = (make_attendee(edition, now) for _ in range(4))
    scan_once(edition, inside.token)
    scan_once(edition, outside.token)
    scan_once(edition, outside.token, direction=EXIT, scanned_at=OPENING + HOUR)
    scan_once(edition, lost.token)
    right = _presence()
    with atomic() as session:
        session.execute(update(Presence).where(Presence.attendee_id == outside.id).values(is_inside=True, left_at=None))
        session.execute(delete(Presence).where(Presence.attendee_id == lost.id))
        session.add(
            Presence(zone_id=main, attendee_id=never.id, is_inside=True, entries=1, entered_at=OPENING, as_of=OPENING)
        )
        session.execute(update(Zone).values(inside=4))

    found = [each.attendee_id for each in list_wrong_presences(edition, OPENING + HOUR)]
    repaired = repair_presence(SYSTEM, edition.id, OPENING + HOUR)

    assert (found, repaired) == ([outside.id, lost.id, never.id], 3)
    assert (_presence(), db.session.scalar(select(Zone.inside))) == (right, 2)
    assert (repair_presence(SYSTEM, edition.id, OPENING + HOUR), list_wrong_counters(edition.id)) == (0, {})
