"""What staff learn with a verdict: notes about the attendee and the ticket, and how many people a badge admits."""

import uuid
from datetime import datetime

from flask import Flask

from expo.accounts.rules import SYSTEM, Permission
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.registration.services import set_door_note
from expo.tickets.services import change_ticket_type
from tests.api.calls import Api, make_token
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.make import make_attendee


def test_scan_when_there_are_notes_then_in_the_answer_whatever_the_verdict(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    made = make_attendee(edition, now)
    note = {"en": "Ask for the student card", "zh": "请查看学生证"}
    change_ticket_type(SYSTEM, edition.id, made.attendee.ticket_type_id, now, door_note=note, party=12)
    set_door_note(SYSTEM, edition.id, made.id, "wheelchair", now)
    api = Api(each_app, make_token(edition, Permission.SCAN))
    body = {"token": made.token, "checkpoint": "main", "direction": "entry", "scanned_at": OPENING.isoformat()}

    answers = [api.post("/scans", body | {"scan_id": str(uuid.uuid4())}).get_json() for _ in range(2)]

    db.session.rollback()
    assert [each["verdict"] for each in answers] == ["admitted", "refused"]
    for each in answers:
        kind = each["attendee"]["ticket_type"]
        assert (each["attendee"]["note"], kind["door_note"], kind["party"]) == ("wheelchair", note, 12)
