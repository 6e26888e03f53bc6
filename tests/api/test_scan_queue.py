"""Queues of scans, undoing, and the short path of a scan."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import Permission
from expo.checkin.models import Presence, Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.api.calls import Api, make_token
from tests.api.test_scans import _scan
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import make_attendee

MINUTE = timedelta(minutes=1)


def test_queue_when_entries_are_broken_then_the_others_are_answered(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    good = _scan(make_attendee(edition, now).token)
    broken: list[Any] = [{**good, "scanned_at": "yesterday"}, {"scan_id": 7}, "scan", None, {**good, "more": 1}]

    answer = Api(app, make_token(edition, Permission.SCAN)).post("/scans/batch", {"scans": [*broken, good]})

    answers = answer.get_json()["answers"]
    ids = [good["scan_id"], None, None, None, good["scan_id"], good["scan_id"]]
    assert [each["scan_id"] for each in answers] == ids
    assert [each["problem"] and each["problem"]["code"] for each in answers] == ["request_invalid"] * 5 + [None]
    assert answers[0]["problem"]["detail"].startswith("/scanned_at: ")
    assert (answers[0]["answer"], answers[5]["answer"]["verdict"]) == (None, "admitted")


def test_queue_when_the_device_decided_then_stored_with_its_clock(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    second = _scan(
        token,
        scanned_at=(OPENING + MINUTE).isoformat(),
        device_time="1970-01-01T00:00:00Z",
        skew_ms=10**15,
        decided={"verdict": "admitted", "at": OPENING.isoformat(), "data_as_of": OPENING.isoformat()},
    )
    third = {**second, "scan_id": str(uuid.uuid4()), "device_time": OPENING.isoformat(), "skew_ms": -1500}
    api = Api(app, make_token(edition, Permission.SCAN))

    answers = api.post("/scans/batch", {"scans": [_scan(token), second, third]}).get_json()["answers"]

    assert [each["answer"]["disagrees"] for each in answers] == [None, *["already_admitted"] * 2]
    columns = (Scan.verdict, Scan.decided, Scan.device_time, Scan.skew_ms)
    assert [tuple(row) for row in db.session.execute(select(*columns).order_by(Scan.skew_ms.desc()))] == [
        ("admitted", "device", None, 2**31 - 1),
        ("admitted", "device", OPENING, -1500),
        ("admitted", "server", None, None),
    ]


def test_queue_when_an_entry_undoes_another_then_taken_back_at_its_time(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    api = Api(app, make_token(edition, Permission.SCAN))
    early, late = (_scan(make_attendee(edition, now).token) for _ in range(2))
    undoes = [
        _scan("", undoes=early["scan_id"], scanned_at=(OPENING + MINUTE).isoformat()),
        _scan("", undoes=late["scan_id"], scanned_at=(OPENING + 3 * MINUTE).isoformat()),
        _scan("", undoes=str(uuid.uuid4())),
    ]

    answers = api.post("/scans/batch", {"scans": [*undoes, early, late]}).get_json()["answers"]

    problems = [each["problem"] and each["problem"]["code"] for each in answers]
    assert problems == [None, "undo_too_late", "scan_missing", None, None]
    assert answers[0]["answer"] == answers[3]["answer"]
    assert db.session.scalar(select(func.count()).where(Presence.is_inside)) == 1
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_undo_when_just_scanned_then_taken_back_and_else_a_problem(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    scan = _scan(make_attendee(edition, now).token)
    api = Api(app, make_token(edition, Permission.SCAN))
    first = api.post("/scans", scan).get_json()

    undone = api.post(f"/scans/{scan['scan_id'].upper()}/undo", {})
    missing = api.post(f"/scans/{uuid.uuid4()}/undo", {})

    assert (undone.status_code, undone.get_json()) == (200, first)
    assert (missing.status_code, missing.get_json(force=True)["code"]) == (404, "scan_missing")
    assert db.session.scalars(select(Presence.zone_id)).all() == []
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 1


@pytest.mark.postgresql
def test_queue_when_long_then_a_handful_of_statements(
    pg_app: Flask, edition: EditionFacts, now: datetime, statements: list[str], direct_statements: list[str]
) -> None:
    make_checkpoint(edition, now)
    scans = [_scan(make_attendee(edition, now).token) for _ in range(12)]
    api = Api(pg_app, make_token(edition, Permission.SCAN))
    api.post("/scans", scans[0])
    statements.clear()
    direct_statements.clear()

    api.post("/scans/batch", {"scans": scans})

    # All of them go to the driver directly.
    assert statements == []
    assert [each.split()[0] for each in direct_statements] == ["SELECT", "SELECT", "SELECT", "INSERT", "INSERT"]


def test_short_path_when_taken_then_answers_like_the_long_one(app: Flask, edition: EditionFacts, now: datetime) -> None:
    """An `Idempotency-Key` makes a request unusual, so Flask answers it."""
    make_checkpoint(edition, now)
    scan = _scan(make_attendee(edition, now).token)
    api = Api(app, make_token(edition, Permission.SCAN))

    short = api.post("/scans", scan)
    long = api.post("/scans", scan, Idempotency_Key="a")

    assert (short.status_code, short.data) == (long.status_code, long.data)
    # Flask reads its session, although the API ignores cookies.
    assert dict(short.headers) == {name: value for name, value in long.headers if name != "Vary"}
