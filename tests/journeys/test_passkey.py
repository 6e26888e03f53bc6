"""A passkey from beginning to end, with the browser's own (virtual) authenticator."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM
from expo.accounts.services import ensure_person, set_password
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.journeys.browser import open_browser, serve

pytestmark = [pytest.mark.browser, pytest.mark.long]

EMAIL, PASSWORD = "li@example.org", "a pond with seven frogs"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(app: Flask, edition: EditionFacts) -> Iterator[Page]:
    """A page of a browser with an authenticator, on a server whose name may have passkeys."""
    set_password(SYSTEM, ensure_person(EMAIL, "Li Lei", "en", utcnow()), PASSWORD, utcnow())
    db.session.rollback()
    settings = app.config["SETTINGS"]
    with serve(app) as address, open_browser() as browser:
        named = address.replace("127.0.0.1", "localhost")
        app.config["SETTINGS"] = replace(settings, public_url=named)
        page = browser.new_context(base_url=named, locale="en-GB").new_page()
        developer = page.context.new_cdp_session(page)
        developer.send("WebAuthn.enable")
        developer.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        yield page
        app.config["SETTINGS"] = settings


def _sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def test_passkey_when_added_in_the_browser_then_signs_in_with_it(page: Page) -> None:
    _sign_in(page)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.locator("main")).to_contain_text("Added")
    page.get_by_role("button", name="Create recovery codes").click()
    expect(page.locator("main code")).to_have_count(10)
    page.get_by_role("link", name="I have saved these codes").click()
    page.locator("footer").get_by_role("button", name="Sign out").click()

    _sign_in(page)
    expect(page).to_have_url(re.compile("/sign-in/second-step$"))
    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(re.compile("/account$"))
    expect(page.locator("main")).to_contain_text("10 codes left")


def test_passkey_when_the_browser_gives_none_then_says_so_and_other_ways_stay(page: Page) -> None:
    _sign_in(page)
    expect(page.get_by_role("button", name="Add passkey")).to_be_visible()
    page.evaluate(
        "() => { navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }"
    )

    page.get_by_role("button", name="Add passkey").click()

    expect(page.get_by_role("alert")).to_have_text("The passkey could not be used. Try again, or sign in another way.")
    expect(page.get_by_role("button", name="Add passkey")).to_be_enabled()
