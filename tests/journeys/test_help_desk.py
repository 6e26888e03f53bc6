"""A shift at the help desk, in a real browser: a misspelt name, a wrong address, another ticket, a walk-in."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition
from expo.infra.clock import utcnow
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An expo that is open today, with two tickets and a checkpoint."""
    now = utcnow()
    today = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    edition_id = create_edition(
        SYSTEM,
        slug="today",
        title={"en": "Big Data Expo", "zh": "数博会"},
        starts_on=today,
        ends_on=today + timedelta(days=2),
        time_zone="Asia/Shanghai",
        languages=["en", "zh"],
        now=now,
    )
    edition = get_edition(edition_id)
    make_ticket_type(edition, now, name={"en": "Visitor", "zh": "观众"})
    make_ticket_type(edition, now, "delegate", places=5, name={"en": "Delegate", "zh": "代表"})
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
    desk = ensure_person("desk@example.org", "", "en", now)
    grant_role(SYSTEM, open_edition.id, desk, Role.DESK, now)

    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, desk)])
        page = context.new_page()
        _help_with_wrong_address(page)
        _exchange_ticket_and_check_in(page)
        _register_walk_in(page)


def _find(page: Page, q: str, name: str) -> None:
    page.goto("/en/organizer/attendees")
    page.locator("#filter-q").fill(q)
    page.locator("#filter-q").press("Enter")
    page.locator("#found").get_by_role("link", name=name).click()


def _help_with_wrong_address(page: Page) -> None:
    _find(page, "obrian", "Siân O'Brien")
    page.get_by_role("link", name="Correct e-mail address").click()
    page.get_by_label("E-mail address").fill("sian@example.org")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("[data-flashes]")).to_contain_text("sian@example.org")
    page.get_by_role("link", name="Confirm manually").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("Confirmed manually")


def _exchange_ticket_and_check_in(page: Page) -> None:
    _find(page, "mac donald", "Ewan MacDonald")
    page.get_by_role("link", name="Change ticket").click()
    page.get_by_label("Delegate").check()
    page.get_by_role("button", name="Change ticket").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Delegate")
    page.get_by_role("link", name="Check in").click()
    page.get_by_label("Main entrance").check()
    page.get_by_role("button", name="Check in").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Ewan MacDonald checked in.")


def _register_walk_in(page: Page) -> None:
    page.goto("/en/organizer/attendees")
    page.get_by_role("link", name="Register walk-in").click()
    page.get_by_label("Ticket").select_option("visitor")
    page.get_by_label("Name", exact=True).fill("Ewan Macdonald")
    page.get_by_label("E-mail address").fill("ewan@example.org")
    page.get_by_label("Country or region").select_option("GB")
    page.get_by_label("Company or organization").fill("Highland  data")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.locator(".callout-warning")).to_contain_text("Ewan MacDonald")
    page.get_by_label("Name", exact=True).fill("Mairi Macdonald")
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.locator("[data-flashes]")).to_contain_text("Mairi Macdonald registered.")
    expect(page.get_by_role("link", name="Badge (PDF)")).to_be_visible()
