"""A meeting in the browser: requested on a phone, other times proposed, accepted, and in both calendars."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.camera import camera_arguments, qr_picture, write_film
from tests.make import make_attendee
from tests.meetings import make_company, make_meeting

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _phone(browser: Browser, app: Flask, address: str, person_id: int) -> Page:
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    context.add_cookies([sign_in_cookie(app, address, person_id)])
    return context.new_page()


def test_visitor_when_the_camera_sees_the_badge_then_is_checked_in_and_typing_works_without_it(
    app: Flask, edition: EditionFacts, tmp_path: Path
) -> None:
    now = utcnow()
    ann, rep = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Rui")
    company = make_company(edition, now, attendees=(rep,))
    row = make_meeting(edition, ann, company, now)
    with atomic():
        meeting = db.session.get_one(Meeting, row.id)
        meeting.starts_at, meeting.ends_at = now, now + timedelta(minutes=25)
    film = write_film(tmp_path / "badge.mjpeg", [qr_picture(ann.token)])
    with serve(app) as address, open_browser(camera_arguments(film)) as browser:
        phone = _phone(browser, app, address, rep.attendee.person_id)
        phone.goto(f"{address}/en/exhibitor/{company.slug}/meetings")
        phone.get_by_role("link", name="Scan badges").click()
        expect(phone.locator("html")).to_have_attribute("data-booth", "ready")
        phone.get_by_label("Badge code").fill("NOBODY22")
        phone.get_by_role("button", name="Check in").click()
        expect(phone.locator("#refused-advice")).to_contain_text("Nobody with this badge has a meeting with you now")
        phone.locator("#refused-next").click()
        assert phone.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")

        phone.get_by_role("button", name="Start scanning").click()
        expect(phone.locator("#arrived-text")).to_have_text("Ann is checked in.")
        phone.get_by_role("link", name="View meeting").click()
        expect(phone.get_by_text("Took place")).to_be_visible()


def read_calendar_of(page: Page, address: str) -> str:
    """Turn on the calendar feed of the page's owner, and return what a calendar app reads there."""
    page.goto(f"{address}/en/me")
    page.get_by_role("button", name="Create calendar address").click()
    expect(page.get_by_text("Your calendar address is ready.")).to_be_visible()
    found = re.search(r"/calendar/[^\"<]+\.ics", page.content())
    assert found is not None
    return page.request.get(address + found[0]).text()


def test_meeting_when_other_times_are_proposed_and_accepted_then_is_in_both_calendars(
    app: Flask, edition: EditionFacts
) -> None:
    now = utcnow() - timedelta(minutes=1)
    ann, rep = make_attendee(edition, now, name="Ann"), make_attendee(edition, now, name="Rui")
    company = make_company(edition, now, attendees=(rep,))
    with serve(app) as address, open_browser() as browser:
        visitor = _phone(browser, app, address, ann.attendee.person_id)
        team = _phone(browser, app, address, rep.attendee.person_id)
        visitor.goto(f"{address}/en/exhibitors/{company.slug}")
        visitor.get_by_role("link", name="Request a meeting").click()
        visitor.get_by_label("What would you like to talk about?").fill("Exchange of open data")
        visitor.get_by_label("09:00").first.check(force=True)
        visitor.get_by_role("button", name="Send request").click()
        expect(visitor.get_by_text("Awaiting an answer")).to_be_visible()
        visitor.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")

        team.goto(f"{address}/en/exhibitor/{company.slug}/meetings")
        team.get_by_role("link", name="Ann").click()
        expect(team.get_by_text("Exchange of open data")).to_be_visible()
        team.get_by_text("Propose other times", exact=True).click()
        team.locator("input[name=times][value*='T10:30']").first.check(force=True)
        team.get_by_role("button", name="Propose times").click()
        expect(team.get_by_text("Times proposed.")).to_be_visible()

        visitor.reload()
        visitor.locator("input[name=starts_at]").check(force=True)
        visitor.get_by_role("button", name="Accept").click()
        expect(visitor.get_by_text("The meeting is scheduled.")).to_be_visible()

        calendars = [read_calendar_of(page, address) for page in (visitor, team)]
    assert [re.findall(r"(?:SUMMARY|DTSTART;TZID=[^:]+):(.+)\r", text) for text in calendars] == [
        ["20270526T103000", "Data Valley"],
        ["20270526T103000", "Ann"],
    ]
