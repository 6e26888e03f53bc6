"""The badge is on the phone without a network, and gone from it after signing out."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE = {"width": 390, "height": 844}
KEPT = "caches.has('expo-me')"


def test_me_when_the_network_is_gone_then_shows_the_badge_until_signed_out(app: Flask, edition: EditionFacts) -> None:
    made = make_attendee(edition, utcnow(), name="张伟", email="wei@example.org")

    with open_browser() as browser, serve(app) as address:
        phone = browser.new_context(viewport=PHONE, base_url=address, locale="zh-CN")
        phone.add_cookies([sign_in_cookie(app, address, made.attendee.person_id)])  # type: ignore[list-item]
        page = phone.new_page()
        page.goto("/zh/me")
        expect(page.locator("[data-kept-copy]")).to_be_hidden()
        page.wait_for_selector("html[data-kept=yes]", state="attached")

        phone.set_offline(True)
        page.reload()
        expect(page.locator("[data-kept-copy]")).to_be_visible()
        expect(page.locator(".qr svg")).to_be_visible()
        expect(page.get_by_text("张伟").first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.badge-card')).display") != "inline"
        papers = page.evaluate(
            "fetch(document.querySelector('a[data-keep]').href).then(a => a.headers.get('content-type'))"
        )
        assert papers == "application/pdf"

        phone.set_offline(False)
        page.reload()
        expect(page.locator("[data-kept-copy]")).to_be_hidden()
        page.wait_for_selector("html[data-kept=yes]", state="attached")
        phone.clear_cookies()
        page.goto("/zh/")
        page.wait_for_function(f"{KEPT}.then(kept => !kept)")
        phone.set_offline(True)
        with pytest.raises(Exception, match="ERR_"):
            page.goto("/zh/me")
