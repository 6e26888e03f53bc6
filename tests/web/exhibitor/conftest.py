"""Fixtures of the exhibitor's pages: a company and members with their own test clients."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import CompanyRecord
from expo.exhibitors.rules import MemberRole
from tests.conftest import make_edition
from tests.domains.exhibitors.makers import make_company, make_member
from tests.sessions import browser_of

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> CompanyRecord:
    """A company that exhibits."""
    return make_company(edition, now, "Guiyang Data")


@pytest.fixture
def other_edition(edition: EditionFacts, now: datetime) -> EditionFacts:
    """Another expo besides the current one."""
    return make_edition(now, slug="expo-2028", year=2028)


@pytest.fixture
def sign_in_member(app: Flask, edition: EditionFacts, now: datetime) -> SignIn:
    """Return a function that returns the test client of a new member of a company."""

    def browser(company: CompanyRecord, role: MemberRole = MemberRole.OWNER, email: str = "") -> FlaskClient:
        actor, _member = make_member(edition, company, now, role, email)
        return browser_of(app, actor.id or 0)

    return browser


@pytest.fixture
def owner(company: CompanyRecord, sign_in_member: SignIn) -> FlaskClient:
    """The test client of the company's owner."""
    return sign_in_member(company, MemberRole.OWNER, "owner@example.org")
