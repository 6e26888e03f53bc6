"""A seat in the browser: taken, the session full, waited for, offered, accepted."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee, make_session

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _phone(browser: Browser, app: Flask, address: str, person_id: int) -> Page:
    # The worker of /me would show its own copy of the page where the server takes more than four seconds.
    context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    context.add_cookies([sign_in_cookie(app, address, person_id)])
    return context.new_page()


def test_seat_when_full_then_waited_for_offered_and_accepted(app: Flask, edition: EditionFacts) -> None:
    make_session(edition, seat_limit=1, starts_at=utcnow() + timedelta(days=9))
    people = [make_attendee(edition, utcnow(), name=name) for name in ("Ann", "Ben")]
    with serve(app) as address, open_browser() as browser:
        ann, ben = (_phone(browser, app, address, each.attendee.person_id) for each in people)
        ann.goto(f"{address}/en/sessions/data-lakes")
        expect(ann.get_by_text("1 of 1 seat left")).to_be_visible()
        ann.get_by_role("button", name="Take a seat").click()
        expect(ann.get_by_text("You have a seat", exact=True)).to_be_visible()

        ben.goto(f"{address}/en/sessions/data-lakes")
        expect(ben.get_by_text("The only seat is taken.")).to_be_visible()
        ben.get_by_role("button", name="Join waiting list").click()
        expect(ben.get_by_text("You are number 1.")).to_be_visible()

        ann.goto(f"{address}/en/me")
        ann.get_by_role("button", name="Release seat: Data lakes").click()
        expect(ann.get_by_text("Seat released.")).to_be_visible()
        ben.goto(f"{address}/en/me")
        ben.get_by_role("button", name="Accept seat").click()
        expect(ben.locator("#my-seats").get_by_text("You have a seat")).to_be_visible()
