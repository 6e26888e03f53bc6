from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Request, Route, ViewportSize, expect
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.models import Scan
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts, get_edition
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.camera import camera_arguments, qr_picture, write_film
from tests.make import MadeAttendee, make_attendee
from tests.web.door.phone import open_door, type_like_a_scanner, wait_for_verdict

pytestmark = pytest.mark.browser

# Two cameras, the rear one with a light. Each can be made to fail, and keeps a record of what is asked of it.
_CAMERAS = """{
  const cameras = (window.cameras = { fault: "NotReadableError", opened: [], lights: [], isDark: false });
  navigator.mediaDevices.getUserMedia = async ({ video }) => {
    if (cameras.fault) throw new DOMException("", cameras.fault);
    const deviceId = video.deviceId?.exact ?? "rear";
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    setInterval(() => canvas.getContext("2d").fillRect(0, 0, 640, 480), 50);
    const stream = canvas.captureStream(20);
    [cameras.track] = stream.getVideoTracks();
    cameras.track.getSettings = () => ({ deviceId });
    cameras.track.getCapabilities = () => (deviceId === "rear" ? { torch: true } : {});
    cameras.track.applyConstraints = async ({ advanced: [{ torch }] }) => {
      if (cameras.isDark) throw new DOMException("", "OverconstrainedError");
      cameras.lights.push(torch);
    };
    cameras.opened.push(deviceId);
    return stream;
  };
  const devices = ["rear", "front"].map((deviceId) => ({ kind: "videoinput", deviceId }));
  navigator.mediaDevices.enumerateDevices = async () => devices;
}"""

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An edition that is open today, whatever day that is, with one checkpoint."""
    edition = make_edition(utcnow())
    today = utcnow().astimezone(edition.zone).date()
    with atomic() as session:
        found = session.get(Edition, edition.id)
        assert found is not None
        found.starts_on, found.ends_on = today, today + timedelta(days=2)
    make_checkpoint(edition, utcnow())
    return get_edition(edition.id)


@pytest.fixture
def attendee(open_edition: EditionFacts) -> MadeAttendee:
    """Somebody who may come in."""
    return make_attendee(open_edition, utcnow(), name="张伟", latin_name="Zhang Wei", company="数据谷有限公司")


@contextmanager
def _phone(app: Flask, edition: EditionFacts, arguments: Sequence[str] = ()) -> Iterator[BrowserContext]:
    steward = ensure_person("steward@example.org", "Steward", "en", utcnow())
    grant_role(SYSTEM, edition.id, steward, Role.STEWARD, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser(arguments) as browser:
        context = browser.new_context(viewport=PHONE, base_url=address, permissions=["camera"], locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, steward)])
        yield context
        context.close()


@pytest.fixture
def context(app: Flask, open_edition: EditionFacts, attendee: MadeAttendee) -> Iterator[BrowserContext]:
    """A steward's phone, and an attendee who may come in."""
    with _phone(app, open_edition) as context:
        yield context


@pytest.fixture
def camera(app: Flask, open_edition: EditionFacts, attendee: MadeAttendee, tmp_path: Path) -> Iterator[BrowserContext]:
    """A steward's phone before whose camera the attendee holds a badge."""
    film = write_film(tmp_path / "badge.mjpeg", [qr_picture(attendee.token)])
    with _phone(app, open_edition, camera_arguments(film)) as context:
        yield context


def _scans() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Scan)) or 0


def test_camera_when_badge_is_held_before_it_then_green_once_and_red_with_first_time_on_the_next_page(
    camera: BrowserContext,
) -> None:
    violations: list[str] = []
    camera.on("console", lambda message: violations.append(message.text) if message.type == "error" else None)
    page = open_door(camera)
    page.get_by_role("button", name="Start scanning").click()

    wait_for_verdict(page, tone="yes", name="张伟", announced="Welcome. 张伟")
    expect(page.locator("#verdict")).to_be_hidden()
    page.wait_for_timeout(4_000)
    assert _scans() == 1  # the badge is still there: it is not scanned again

    page.goto("/door/?checkpoint=main&direction=entry")
    page.get_by_role("button", name="Start scanning").click()
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "no")
    expect(page.locator("#verdict-word")).to_have_text("Already checked in")
    expect(page.locator("#verdict-first")).to_contain_text("Main entrance")
    page.wait_for_timeout(1_500)
    expect(page.locator("#verdict")).to_be_visible()
    page.get_by_role("button", name="Next badge").click()
    expect(page.locator("#verdict")).to_be_hidden()
    assert violations == []


