"""Fixtures for attacks: an administrator who is also an attendee, and an attacker in each role."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Level, Role
from expo.accounts.services import create_admin, ensure_person, grant_role, set_password
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from tests.conftest import make_edition
from tests.emails import newest_link
from tests.make import MadeAttendee, make_attendee, make_ticket_type
from tests.sessions import browser_of

VICTIM = "chief@example.org"
PASSWORD = "the old oak by the river"
ATTACKERS_PASSWORD = "mine all mine from now on"
ATTACKER = "mallory@example.org"

ROLES = ("visitor", "attendee", "exhibitor", "steward", "organizer of another edition", "link session")


@dataclass(frozen=True)
class World:
    """The victim, the attacker, and the attacker's test client."""

    app: Flask
    edition: EditionFacts
    other_edition: EditionFacts
    victim_id: int
    victims_badge: MadeAttendee
    victims_browser: FlaskClient
    attacker_id: int | None
    attacker: FlaskClient


def make_world(app: Flask, role: str, now: datetime) -> World:
    """Return a world in which the attacker has this role. A link session comes from the victim's forwarded e-mail."""
    edition = make_edition(now)
    other = make_edition(now, slug="expo-2028", year=2028)
    badge = make_attendee(edition, now, name="Chief", email=VICTIM)
    if "visitor" not in {each.code for each in list_ticket_types(other.id, now)}:
        make_ticket_type(other, now)
    victim_id = create_admin(SYSTEM, VICTIM, now)
    set_password(SYSTEM, victim_id, PASSWORD, now)
    attacker_id, attacker = _attacker(app, role, edition, other, now)
    return World(app, edition, other, victim_id, badge, browser_of(app, victim_id), attacker_id, attacker)


def _attacker(
    app: Flask, role: str, edition: EditionFacts, other: EditionFacts, now: datetime
) -> tuple[int | None, FlaskClient]:
    if role == "visitor":
        return None, app.test_client()
    if role == "link session":
        browser = app.test_client()
        browser.post(newest_link(VICTIM))
        return None, browser
    make_attendee(edition, now, name="Mallory", email=ATTACKER)
    person_id = ensure_person(ATTACKER, "", "en", now)
    if role == "exhibitor":
        grant_role(SYSTEM, edition.id, person_id, Role.EXHIBITOR, now)
    if role == "steward":
        grant_role(SYSTEM, edition.id, person_id, Role.STEWARD, now)
    if role == "organizer of another edition":
        grant_role(SYSTEM, other.id, person_id, Role.ORGANIZER, now)
        return person_id, browser_of(app, person_id, other.id)
    return person_id, browser_of(app, person_id, level=Level.CONFIRMED)


@pytest.fixture(params=ROLES)
def world(request: pytest.FixtureRequest, app: Flask) -> World:
    """The world with an attacker of each role in turn."""
    return make_world(app, request.param, utcnow())
