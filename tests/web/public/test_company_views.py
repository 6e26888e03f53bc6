"""Counting views of company pages: only from our own pages, once an hour per person, and not the company's team."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import PageView
from expo.infra.db import db
from tests.exhibitors import make_exhibitor, make_member
from tests.make import make_attendee
from tests.sessions import browser_of

FROM_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def path(app: Flask, edition: EditionFacts) -> str:
    return f"/exhibitors/{make_exhibitor(edition)}/views"


def views() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(PageView.count))) or 0


def test_view_when_reported_by_the_page_then_counted_and_nobody_is_stored(client: FlaskClient, path: str) -> None:
    for _ in range(2):
        assert client.post(path, headers=FROM_PAGE).status_code == 204

    assert views() == 2
    assert PageView.__table__.c.keys() == ["exhibitor_id", "hour_at", "count"]
    assert "Set-Cookie" not in client.post(path, headers=FROM_PAGE).headers


def test_view_when_sent_from_elsewhere_or_for_a_hidden_company_then_not_counted(
    client: FlaskClient, edition: EditionFacts, path: str
) -> None:
    hidden = make_exhibitor(edition, "Hidden", is_hidden=True)

    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert client.post(path).status_code == 400
    assert client.post(f"/exhibitors/{hidden}/views", headers=FROM_PAGE).status_code == 404

    assert views() == 0


def test_view_when_by_somebody_signed_in_then_once_an_hour_and_not_by_the_own_team(
    app: Flask, edition: EditionFacts, path: str, now: datetime
) -> None:
    visitor = browser_of(app, make_attendee(edition, now).attendee.person_id)
    member = browser_of(app, make_member(edition, "yunshang", now).id or 0)

    for browser in (visitor, visitor, member):
        assert browser.post(path, headers=FROM_PAGE).status_code == 204

    assert views() == 1
