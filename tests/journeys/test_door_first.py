"""A verdict comes once the scan is stored; and a device moves between the centre and a hub by a code."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.checkin.models import Scan
from expo.checkin.queries.devices import list_devices
from expo.checkin.services.devices import create_enrolment_codes
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.domains.checkin.devices import make_code
from tests.domains.checkin.doors import scan_once
from tests.journeys.browser import open_browser, serve
from tests.journeys.door_phone import PHONE, expect_unsent
from tests.make import make_attendee
from tests.web.door.phone import list_verdicts, open_door, type_like_a_scanner, wait_for_verdict
from tests.web.door.test_scanner import open_edition

__all__ = ["open_edition"]

pytestmark = pytest.mark.browser

# Notes whether a verdict is on the screen when a scan is sent, and when it has been stored.
_NOTE_ORDER = """
window.orderNoted = [];
const note = (what) => window.orderNoted.push([what, !document.getElementById("verdict")?.hidden]);
const { transaction } = IDBDatabase.prototype;
IDBDatabase.prototype.transaction = function (names, mode, ...rest) {
  const opened = transaction.call(this, names, mode, ...rest);
  const isScan = mode === "readwrite" && [names].flat().includes("history");
  if (isScan) opened.addEventListener("complete", () => note("stored"));
  return opened;
};
const { fetch } = window;
window.fetch = (url, ...rest) => {
  if (String(url).endsWith("/scans/batch")) note("send");
  return fetch(url, ...rest);
};
"""
_LINKS = """async (texts) => {
  const { moveLink } = await import("/static/js/door/move.js");
  const found = (text, owner) => moveLink(text, { device: { owner } })?.host ?? null;
  return [...texts.map((text) => found(text, null)), found(texts[0], "1"), moveLink(texts[0], { device: null })];
}"""


@pytest.fixture
def phone(app: Flask, open_edition: EditionFacts) -> Iterator[tuple[BrowserContext, str, str]]:
    """A phone without an account, and two addresses at which the scanner is served."""
    with serve(app) as centre, serve(app) as hub, open_browser() as browser:
        context = browser.new_context(viewport=PHONE, base_url=centre, locale="en-GB")
        yield context, centre, hub
        context.close()


def _enrol(context: BrowserContext, edition: EditionFacts) -> Page:
    code = make_code(edition, utcnow(), "Gate phone")
    db.session.rollback()
    page = open_door(context, f"/en/door/enrol#{code}", is_device=True)
    expect(page.locator("#enrol-status")).to_have_text("This device is set up: Gate phone")
    page.goto("/en/door/scanner?checkpoint=main&direction=entry")
    _wait_for_data(page)
    return page


def _wait_for_data(page: Page) -> None:
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")


def test_verdict_when_scanned_then_on_the_screen_once_stored_and_corrected_by_the_server(
    phone: tuple[BrowserContext, str, str], open_edition: EditionFacts
) -> None:
    first, second, third, fourth = (
        make_attendee(open_edition, utcnow(), name=name) for name in ("First", "Second", "Third", "Fourth")
    )
    phone[0].add_init_script(_NOTE_ORDER)
    page = _enrol(phone[0], open_edition)

    type_like_a_scanner(page, first.token)
    wait_for_verdict(page, tone="yes", name="First")
    expect_unsent(page, 0)
    noted = page.evaluate("window.orderNoted")

    # Another door has admitted this badge, which the phone does not know yet.
    scan_once(open_edition, second.token, scanned_at=utcnow())
    db.session.rollback()
    type_like_a_scanner(page, second.token)
    wait_for_verdict(page, tone="no", name="Second", word="Already checked in")
    page.get_by_role("button", name="Next badge").click()
    type_like_a_scanner(page, third.token)
    wait_for_verdict(page, tone="yes", name="Third")
    expect_unsent(page, 0)
    third_verdict = list_verdicts(page)[-1]

    page.get_by_role("button", name="Next badge").click()
    phone[0].set_offline(True)
    page.evaluate("window.orderNoted.length = 0")
    type_like_a_scanner(page, fourth.token)
    wait_for_verdict(page, tone="yes", name="Fourth")

    assert noted[:2] == [["send", False], ["stored", False]]
    assert page.evaluate("window.orderNoted.find(([what]) => what === 'stored')") == ["stored", False]
    assert third_verdict["name"] == "Third"
    db.session.rollback()
    assert [each.verdict for each in db.session.scalars(select(Scan).order_by(Scan.id))] == [
        "admitted",
        "admitted",
        "refused",
        "admitted",
    ]


def test_device_when_it_scans_the_code_of_a_hub_and_then_of_the_centre_then_works_there_and_here_again(
    phone: tuple[BrowserContext, str, str], open_edition: EditionFacts
) -> None:
    context, centre, hub = phone
    guest = make_attendee(open_edition, utcnow(), name="Guest")
    page = _enrol(context, open_edition)
    (device,) = list_devices(open_edition.id)

    def scan_code(address: str) -> None:
        code = create_enrolment_codes(SYSTEM, open_edition.id, [device.id], utcnow())[device.id]
        db.session.rollback()
        type_like_a_scanner(page, f"{address}/door/enrol#{code}")

    scan_code(hub)
    dialog = page.get_by_role("dialog", name="Move this device?")
    expect(dialog).to_contain_text(hub.removeprefix("http://"))
    dialog.get_by_role("button", name="Back").click()
    expect(dialog).to_be_hidden()
    scan_code(hub)
    dialog.get_by_role("button", name="Move device").click()

    page.wait_for_url(f"{hub}/**/door/scanner?checkpoint=main&direction=entry")
    _wait_for_data(page)
    type_like_a_scanner(page, guest.token)
    wait_for_verdict(page, tone="yes", name="Guest")
    expect_unsent(page, 0)

    scan_code(centre)
    page.get_by_role("button", name="Move device").click()
    page.wait_for_url(f"{centre}/**/door/scanner?checkpoint=main&direction=entry")
    _wait_for_data(page)
    texts = [f"{hub}/zh/door/enrol#{'a' * 22}", f"{hub}/door/enrol", f"{hub}/enrol#{'a' * 22}", "javascript:alert(1)"]
    assert page.evaluate(_LINKS, texts) == [hub.removeprefix("http://"), None, None, None, None, None]
