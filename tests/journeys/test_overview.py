"""The overview keeps itself up to date in a real browser, except for the piece that somebody is working in."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, Response, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee

pytestmark = pytest.mark.browser

CONFIRMED = ".stat-grid .stat:first-child .stat-value"


@pytest.fixture
def page(app: Flask, edition: EditionFacts) -> Iterator[Page]:
    """The overview as an organizer sees it, with one attendee."""
    now = utcnow()
    organizer = ensure_person("organizer@example.org", "Olga", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)
    make_attendee(edition, now, email="a@example.org")
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        # Its turns come when the test says so.
        context.add_init_script("window.setInterval = (act) => { window.takeTurn = act; };")
        page = context.new_page()
        page.goto("/en/organizer/")
        _wait_until_ready(page)
        yield page
        context.close()


def _register_one_more(edition: EditionFacts, number: int) -> None:
    make_attendee(edition, utcnow(), email=f"{number}@example.org")
    db.session.rollback()


def _take_turn(page: Page) -> None:
    """Do what the page does every few seconds."""
    page.evaluate("window.takeTurn()")


def _wait_until_ready(page: Page) -> None:
    page.wait_for_function("() => document.documentElement.dataset.refresh === 'ready'")


def _is_part(answer: Response) -> bool:
    return answer.request.headers.get("hx-request") == "true"


def test_overview_when_somebody_registers_then_the_figures_follow_and_charts_are_drawn(
    page: Page, edition: EditionFacts
) -> None:
    expect(page.locator(CONFIRMED)).to_have_text("1")
    expect(page.locator("#registrations .u-legend")).to_contain_text("Cumulative")
    _register_one_more(edition, 2)

    _take_turn(page)

    expect(page.locator(CONFIRMED)).to_have_text("2")
    expect(page.locator("#registrations .u-legend")).to_have_count(1)
    expect(page.locator("#registrations .u-legend")).to_contain_text("Cumulative")
    page.wait_for_function(
        "() => new Set(['body', '.u-legend'].map((each) => getComputedStyle(document.querySelector(each)).fontFamily))"
        ".size === 1"
    )


def test_overview_when_hidden_then_asks_for_nothing_and_when_nothing_changed_for_no_content(
    page: Page, edition: EditionFacts
) -> None:
    asked: list[int] = []
    page.on("response", lambda answer: asked.append(answer.status) if _is_part(answer) else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    _take_turn(page)
    page.evaluate("delete document.hidden")
    with page.expect_response(_is_part):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    _wait_until_ready(page)
    with page.expect_response(_is_part):
        _take_turn(page)
    _wait_until_ready(page)

    assert asked == [200, 304]


def test_overview_when_somebody_works_in_a_piece_then_it_stays_until_they_leave(
    page: Page, edition: EditionFacts
) -> None:
    page.locator(f"{CONFIRMED} a").focus()
    _register_one_more(edition, 2)
    with page.expect_response(_is_part):
        _take_turn(page)
    _wait_until_ready(page)
    expect(page.locator(f"{CONFIRMED} a")).to_be_focused()
    expect(page.locator(CONFIRMED)).to_have_text("1")

    page.locator(f"{CONFIRMED} a").blur()
    _register_one_more(edition, 3)
    _take_turn(page)

    expect(page.locator(CONFIRMED)).to_have_text("3")
