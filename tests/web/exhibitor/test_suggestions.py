"""The visitors suggested to a company: only those who want to be found by exhibitors, only to its team."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.profiles.models import Profile
from expo.profiles.rules import Visibility
from tests.make import make_attendee
from tests.profiles import join_company, make_company, make_person
from tests.sessions import browser_of


def test_suggestions_when_visitors_match_then_only_those_who_agreed_and_dismissed_ones_go(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake Ltd", offers=("storage",), seeks=("consulting",))
    make_company(edition, now, "Other Ltd", offers=("storage",))
    seller, stranger = make_attendee(edition, now, name="Seller"), make_attendee(edition, now, name="Stranger")
    join_company(company, seller, now)
    for visibility in Visibility:
        attendee = {"name": f"Ann {visibility.value}", "email": f"{visibility.value}@secret.example"}
        make_person(edition, now, visibility, attendee, seeks=("storage",), offers=("consulting",))
    browser = browser_of(app, seller.attendee.person_id)

    page = browser.get("/en/exhibitor/lake-ltd/suggestions").text

    assert [f"Ann {each.value}" in page for each in Visibility] == [False, True, True]
    assert "Seeks what you offer: Storage and backup" in page
    assert "secret.example" not in page
    assert browser.get("/en/exhibitor/other-ltd/suggestions").status_code == 404
    assert browser_of(app, stranger.attendee.person_id).get("/en/exhibitor/lake-ltd/suggestions").status_code == 404
    keys = dict(db.session.execute(select(Profile.visibility, Profile.key)).all())
    gone = browser.post(f"/en/exhibitor/lake-ltd/suggestions/{keys['everyone']}/dismiss", follow_redirects=True).text
    assert "Ann everyone" not in gone
    assert browser.post(f"/en/exhibitor/lake-ltd/suggestions/{keys['nobody']}/dismiss").status_code == 404
    back = browser.post(f"/en/exhibitor/lake-ltd/suggestions/{keys['everyone']}/undo", follow_redirects=True).text
    assert "Ann everyone" in back
