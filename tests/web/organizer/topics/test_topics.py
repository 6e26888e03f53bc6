"""The organizer's pages of topics."""

import io
from datetime import datetime

from flask import Flask

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import list_topics
from tests.sessions import browser_of


def test_topics_when_added_changed_undone_and_imported_then_listed(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    browser = browser_of(app, person_id, edition.id)
    assert "Databases" in browser.get("/en/organizer/topics").text

    browser.post("/en/organizer/topics/new", data={"names-en": "Tape robots", "parent": "storage", "keywords": "LTO"})
    added = browser.get("/en/organizer/topics?q=tape").text
    assert "Tape robots" in added
    assert "Databases" not in added
    assert "LTO".lower() in browser.get("/en/organizer/topics/tape-robots/edit").text

    wrong = browser.post("/en/organizer/topics/tape-robots/edit", data={"names-en": "Tape", "parent": "nowhere"})
    assert wrong.status_code == 422
    assert "Choose another place for it." in wrong.text
    assert browser.get("/en/organizer/topics/nonsense/edit").status_code == 404

    assert "hide it instead" in browser.get("/en/organizer/topics/tape-robots/reset").text
    browser.post("/en/organizer/topics/tape-robots/reset")
    assert "tape-robots" not in list_topics(edition.id).codes

    file = browser.get("/en/organizer/topics/export.csv").data.replace(b"Databases", b"Data bases")
    browser.post("/en/organizer/topics/import", data={"file": (io.BytesIO(file), "topics.csv")})
    assert list_topics(edition.id).name("databases", "en") == "Data bases"
    assert list_topics(edition.id).name("databases", "zh") == "数据库"


def test_topics_when_the_viewer_may_not_manage_exhibitors_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    person_id = ensure_person("desk@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.DESK, now)

    assert browser_of(app, person_id, edition.id).get("/en/organizer/topics").status_code == 403