def test_camera_when_it_fails_or_has_a_light_or_is_one_of_two_then_said_and_worked(context: BrowserContext) -> None:
    context.add_init_script(_CAMERAS)
    page = open_door(context)
    start, hint, light = (page.locator(each) for each in ("#start", "#hint", "#torch"))

    start.click()
    expect(hint).to_have_text("Another app is using the camera. Close that app, then start scanning again.")
    page.evaluate("cameras.fault = 'NotAllowedError'")
    start.click()
    expect(hint).to_contain_text("Allow camera access")
    page.evaluate("cameras.fault = ''")
    start.click()
    expect(hint).to_have_text("Ready to scan")
    expect(start).to_be_hidden()

    light.click()
    expect(light).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Switch camera").click()
    expect(light).to_be_hidden()
    page.get_by_role("button", name="Switch camera").click()
    expect(light).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("[cameras.opened, cameras.lights]") == [["rear", "front", "rear"], [True]]

    page.evaluate("cameras.isDark = true")
    light.click()
    expect(hint).to_have_text("The flashlight does not work on this device.")
    expect(light).to_be_hidden()
    page.evaluate("cameras.track.dispatchEvent(new Event('ended'))")  # a call came in
    expect(hint).to_have_text("The camera has stopped. Start scanning again, or use a handheld scanner.")
    start.click()
    expect(hint).to_have_text("Ready to scan")
    assert page.evaluate("cameras.opened.at(-1)") == "rear"


def test_handheld_scanner_when_nothing_has_the_focus_then_checked(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context)

    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")
    expect(page.locator("#verdict")).to_be_hidden()
    page.wait_for_timeout(3_100)
    type_like_a_scanner(page, attendee.token)
    expect(page.locator("#verdict-word")).to_have_text("Already checked in")
    page.keyboard.press("Escape")
    expect(page.locator("#verdict")).to_be_hidden()


def test_typed_when_short_code_then_amber_and_nothing_sent(context: BrowserContext, attendee: MadeAttendee) -> None:
    page = open_door(context)

    page.get_by_label("Badge code").fill(attendee.code)
    page.get_by_role("button", name="Check badge").click()

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "ask")
    expect(page.locator("#verdict-word")).to_have_text("Short code")
    assert _scans() == 0


def test_network_when_gone_then_amber_not_checked_and_same_scan_answered_later(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context)
    context.set_offline(True)

    type_like_a_scanner(page, attendee.token)
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "ask")
    expect(page.locator("#verdict-word")).to_have_text("Not checked")
    expect(page.locator("#network")).to_contain_text("Offline")
    expect(page.locator("#waiting")).to_have_text("1 waiting")
    context.set_offline(False)

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")
    expect(page.locator("#network")).to_contain_text("Online")
    assert _scans() == 1


def test_answer_when_lost_on_the_way_then_asked_again_and_one_row(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context)
    lost: list[str] = []

    def lose_the_first_answer(route: Route, request: Request) -> None:
        if lost:
            route.continue_()
            return
        lost.append(request.post_data or "")
        route.fetch()
        route.abort()

    page.route("**/door/scans", lose_the_first_answer)
    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")
    assert (len(lost), _scans()) == (1, 1)


def test_session_when_ended_then_amber_and_not_admitted(context: BrowserContext, attendee: MadeAttendee) -> None:
    page = open_door(context)
    page.wait_for_load_state("networkidle")  # an answer on its way would bring the cookie back
    context.clear_cookies()

    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "ask")
    expect(page.locator("#verdict-word")).to_have_text("Signed out")
    assert _scans() == 0


def test_page_when_in_arabic_then_mirrored_and_works(context: BrowserContext, attendee: MadeAttendee) -> None:
    page = open_door(context, "/ar/door/?checkpoint=main&direction=entry")

    assert page.locator("html").get_attribute("dir") == "rtl"
    type_like_a_scanner(page, attendee.token)
    expect(page.locator("#verdict-name")).to_have_text("张伟")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
