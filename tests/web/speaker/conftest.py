"""Fixtures of the speaker's pages: an open call, and people with their own test clients."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow
from tests.domains.proposals.makers import make_call, make_speaker
from tests.sessions import browser_of

Signed = tuple[Actor, FlaskClient]


@pytest.fixture
def call(edition: EditionFacts) -> CallRow:
    """A call that is open at the time of the pages."""
    return make_call(edition, utcnow(), introduction={"en": "**Tell** us."})


@pytest.fixture
def sign_in_speaker(app: Flask, edition: EditionFacts, now: datetime) -> Callable[..., Signed]:
    """Return a function that returns a new person and their test client."""

    def browser(email: str = "") -> Signed:
        speaker = make_speaker(now, email)
        return speaker, browser_of(app, speaker.id or 0)

    return browser
