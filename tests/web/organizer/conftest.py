"""Fixtures of the organizer's pages: people with a role, each with their own test client."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import create_admin, ensure_person, grant_role
from expo.editions.queries import EditionFacts
from tests.conftest import make_edition
from tests.sessions import browser_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask, edition: EditionFacts, now: datetime) -> SignIn:
    """Return a function that returns the test client of a person with these roles in the edition."""

    def browser(*roles: Role) -> FlaskClient:
        name = "-".join(role.value for role in roles) or "nobody"
        person_id = ensure_person(f"{name}@example.org", "", "en", now)
        for role in roles:
            grant_role(SYSTEM, edition.id, person_id, role, now)
        return browser_of(app, person_id)

    return browser


@pytest.fixture
def organizer(sign_in: SignIn) -> FlaskClient:
    """The test client of an organizer."""
    return sign_in(Role.ORGANIZER)


@pytest.fixture
def admin(app: Flask, edition: EditionFacts, now: datetime) -> FlaskClient:
    """The test client of an administrator."""
    return browser_of(app, create_admin(SYSTEM, "admin@example.org", now))


@pytest.fixture
def other_edition(edition: EditionFacts, now: datetime) -> EditionFacts:
    """Another expo besides the current one."""
    return make_edition(now, slug="expo-2028", year=2028)
