"""An organizer's browser uploads hostile files: each is refused, and the process that parses it is not this one."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.exhibitors.queries import count_exhibitors
from expo.imports.queries import list_runs
from expo.imports.rules import RunState
from expo.infra.clock import utcnow
from expo.infra.jobs import drain
from expo.program.queries import count_sessions
from tests.conftest import make_edition
from tests.formats.bombs import far_cell_xlsx
from tests.sessions import browser_of

pytestmark = pytest.mark.usefixtures("confined_parsers")

LAUGHS = b'<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><schedule><title>&b;</title></schedule>'
FILES = {
    "a cell at the last place": far_cell_xlsx(),
    "entities": LAUGHS,
    "nested without end": b"[" * 200_000,
    "a page": b"<!doctype html><script>alert(1)</script>",
    "NUL": b"\x00" * 5_000,
}


@pytest.fixture
def organizer(app: Flask) -> FlaskClient:
    now = utcnow()
    edition = make_edition(now)
    person_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    return browser_of(app, person_id, edition.id)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("path", [f"/organizer/{section}imports/new" for section in ("", "program/", "exhibitors/")])
def test_upload_when_hostile_then_the_run_says_why(organizer: FlaskClient, path: str, name: str) -> None:
    answer = organizer.post(path, data={"file": (io.BytesIO(FILES[name]), "file")})
    drain(utcnow())

    [run] = list_runs(1)
    page = organizer.get(answer.location)
    assert (answer.status_code, page.status_code) == (302, 200)
    assert run.counts.added == 0
    assert run.state is RunState.FAILED or run.report["missing"]
    assert (count_sessions(1), count_exhibitors(1)) == (0, 0)
