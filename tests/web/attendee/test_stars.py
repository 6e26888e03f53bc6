"""Stars from a device are merged into the schedule; clashes, short walks and alternatives are shown."""

from datetime import datetime, timedelta

from flask import Flask

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.program.queries import list_agenda
from tests.make import make_attendee, make_room, make_session
from tests.sessions import browser_of


def test_merge_when_repeated_then_adds_once_and_skips_unknown_sessions_and_drafts(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for title in ("One", "Two", "Three"):
        make_session(edition, title)
    make_session(edition, "Hidden", state="draft")
    made = make_attendee(edition, now)
    browser = browser_of(app, made.attendee.person_id)
    browser.post("/en/me/stars", data={"add": "three"})

    answers = [
        browser.post("/en/me/stars/merge", data={"session": ["one", "two", "hidden", "gone"]}).get_json()
        for _ in range(2)
    ]

    assert answers == [{"added": 2}, {"added": 0}]
    assert {each.slug for each in list_agenda(made.id, edition.id)} == {"one", "two", "three"}


def test_merge_when_the_person_has_no_registration_then_404_so_that_the_device_keeps_its_stars(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, "One")
    made = make_attendee(edition, now)
    browser = browser_of(app, made.attendee.person_id)
    browser.post(f"/en/me/{made.code}/cancel")

    assert browser.post("/en/me/stars/merge", data={"session": "one"}).status_code == 404


def test_own_sessions_when_asked_for_by_a_device_then_shows_clashes_walks_and_alternatives(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_a, hall_b = make_room(edition, now, "A1", "Hall A"), make_room(edition, now, "B1", "Hall B")
    at = utcnow() + timedelta(days=9)
    make_session(edition, "One", starts_at=at, room_id=hall_a)
    make_session(edition, "Two", starts_at=at + timedelta(minutes=30), minutes=40, room_id=hall_a)
    make_session(edition, "Three", starts_at=at + timedelta(minutes=75), room_id=hall_b)
    make_session(edition, "Two", slug="two-again", starts_at=at + timedelta(hours=5), room_id=hall_a)
    make_session(edition, "Two", slug="two-full", starts_at=at + timedelta(hours=7), room_id=hall_a, seat_limit=0)
    make_session(edition, "Two", slug="two-hidden", starts_at=at + timedelta(hours=5), state="draft")
    make_session(edition, "Past", starts_at=utcnow() - timedelta(days=2))
    make_session(edition, "Running", starts_at=utcnow() - timedelta(minutes=5), minutes=600)

    slugs = ("one", "two", "three", "gone", "past", "running")
    page = app.test_client().get("/en/program/mine/sessions", query_string={"session": slugs}).text

    assert "Overlaps with: Two" in page
    assert "Overlaps with: One" in page
    assert "Little time to walk: Two ends in another hall less than 10 minutes before." in page
    assert "/en/sessions/two-again" in page
    assert ("two-hidden" in page, "two-full" in page) == (False, False)
    assert (page.count("1 session is over"), page.count("On now")) == (1, 1)


def test_own_schedule_when_signed_in_then_leads_to_the_own_page(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    browser = browser_of(app, make_attendee(edition, now).attendee.person_id)

    assert app.test_client().get("/en/program/mine").status_code == 200
    assert browser.get("/en/program/mine").headers["Location"] == "/en/me#schedule"
