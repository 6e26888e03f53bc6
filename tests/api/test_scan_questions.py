"""Questions at the door: a scan gets them first, and is admitted and stored once they are answered."""

import uuid
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import Permission
from expo.checkin.models import Presence, Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.api.calls import Api, make_token
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import make_attendee

CARD = {"id": "card", "kind": "confirm", "text": {"en": "Card seen?"}, "choices": [], "ticket_types": ["visitor"]}
SIZE = {
    "id": "size",
    "kind": "choice",
    "text": {"en": "Size?", "zh": "尺码？"},
    "choices": [{"id": "s", "text": {"en": "S"}}, {"id": "m", "text": {"en": "M"}}],
    "ticket_types": None,
}


def _body(token: str, **values: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid.uuid4()),
        "token": token,
        "checkpoint": "main",
        "direction": "entry",
        "scanned_at": OPENING.isoformat(),
        **values,
    }


def test_scan_when_the_checkpoint_has_questions_then_admitted_once_they_are_answered(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    make_checkpoint(edition, now, questions=[CARD, SIZE])
    api = Api(each_app, make_token(edition, Permission.SCAN))
    body = _body(made.token)

    asked = api.post("/scans", body).get_json()
    partly = api.post("/scans", body | {"answers": {"card": True, "size": "xl"}}).get_json()
    stored_before = db.session.scalars(select(Presence.entries)).all()
    db.session.rollback()
    admitted = api.post("/scans", body | {"answers": {"card": True, "size": "m"}}).get_json()

    assert (asked["verdict"], [each["id"] for each in asked["questions"]]) == ("needs_answers", ["card", "size"])
    assert asked["questions"][1]["choices"] == SIZE["choices"]
    assert (partly["verdict"], [each["id"] for each in partly["questions"]]) == ("needs_answers", ["size"])
    assert stored_before == []
    assert (admitted["verdict"], admitted["questions"]) == ("admitted", [])
    db.session.rollback()
    admissions = db.session.scalars(select(Scan.answers).where(Scan.verdict == "admitted")).all()
    assert admissions == [{"card": True, "size": "m"}]


def test_scan_when_the_rule_of_the_checkpoint_fails_then_refused_and_nothing_asked(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    make_checkpoint(edition, now, questions=[CARD], rule={"between": ["11:00", "12:00"]})
    api = Api(each_app, make_token(edition, Permission.SCAN))

    early = api.post("/scans", _body(made.token)).get_json()
    later = api.post("/scans", _body(made.token, scanned_at="2027-05-26T11:30:00+08:00")).get_json()

    assert (early["verdict"], early["reason"], early["questions"]) == ("refused", "rule", [])
    assert later["verdict"] == "needs_answers"
