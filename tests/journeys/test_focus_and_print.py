"""In a real browser: the ring around the element with the focus, and what comes out of a printer."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_attendee

pytestmark = pytest.mark.browser

# One of each: how its ring looks once the keyboard has brought the focus there.
RINGS = """
() => {
  const style = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, outlineOffset, boxShadow } = getComputedStyle(element);
    return [outlineStyle, outlineWidth, outlineColor, outlineOffset, boxShadow].join(" ");
  };
  const seen = {};
  for (const element of document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")) {
    const kind = `${element.tagName} ${element.type ?? ""} ${element.className}`;
    if (kind in seen || !element.checkVisibility() || element.type === "hidden") continue;
    element.focus({ focusVisible: true });
    const ringed = element.matches(".choice > input, .chip-choice > input") ? element.nextElementSibling : element;
    if (document.activeElement === element) seen[kind] = style(ringed);
  }
  return seen;
}
"""


@pytest.fixture
def page(app: Flask, edition: EditionFacts) -> Iterator[Page]:
    """A page of an organizer, with sixty attendees on the list."""
    now = utcnow()
    organizer = ensure_person("organizer@example.org", "Olga", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)
    for number in range(45):
        make_attendee(edition, now, name=f"Attendee {number}", email=f"a{number}@example.org")
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        yield context.new_page()
        context.close()


def test_focus_when_on_any_control_then_the_same_ring(page: Page) -> None:
    page.goto("/en/organizer/styleguide")

    rings = page.evaluate(RINGS)

    assert len(rings) > 10
    assert {ring: [kind for kind in rings if rings[kind] == ring] for ring in set(rings.values())}.keys() == {
        rings[next(iter(rings))]
    }
    assert next(iter(rings.values())).startswith("solid 3px")


def test_list_when_printed_then_whole_and_without_what_only_a_screen_can_do(page: Page) -> None:
    page.goto("/en/organizer/attendees")
    page.emulate_media(media="print")

    for hidden in (".shell-nav", ".filters", ".btn >> nth=0", ".table-expo input >> nth=0"):
        expect(page.locator(hidden).first).to_be_hidden()
    page.wait_for_function("() => getComputedStyle(document.querySelector('.table-wrap')).overflowY === 'visible'")
    page.wait_for_function(
        "() => { const box = document.querySelector('.table-wrap'); return box.scrollHeight <= box.clientHeight + 1; }"
    )
    expect(page.locator(".table-expo tbody tr").last).to_be_visible()
