"""The badge is on the phone without a network, and gone from it after signing out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.registration import register
from expo.infra.clock import utcnow
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import attendee_request, make_attendee, make_ticket_type, order_request

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE: ViewportSize = {"width": 390, "height": 844}
KEPT = "caches.keys().then(names => names.filter(name => name.startsWith('expo-me')).length)"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with serve(app) as address:
        yield address


@pytest.fixture
def phone(address: str) -> Iterator[BrowserContext]:
    with open_browser() as browser:
        yield browser.new_context(viewport=PHONE, base_url=address, locale="zh-CN")


def test_me_when_the_network_is_gone_then_shows_the_badge_until_signed_out(
    app: Flask, edition: EditionFacts, address: str, phone: BrowserContext
) -> None:
    made = make_attendee(edition, utcnow(), name="张伟", email="wei@example.org")
    page = _open_me(app, address, phone, made.attendee.person_id)
    expect(page.locator("[data-kept-copy]")).to_be_hidden()

    phone.set_offline(True)
    for path in ("/zh/me", "/zh/me/", "/zh/me?from=letter"):
        page.goto(path)
        expect(page.locator("[data-kept-copy]")).to_be_visible()
        expect(page.locator(".qr svg")).to_be_visible()
        expect(page.get_by_text("张伟").first).to_be_visible()
        expect(page.locator(".badge-card")).not_to_have_css("display", "inline")

    phone.set_offline(False)
    _open_fresh(page)
    page.wait_for_selector("html[data-kept=yes]", state="attached")
    phone.clear_cookies()
    page.goto("/zh/")
    page.wait_for_function(f"() => {KEPT}.then(count => count === 0)")
    phone.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto("/zh/me")


def test_me_when_a_session_has_ended_elsewhere_then_the_kept_page_goes_too(
    app: Flask, edition: EditionFacts, address: str, phone: BrowserContext
) -> None:
    made = make_attendee(edition, utcnow())
    page = _open_me(app, address, phone, made.attendee.person_id)
    assert page.evaluate(KEPT) == 1

    phone.clear_cookies()
    page.goto("/zh/me/badge.pdf")

    page.wait_for_function(f"() => {KEPT}.then(count => count === 0)")


def test_me_when_somebody_else_signs_in_at_the_same_phone_then_keeps_only_theirs(
    app: Flask, edition: EditionFacts, address: str, phone: BrowserContext
) -> None:
    first = make_attendee(edition, utcnow(), name="Ann Able")
    second = make_attendee(edition, utcnow(), name="Ben Bold")
    _open_me(app, address, phone, first.attendee.person_id).close()

    page = _open_me(app, address, phone, second.attendee.person_id)

    assert page.evaluate(KEPT) == 1
    phone.set_offline(True)
    page.reload()
    expect(page.locator(".badge-name")).to_have_text("Ben Bold")


def test_papers_when_two_came_in_one_order_then_each_is_the_one_asked_for(
    app: Flask, edition: EditionFacts, address: str, phone: BrowserContext
) -> None:
    make_ticket_type(edition, utcnow())
    request = order_request(attendee_request(name="Ann Able"), attendee_request(name="Ben Bold"), source="desk")
    ordered = register(SYSTEM, edition.id, request, utcnow())
    page = _open_me(app, address, phone, ordered.person_id)

    phone.set_offline(True)
    page.reload()

    links = page.locator("a[data-keep][href*='badge.pdf']").evaluate_all("links => links.map(link => link.href)")
    names = [page.evaluate(f"fetch({link!r}).then(a => a.headers.get('content-disposition'))") for link in links]
    assert len(links) == 2
    assert names == [f"inline; filename=badge-{link.rpartition('=')[2]}.pdf" for link in links]


def _open_fresh(page: Page) -> None:
    """Open /me as the server answers it: an answer that takes long gives way to the kept one, until the next time."""
    for _ in range(10):
        page.goto("/zh/me")
        if page.locator("[data-kept-copy]").is_hidden():
            break
    expect(page.locator("[data-kept-copy]")).to_be_hidden()


def _open_me(app: Flask, address: str, phone: BrowserContext, person_id: int) -> Page:
    """Sign in as this person, open /me and wait until it is kept."""
    phone.add_cookies([sign_in_cookie(app, address, person_id)])
    page = phone.new_page()
    page.goto("/zh/me")
    page.wait_for_selector("html[data-kept=yes]", state="attached")
    return page
