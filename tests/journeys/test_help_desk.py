"""A shift at the help desk, in a real browser: a misspelt name, a wrong address, a scanned badge, a walk-in."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import (
    attendee_request,
    make_attendee,
    make_edition_of_today,
    make_registration,
    make_ticket_type,
    order_request,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]

# A page in place of the badge, which notes that it is printed.
PRINTED_BADGE = "<body><script>print = () => { document.body.dataset.printed = 'yes'; };</script>"


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An expo that is open today, with two tickets and a checkpoint."""
    now = utcnow()
    edition = make_edition_of_today(now)
    make_ticket_type(edition, now, name={"en": "Visitor", "zh": "观众"})
    make_ticket_type(edition, now, "delegate", places=5, price_cents=9900, name={"en": "Delegate", "zh": "代表"})
    make_ticket_type(edition, now, "press", requires_approval=True, name={"en": "Press", "zh": "媒体"})
    make_checkpoint(edition, now)
    return edition


def test_desk_when_people_come_to_the_counter_then_each_is_helped(app: Flask, open_edition: EditionFacts) -> None:
    now = utcnow()
    make_registration(
        open_edition,
        now,
        order_request(attendee_request(name="Siân O'Brien", country="IE"), email="sian@exmaple.org"),
    )
    make_attendee(open_edition, now, name="Ewan MacDonald", country="GB", company="Highland Data")
    scanned = make_attendee(open_edition, now, name="Scanned Sam", company="Quick Systems")
    desk = ensure_person("desk@example.org", "", "en", now)
    grant_role(SYSTEM, open_edition.id, desk, Role.DESK, now)

    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, desk)])
        page = context.new_page()
        _help_with_wrong_address(page)
        _exchange_ticket_pay_and_check_in(page)
        _open_by_handheld_scanner(page, scanned.token)
        _register_walk_in_by_keyboard(page)
        _print(page)


def _find(page: Page, q: str, name: str) -> None:
    page.goto("/en/desk")
    expect(page.locator("#desk-q")).to_be_focused()
    page.keyboard.type(q)
    page.locator("#desk-results").get_by_role("link", name=name).click()


def _help_with_wrong_address(page: Page) -> None:
    _find(page, "obrian", "Siân O'Brien")
    page.get_by_role("link", name="Correct e-mail address").click()
    page.get_by_label("E-mail address").fill("sian@example.org")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("[data-flashes]")).to_contain_text("sian@example.org")
    page.get_by_role("button", name="Confirm registration").click()
    expect(page.locator(".desk-facts")).to_contain_text("Confirmed")


def _exchange_ticket_pay_and_check_in(page: Page) -> None:
    _find(page, "mac donald", "Ewan MacDonald")
    page.get_by_role("link", name="Change ticket").click()
    page.get_by_label("Delegate").check()
    page.get_by_role("button", name="Change ticket").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Delegate")
    page.get_by_label("Cash").check()
    page.get_by_label("Receipt number").fill("R 17")
    page.get_by_role("button", name="Mark order as paid").click()
    expect(page.locator(".desk-facts")).to_contain_text("Paid or free")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.locator("[data-flashes]")).to_contain_text("Ewan MacDonald checked in.")
    expect(page.locator(".desk-facts")).to_contain_text("1 entry today")


def _open_by_handheld_scanner(page: Page, token: str) -> None:
    page.goto("/en/desk")
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    expect(page.locator("#desk-q")).to_be_focused()
    page.keyboard.type(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Scanned Sam")).to_be_visible()
    assert not [address for address in addresses if token[-40:] in address]


def _register_walk_in_by_keyboard(page: Page) -> None:
    """From the empty form to the badge in the queue without a mouse: what is typed, eight tabs, two arrows, Enter."""
    page.goto("/en/desk/walk-in")
    expect(page.locator("#name")).to_be_focused()
    for text in ("Ewan Macdonald", "Highland  data", "ewan@example.org", "United K"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".callout-warning")).to_contain_text("Ewan MacDonald")
    page.locator("#name").fill("Mairi Macdonald")
    page.locator("#name").press("Enter")
    expect(page.locator("[data-flashes]")).to_contain_text("Mairi Macdonald registered. The badge is being printed.")
    expect(page.locator("[data-flashes]")).to_contain_text("Mairi Macdonald checked in.")
    facts = page.locator(".desk-facts")
    expect(facts).to_contain_text("Delegate")
    expect(facts).to_contain_text("Paid or free")
    expect(facts).to_contain_text("Badge is being printed")


def _print(page: Page) -> None:
    # Without a window there is no print dialog: printing a PDF all the same has crashed Chromium.
    page.route("**/badge.pdf", lambda route: route.fulfill(content_type="text/html", body=PRINTED_BADGE))
    page.goto("/en/desk/print")
    expect(page.get_by_role("button", name="Print the next badge")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Mairi Macdonald")).to_be_visible()
    expect(page.frame_locator("[data-print-badge]").locator("body[data-printed]")).to_be_attached()
    page.get_by_role("button", name="Printed").click()
    expect(page.get_by_role("heading", name="No badges are waiting")).to_be_visible()
    expect(page.locator("[data-print-queue]")).to_contain_text("Mairi Macdonald")
