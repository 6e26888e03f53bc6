import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import Permission
from expo.checkin.models import Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.api.calls import Api, make_token
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import make_attendee


def _scan(token: str, **values: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid.uuid4()),
        "token": token,
        "checkpoint": "main",
        "direction": "entry",
        "scanned_at": OPENING.isoformat(),
        "forced": False,
        **values,
    }


def test_scan_when_admitted_and_again_then_answers_as_described(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now, name="张伟", latin_name="Zhang Wei", company="数据谷")
    api = Api(each_app, make_token(edition, Permission.SCAN))

    first = api.post("/scans", _scan(attendee.token))
    second = api.post("/scans", _scan(attendee.token))

    who = {
        "id": attendee.code,
        "name": "张伟",
        "latin_name": "Zhang Wei",
        "company": "数据谷",
        "country": "CN",
        "ticket_type": {
            "code": "visitor",
            "name": {"en": "Visitor", "zh": "观众"},
            "band": 0,
            "party": 1,
            "door_note": {},
        },
        "state": "confirmed",
        "note": "",
    }
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.get_json() == {
        "verdict": "admitted",
        "reason": None,
        "attendee": who,
        "first_scan": None,
        "disagrees": None,
        "questions": [],
        "add_ons": [],
        "needed": None,
        "missing_ticket_types": [],
        "missing_add_ons": [],
    }
    assert second.get_json() == {
        "verdict": "refused",
        "reason": "already_admitted",
        "attendee": who,
        "first_scan": {
            "at": "2027-05-26T02:00:00Z",
            "checkpoint": {"code": "main", "name": {"en": "Main entrance", "zh": "主入口"}},
        },
        "disagrees": None,
        "questions": [],
        "add_ons": [],
        "needed": None,
        "missing_ticket_types": [],
        "missing_add_ons": [],
    }


def test_scan_when_sent_again_then_same_bytes_and_one_row(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    api = Api(each_app, make_token(edition, Permission.SCAN))
    api.post("/scans", _scan(token))
    body = _scan(token)

    answers = {api.post("/scans", body).data for _ in range(3)}
    upper = api.post("/scans", {**body, "scan_id": body["scan_id"].upper()})

    assert answers == {upper.data}
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_scan_when_token_of_another_edition_calls_then_its_own_doors_answer(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    attendee = make_attendee(edition, now)
    other = make_edition(now, "expo-2028", 2028)
    make_checkpoint(other, now)

    answer = Api(each_app, make_token(other, Permission.SCAN)).post("/scans", _scan(attendee.token))

    assert answer.get_json() == {
        "verdict": "refused",
        "reason": "wrong_edition",
        "attendee": None,
        "first_scan": None,
        "disagrees": None,
        "questions": [],
        "add_ons": [],
        "needed": None,
        "missing_ticket_types": [],
        "missing_add_ons": [],
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"scan_id": "1"},
        {"scan_id": 1},
        {"token": None},
        {"token": "A" * 1001},
        {"checkpoint": 1},
        {"direction": "in"},
        {"scanned_at": "2027-05-26T02:00:00"},
        {"scanned_at": "yesterday"},
        {"scanned_at": 1790000000},
        {"scanned_at": "9999-12-31T23:59:59-12:00"},
        {"forced": 0},
        {"more": 1},
    ],
)
def test_scan_when_shape_is_wrong_then_422_and_no_row(
    app: Flask, edition: EditionFacts, now: datetime, wrong: dict[str, Any]
) -> None:
    make_checkpoint(edition, now)

    answer = Api(app, make_token(edition, Permission.SCAN)).post("/scans", {**_scan("x"), **wrong})

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (422, "request_invalid")
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 0


def test_scan_when_forced_then_the_reason_is_recorded_where_it_is_given(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    api = Api(app, make_token(edition, Permission.SCAN, Permission.SCAN_FORCE))

    api.post("/scans", _scan(token))
    without = api.post("/scans", _scan(token, forced=True))
    reasoned = api.post(
        "/scans", _scan(token, forced=True, force_reason="identity_checked", force_note=" seen by  Li ")
    )
    unforced = api.post("/scans", _scan(token, force_reason="other", force_note="nobody asked"))
    unknown = api.post("/scans", _scan(token, forced=True, force_reason="because"))

    assert [each.get_json()["verdict"] for each in (without, reasoned, unforced)] == ["admitted", "admitted", "refused"]
    assert unknown.status_code == 422
    rows = db.session.execute(select(Scan.forced, Scan.force_reason, Scan.force_note).order_by(Scan.id)).all()
    assert [tuple(each) for each in rows] == [
        (False, None, None),
        (True, None, None),
        (True, "identity_checked", "seen by Li"),
        (False, None, None),
    ]


def test_scan_when_forced_without_permission_then_403(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token

    answer = Api(app, make_token(edition, Permission.SCAN)).post("/scans", _scan(token, forced=True))

    assert (answer.status_code, answer.get_json(force=True)["permission"]) == (403, "scan.force")


def test_scan_when_body_is_too_large_then_413(app: Flask, edition: EditionFacts) -> None:
    answer = Api(app, make_token(edition, Permission.SCAN)).post("/scans", _scan("x" * 70_000))

    assert (answer.status_code, answer.get_json(force=True)["code"]) == (413, "body_too_large")


def test_scan_batch_when_any_order_and_repeated_then_each_once_in_its_place(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    api = Api(each_app, make_token(edition, Permission.SCAN))
    late = _scan(token, scanned_at=(OPENING + timedelta(minutes=1)).isoformat())
    early = _scan(token)

    first = api.post("/scans/batch", {"scans": [late, early]})
    again = api.post("/scans/batch", {"scans": [early, late, early]})

    assert [(each["scan_id"], each["answer"]["reason"]) for each in first.get_json()["answers"]] == [
        (late["scan_id"], "already_admitted"),
        (early["scan_id"], None),
    ]
    assert [each["answer"]["verdict"] for each in again.get_json()["answers"]] == ["admitted", "refused", "admitted"]
    assert db.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_scan_when_made_then_few_statements(
    pg_app: Flask, edition: EditionFacts, now: datetime, statements: list[str], direct_statements: list[str]
) -> None:
    make_checkpoint(edition, now)
    tokens = [make_attendee(edition, now).token for _ in range(2)]
    api = Api(pg_app, make_token(edition, Permission.SCAN))
    api.post("/scans", _scan(tokens[0]))
    statements.clear()
    direct_statements.clear()

    api.post("/scans", _scan(tokens[1]))

    # All of them go to the driver directly.
    assert statements == []
    assert [each.split()[0] for each in direct_statements] == ["SELECT", "SELECT", "SELECT", "INSERT", "INSERT"]
