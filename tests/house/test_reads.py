"""Viewing a page changes nothing: robots, link previews and impatient readers request it again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask
from werkzeug.routing import Rule

from expo.accounts.rules import SYSTEM
from expo.accounts.services import create_admin
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.queries import EditionFacts
from tests.make import make_attendee
from tests.query_counts import listen_to_statements
from tests.sessions import browser_of

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# Links in e-mails do something when they are opened, and opening them twice is doing it once.
# An export is written into the audit log.
NOTED = {
    "organizer_attendees.export",
    "organizer_attendees.print_badge",
    "desk_printing.send_badge",
    "organizer_emails.download_badge",
    "organizer_proposals.export",
    "organizer_exhibitor_services.export_all",
    "organizer_exhibitor_services.export_service",
    "organizer_discrepancies.export",
    "organizer_evacuation.export",
    "organizer_meetings.export_meetings",
}
ACTS_BY_LINK = {"public_registration.confirm", "public_registration.open_me", "sign_in.use_link"}


@contextmanager
def _writes_noted() -> Iterator[list[str]]:
    noted: list[str] = []

    def note(statement: str) -> None:
        if WRITES.match(statement):
            noted.append(statement.split("(", maxsplit=1)[0].strip())

    with listen_to_statements(note):
        yield noted


def _path(rule: Rule, values: dict[str, str]) -> str:
    def fill(place: re.Match[str]) -> str:
        return place[1] or values.get(f"{rule.endpoint}:{place[3]}", values.get(place[3], "1"))

    return re.sub(r"<(?:any\(([^,)]+)[^>]*|(?:([^:>]+):)?([^>]+))>", fill, rule.rule)


def test_pages_when_looked_at_by_somebody_who_may_see_all_then_none_writes(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    attendee = make_attendee(edition, now)
    create_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "Main door"}), now)
    browser = browser_of(app, create_admin(SYSTEM, "admin@example.org", now))
    values = {
        "code": attendee.code,
        "organizer_checkpoints.edit:code": "main",
    }
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    rules = [rule for rule in rules if rule.endpoint not in ACTS_BY_LINK | NOTED]
    wrote, seen = {}, 0

    for rule in rules:
        with _writes_noted() as noted, browser.get(_path(rule, values)) as answer:
            seen += answer.status_code == 200
        if noted:
            wrote[rule.endpoint] = noted

    assert wrote == {}
    assert seen > 50
