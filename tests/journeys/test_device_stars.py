"""Stars before signing in: kept on the device, shown as a schedule, and merged once the person is signed in."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.program.queries import list_agenda
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee, make_session

pytestmark = [pytest.mark.browser, pytest.mark.long]

PLACE = "(element) => element.getBoundingClientRect().top + scrollY"
TAKES_NO_TAPS = """(message) => {
  const { left, top, height } = message.getBoundingClientRect();
  return !message.contains(document.elementFromPoint(left + 4, top + height / 2));
}"""


def test_stars_when_set_before_signing_in_then_survive_it_and_leave_the_device(
    app: Flask, edition: EditionFacts
) -> None:
    at = utcnow() + timedelta(days=9)
    make_session(edition, "One", starts_at=at)
    make_session(edition, "Two", starts_at=at + timedelta(minutes=30))
    make_session(edition, "Three", starts_at=at + timedelta(hours=3))
    ann = make_attendee(edition, utcnow(), name="Ann")
    stored = f"localStorage.getItem('expo-stars {edition.slug}')"
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
        page = context.new_page()
        page.goto(f"{address}/en/sessions/one")
        page.get_by_role("button", name="Add to my schedule").click()
        expect(page.get_by_role("button", name="Remove from my schedule")).to_be_visible()
        page.goto(f"{address}/en/program/search?q=t")
        heading = page.get_by_role("heading", level=1)
        before, message = heading.evaluate(PLACE), page.locator("[data-flash]")
        for title, said in (("Two", "Overlaps with: One"), ("Three", "Added to your schedule on this device.")):
            star = page.get_by_role("button", name=f"My schedule: {title}")
            star.click()
            expect(star).to_have_attribute("aria-pressed", "true")
            expect(message).to_contain_text(said)
            if title == "Two":  # a warning, which stays until it is closed
                assert heading.evaluate(PLACE) == before
                assert message.evaluate(TAKES_NO_TAPS)
                message.get_by_role("button", name="Close").click()
                expect(message).to_have_count(0)
        page.get_by_role("button", name="My schedule: Three").click()
        expect(page.get_by_role("button", name="My schedule: Three")).to_have_attribute("aria-pressed", "false")
        page.get_by_role("link", name="View my schedule").click()
        expect(page.get_by_text("Overlaps with: Two")).to_be_visible()
        expect(page.get_by_role("button", name="My schedule: Two")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate(stored) == '["one","two"]'

        context.add_cookies([sign_in_cookie(app, address, ann.attendee.person_id)])
        page.goto(f"{address}/en/me")
        page.wait_for_function(f"() => {stored} === null")
        expect(page.get_by_role("button", name="My schedule: One")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="My schedule: Two")).to_have_attribute("aria-pressed", "true")
        context.close()
    db.session.rollback()
    assert [each.slug for each in list_agenda(ann.id, edition.id)] == ["one", "two"]


def test_seat_when_it_is_taken_while_stars_are_merged_then_the_click_counts(app: Flask, edition: EditionFacts) -> None:
    at = utcnow() + timedelta(days=9)
    make_session(edition, "One", starts_at=at, seat_limit=1)
    make_session(edition, "Two", starts_at=at + timedelta(hours=3))
    ann = make_attendee(edition, utcnow(), name="Ann")
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.goto(f"{address}/en/sessions/two")
        page.get_by_role("button", name="Add to my schedule").click()
        expect(page.get_by_role("button", name="Remove from my schedule")).to_be_visible()
        context.add_cookies([sign_in_cookie(app, address, ann.attendee.person_id)])
        held: dict[str, Route] = {}
        page.route("**/me/stars/merge", lambda route: held.update(merge=route))
        page.route("**/me/seats", lambda route: held.update(seat=route))
        with page.expect_request("**/me/stars/merge"):
            page.goto(f"{address}/en/sessions/one")
        with page.expect_request("**/me/seats"):
            page.get_by_role("button", name="Take a seat").click(no_wait_after=True)
        with page.expect_event("requestfinished", lambda each: "/merge" in each.url):
            held["merge"].continue_()
        held["seat"].continue_()
        expect(page.get_by_text("You have a seat", exact=True)).to_be_visible()
