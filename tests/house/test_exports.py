"""Personal data leave the product only with a line in the audit log."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_admin
from expo.api.v1 import v1
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.infra.jobs import drain
from tests.api.calls import Api, make_token
from tests.house.test_reads import _path
from tests.make import make_attendee, make_registration
from tests.sessions import browser_of

FILES = ("text/csv", "application/vnd", "application/pdf", "application/zip")
# Files without people in them, or with those whom visitors see too.
PUBLIC = {
    "organizer_program.export",
    "organizer_exhibitors.export",
    "organizer_exhibitor_reports.export",
    "organizer_topics.export",
    "organizer_venue.export",
    "organizer_checkpoints.export",
    "organizer_feedback.export_feedback",
    "organizer_devices.export",
    "organizer_zones.export",
    "organizer_add_ons.export",
    "organizer_arrivals.export",
    "organizer_attendance.export",
}


def _exports() -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action.like("export.%"))
    return db.session.scalar(query) or 0


def test_files_when_organizers_download_them_then_each_with_people_in_it_is_noted(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    make_registration(edition, now)
    drain(now)
    browser = browser_of(app, create_admin(SYSTEM, "admin@example.org", now))
    files, noted = set(), set()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("organizer_") or "GET" not in (rule.methods or ()):
            continue
        before = _exports()
        with browser.get(_path(rule, {"code": attendee.code})) as answer:
            if (answer.mimetype or "").startswith(FILES):
                files.add(rule.endpoint)
        if _exports() > before:
            noted.add(rule.endpoint)

    assert {"organizer_attendees.export", "organizer_attendees.print_badge"} <= files
    assert files - PUBLIC == noted


def test_people_when_read_by_the_api_then_every_page_is_noted(app: Flask, edition: EditionFacts, now: datetime) -> None:
    code = make_attendee(edition, now).code
    make_attendee(edition, now)
    api = Api(app, make_token(edition))
    about_people = [
        each.path for each in v1.declared if each.method == "GET" and each.permission is Permission.ATTENDEES_READ
    ]
    noted = {}

    for path in about_people:
        before = _exports()
        assert api.get(path.replace("<id>", code)).status_code == 200
        noted[path] = _exports() - before
    cursor = api.get("/attendees", limit=1).get_json()["next"]
    before = _exports()
    api.get("/attendees", limit=1, cursor=cursor)

    assert noted == dict.fromkeys(about_people, 1)
    assert {"/attendees", "/attendees/<id>"} <= set(noted)
    assert _exports() - before == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "attendees", "-o", "{folder}/people.csv", "--format", "csv"],
        ["badges", "render", "-o", "{folder}/badges.pdf"],
        ["token", "list"],
        ["backup", "{folder}/backup"],
    ],
)
def test_people_when_a_command_gives_them_out_then_it_is_noted(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path, arguments: list[str]
) -> None:
    make_attendee(edition, now)

    result = app.test_cli_runner().invoke(args=["expo", *(each.format(folder=tmp_path) for each in arguments)])

    assert (result.exit_code, _exports()) == (0, 1), result.output
