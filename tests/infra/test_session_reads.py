"""What a session costs a request: one read by an index, and no write."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from expo.accounts.rules import SYSTEM, Level, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.query_counts import listen_to_statements
from tests.sessions import browser_of


@pytest.mark.parametrize(
    ("path", "level"), [("/", Level.LINK), ("/account", Level.SIGNED_IN), ("/organizer/", Level.CONFIRMED)]
)
def test_session_when_a_page_is_asked_for_then_one_read(
    each_app: Flask, edition: EditionFacts, now: datetime, path: str, level: Level
) -> None:
    person_id = ensure_person("li@example.org", "Li", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    browser = browser_of(each_app, person_id, level=level)
    said: list[str] = []

    def note(statement: str) -> None:
        if "user_session.digest" in statement or statement.startswith(("INSERT", "UPDATE", "DELETE")):
            said.append(statement.split(maxsplit=1)[0])

    with listen_to_statements(note):
        answer = browser.get(path)

    assert (answer.status_code, said) == (200, ["SELECT"])


def test_session_when_looked_up_then_by_its_index(app: Flask) -> None:
    plan = db.session.execute(
        text("EXPLAIN QUERY PLAN SELECT * FROM user_session JOIN person ON person.id = person_id WHERE digest = x'00'")
    ).all()

    steps = [row.detail for row in plan]
    assert [step.split()[0] for step in steps] == ["SEARCH", "SEARCH"], steps
