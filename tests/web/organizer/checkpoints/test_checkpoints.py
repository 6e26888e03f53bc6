"""Checkpoints are made, changed, opened, closed, moved and deleted."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.make import make_ticket_type

HTMX = {"HX-Request": "true"}


def test_door_when_made_and_changed_then_it_is_so(organizer: FlaskClient, edition: EditionFacts, now: datetime) -> None:
    visitor = make_ticket_type(edition, now)
    typed = {"code": "gate", "name-en": "Gate", "name-zh": "大门", "who": "everyone", "hall_id": "0", "room_id": "0"}
    assert organizer.post("/organizer/checkpoints/new", data=typed).status_code == 302
    changed = typed | {
        "who": "some",
        "ticket_type_ids": str(visitor.id),
        "capacity": "30",
        "opens_at": "2027-05-26T08:00",
        "closes_at": "2027-05-26T18:00",
    }
    assert organizer.post("/organizer/checkpoints/gate/edit", data=changed).status_code == 302
    db.session.expire_all()
    door = get_checkpoint(edition.id, "gate")
    assert (door.name, door.capacity, door.ticket_type_ids) == (
        {"en": "Gate", "zh": "大门"},
        30,
        frozenset({visitor.id}),
    )
    assert door.opens_at == datetime(2027, 5, 26, 0, 0, tzinfo=UTC)


def test_door_when_the_form_is_wrong_then_the_error_is_at_its_field(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointRequest(name={"en": "Gate"}), now)
    good = {"code": "south", "name-en": "South gate", "who": "everyone", "hall_id": "0", "room_id": "0"}
    wrong = {
        "code-error": good | {"code": "gate"},
        "name-en-error": good | {"name-en": ""},
        "closes_at-error": good | {"opens_at": "2027-05-26T18:00", "closes_at": "2027-05-26T08:00"},
        "capacity-error": good | {"capacity": "-1"},
    }
    answers = {field: organizer.post("/organizer/checkpoints/new", data=typed) for field, typed in wrong.items()}
    shown = {field: (each.status_code, f'id="{field}"' in each.text) for field, each in answers.items()}
    assert shown == dict.fromkeys(wrong, (422, True))
    assert "South gate" in answers["code-error"].text


def test_door_when_closed_and_opened_then_the_list_says_so(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointRequest(name={"en": "Gate"}), now)
    states = []
    for act in ("close", "open"):
        organizer.post(f"/organizer/checkpoints/gate/{act}")
        db.session.expire_all()
        states.append(get_checkpoint(edition.id, "gate").is_open)
    assert states == [False, True]


def test_doors_when_polled_then_only_the_changing_part(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "gate", CheckpointRequest(name={"en": "Gate"}), now)
    part = organizer.get("/organizer/checkpoints", headers=HTMX).text
    assert ("<html" in part, "Gate" in part) == (False, True)
