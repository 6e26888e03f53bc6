"""Test clients of signed-in people, without going through the sign-in pages."""

from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import CONFIRMED_FOR, Level, SignInWay
from expo.accounts.services.sessions import start_session
from expo.infra.clock import utcnow
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE


def browser_of(
    app: Flask, person_id: int, edition_id: int | None = None, *, level: Level = Level.CONFIRMED
) -> FlaskClient:
    """Return a test client in which a person has a session of this level and has chosen an edition."""
    browser = app.test_client()
    secret = begin_session_of(person_id, level)
    with browser.session_transaction() as session:
        session[SECRET_KEY_IN_COOKIE] = secret
        if edition_id is not None:
            session["edition"] = edition_id
    return browser


def begin_session_of(person_id: int, level: Level = Level.CONFIRMED, now: datetime | None = None) -> str:
    """Begin a session of this level and return its secret; one without confirmation began some time ago."""
    moment = now or utcnow()
    if level is Level.SIGNED_IN:
        moment -= CONFIRMED_FOR + timedelta(seconds=1)
    stored = min(level, Level.SIGNED_IN)
    way = SignInWay.ME_LINK if stored is Level.LINK else SignInWay.PASSWORD
    return start_session(person_id, Level(stored), way, moment)
