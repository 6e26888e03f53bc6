"""A gate's list on paper has who may enter there, and only goes to somebody who confirmed who they are."""

from datetime import datetime
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from tests.documents.papers import words
from tests.make import make_attendee, make_registration, make_ticket_type
from tests.sessions import browser_of


def _browser(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    person_id = ensure_person("desk@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.DESK, now)
    return browser_of(app, person_id)


def test_list_when_prepared_then_has_the_people_of_the_gates_tickets(
    app: Flask, edition: EditionFacts, other_edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    press = make_ticket_type(edition, now, "press")
    made = [make_attendee(edition, now, "press", name=name) for name in ("张伟", "Åsa Öberg", "Zoë Adams")]
    make_attendee(edition, now, "visitor", name="Visitor Vera")
    make_attendee(other_edition, now, "press", name="Other Otto")
    make_registration(edition, now)
    request = CheckpointRequest({"en": "Press door"}, ticket_type_ids=frozenset({press.id}))
    create_checkpoint(SYSTEM, edition.id, "press", request, now)
    browser = _browser(app, edition, now)

    shown = browser.get("/desk/lists").text
    started = browser.post("/desk/lists/press")
    drain(utcnow())
    ready = browser.get(started.location).text
    file = browser.get(f"{started.location}/file")
    text = words(file.data, tmp_path)

    assert "3 people" in shown
    assert ("Back to the paper lists" in ready, "Export attendees" in ready) == (True, False)
    assert file.mimetype == "application/pdf"
    assert [name for name in ("Öberg", "Adams", "张伟", "Vera", "Otto") if name in text] == ["Öberg", "Adams", "张伟"]
    assert text.index("Öberg") < text.index("张伟") < text.index("Adams")
    assert all(f"{each.code[:4]}-{each.code[4:]}" in text for each in made)
    exported = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "export.gate_list")).all()
    assert [each["checkpoint"] for each in exported] == ["press"]


def test_list_when_the_checkpoint_is_of_another_edition_then_missing(
    app: Flask, edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, other_edition.id, "theirs", CheckpointRequest({"en": "Theirs"}), now)

    assert _browser(app, edition, now).post("/desk/lists/theirs").status_code == 404
