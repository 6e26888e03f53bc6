"""The control room in a real browser: it follows a scan, says when it is cut off, and fits a phone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.rules import Direction
from expo.checkin.services.scans import scan
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition, make_current
from expo.infra.cache import get_recent
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.domains.checkin.doors import make_checkpoint, make_request, scanner
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee

pytestmark = pytest.mark.browser

INSIDE = '[data-zone="main"] [data-inside]'


@pytest.fixture
def today(app: Flask) -> EditionFacts:
    """An expo that takes place today, whatever the hour, with a checkpoint for 10 people."""
    assert app
    now = utcnow()
    edition_id = create_edition(
        SYSTEM,
        slug="today",
        title={"en": "Expo today"},
        starts_on=now.date() - timedelta(days=1),
        ends_on=now.date() + timedelta(days=1),
        time_zone="UTC",
        languages=["en"],
        city={"en": "Guiyang"},
        now=now,
    )
    make_current(SYSTEM, edition_id, now)
    edition = get_edition(edition_id)
    make_checkpoint(edition, now, capacity=10)
    return edition


@pytest.fixture
def page(app: Flask, today: EditionFacts) -> Iterator[Page]:
    """A phone with the control room as an organizer sees it, which polls when the test says so."""
    organizer = ensure_person("organizer@example.org", "Olga", "en", utcnow())
    grant_role(SYSTEM, today.id, organizer, Role.ORGANIZER, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        context.add_init_script("window.setInterval = (act) => { window.takeTurn = act; };")
        page = context.new_page()
        page.goto("/en/organizer/control-room")
        _wait_until_ready(page)
        yield page
        context.close()


def _wait_until_ready(page: Page) -> None:
    page.wait_for_function("() => document.documentElement.dataset.refresh === 'ready'")


def _take_turn(page: Page, edition: EditionFacts) -> None:
    """Do what the page does every second, with figures that are no longer cached."""
    get_recent().forget(("control_room", edition.id))
    page.evaluate("window.takeTurn()")


def _admit_one(edition: EditionFacts) -> None:
    now = utcnow()
    token = make_attendee(edition, now).token
    scan(scanner(edition), edition.id, make_request(token, scanned_at=now, direction=Direction.ENTRY), now)
    db.session.rollback()


def test_room_when_somebody_is_admitted_then_the_zone_and_the_site_follow(page: Page, today: EditionFacts) -> None:
    expect(page.locator(INSIDE)).to_have_text("0")
    _admit_one(today)

    _take_turn(page, today)

    expect(page.locator(INSIDE)).to_have_text("1")
    expect(page.locator("[data-site]")).to_have_text("1")
    expect(page.locator("[data-updated]")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_room_when_the_server_is_out_of_reach_then_said_until_it_answers_again(page: Page, today: EditionFacts) -> None:
    page.evaluate("() => { const late = Date.now() + 60_000; Date.now = () => late; }")
    page.context.set_offline(offline=True)
    _take_turn(page, today)
    expect(page.locator("[data-stale]")).to_be_visible()
    _wait_until_ready(page)

    page.context.set_offline(offline=False)
    _take_turn(page, today)

    expect(page.locator("[data-stale]")).to_be_hidden()


def test_screen_when_opened_then_dark_without_navigation_and_followed_by_the_same_figures(
    page: Page, today: EditionFacts
) -> None:
    page.get_by_role("link", name="Full screen").click()
    expect(page.locator(".live-screen")).to_be_visible()
    expect(page.locator(".shell-nav")).to_have_count(0)
    _wait_until_ready(page)
    _admit_one(today)

    _take_turn(page, today)

    expect(page.locator(INSIDE)).to_have_text("1")
    assert page.evaluate("getComputedStyle(document.querySelector('.live-screen')).backgroundColor") == "rgb(0, 0, 0)"
