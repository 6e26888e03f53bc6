"""A company with a visitor at its booth, as the pages of leads need it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.leads.queries import LeadRow, list_leads
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import MadeAttendee, make_attendee
from tests.sessions import browser_of


@dataclass(frozen=True)
class Booth:
    """A company, a member of its team with a browser, and a visitor."""

    app: Flask
    edition: EditionFacts
    slug: str
    member: Actor
    visitor: MadeAttendee
    browser: FlaskClient

    @property
    def leads(self) -> list[LeadRow]:
        return list_leads(exhibitor_id_of(self.edition, self.slug), self.edition.zone)

    @property
    def path(self) -> str:
        return f"/en/exhibitor/{self.slug}/leads"

    def scan(self, token: str | None = None, **values: Any) -> TestResponse:
        return self.browser.post(
            f"{self.path}/scan/scans", json={"scans": [scan_body(token or self.visitor.token, **values)]}
        )

    def browser_of(self, actor: Actor) -> FlaskClient:
        assert actor.id is not None
        return browser_of(self.app, actor.id)


def scan_body(token: str, **values: Any) -> dict[str, Any]:
    """Return a scan as a device sends it."""
    moment = (utcnow() - timedelta(seconds=5)).isoformat()
    return {"scan_id": str(uuid4()), "token": token, "scanned_at": moment, "changed_at": moment, **values}


def make_booth(app: Flask, edition: EditionFacts, now: datetime, name: str = "Yunshang") -> Booth:
    """Make a company with a team of one, and a visitor who works elsewhere."""
    slug = make_exhibitor(edition, name)
    member = make_member(edition, slug, now)
    visitor = make_attendee(edition, now, name="王芳", company="Dataflow", job_title="CTO", email=f"fang@{slug}.test")
    assert member.id is not None
    return Booth(app, edition, slug, member, visitor, browser_of(app, member.id))
