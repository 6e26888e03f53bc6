"""Personal data leave the product only with a line in the audit log."""

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from expo.infra.jobs import drain
from tests.house.test_reads import _path
from tests.make import make_attendee, make_registration
from tests.web.organizer.conftest import browser_of

FILES = ("text/csv", "application/vnd", "application/pdf", "application/zip")
# What visitors may download too.
PUBLIC = {"organizer_program.export", "organizer_exhibitors.export"}


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
            if answer.mimetype.startswith(FILES):
                files.add(rule.endpoint)
        if _exports() > before:
            noted.add(rule.endpoint)

    assert {"organizer_people.export", "organizer_people.print_badge"} <= files
    assert files - PUBLIC == noted
