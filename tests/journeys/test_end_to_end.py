"""The main workflow end to end, in a real browser: from registration to the overview."""

import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from tests.conftest import skip_or_fail
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.camera import camera_arguments, write_film
from tests.make import make_edition_of_today, make_ticket_type
from tests.web.door.phone import open_door, wait_for_verdict

pytestmark = [pytest.mark.browser, pytest.mark.long]

PHONE: ViewportSize = {"width": 390, "height": 844}
NAME = "欧阳娜娜"


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An expo that is open today, with a ticket and a door."""
    now = utcnow()
    edition = make_edition_of_today(now)
    make_ticket_type(edition, now, name={"en": "Visitor", "zh": "观众"})
    make_checkpoint(edition, now)
    return edition


def test_main_job_when_done_in_a_browser_then_holds_from_registration_to_dashboard(
    app: Flask, open_edition: EditionFacts, tmp_path: Path
) -> None:
    steward = _make_staff(open_edition, "steward@example.org", Role.STEWARD)
    organizer = _make_staff(open_edition, "organizer@example.org", Role.ORGANIZER)

    with serve(app) as address:
        with open_browser() as browser:
            phone = browser.new_context(viewport=PHONE, base_url=address, locale="zh-CN", service_workers="block")
            _register_in_chinese(phone)
            link = _confirm_link(app)
            badge = _confirm_and_fetch_badge(phone, link)
            phone.close()
        picture = _badge_picture(badge, tmp_path)
        barcode = zxingcpp.read_barcode(picture)
        assert barcode is not None
        assert len(barcode.text) == 122

        film = write_film(tmp_path / "badge.mjpeg", [picture])
        with open_browser(camera_arguments(film)) as browser:
            door = browser.new_context(viewport=PHONE, base_url=address, permissions=["camera"], locale="en-GB")
            door.add_cookies([sign_in_cookie(app, address, steward)])
            _scan(door, "yes", "Welcome")
            second = _scan(door, "no", "Already checked in")
            expect(second.locator("#verdict-first")).to_contain_text("Main entrance")
            expect(second.locator("#verdict-first")).to_contain_text(re.compile(r"\d{1,2}:\d\d"))
            door.close()

            desk = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
            desk.add_cookies([sign_in_cookie(app, address, organizer)])
            _look_at_dashboard(desk)
            desk.close()


def _make_staff(edition: EditionFacts, email: str, role: Role) -> int:
    person_id = ensure_person(email, "", "en", utcnow())
    grant_role(SYSTEM, edition.id, person_id, role, utcnow())
    db.session.rollback()
    return person_id


def _register_in_chinese(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator(".sticky-action a").click()
    _go_on(page)
    page.locator("#attendees-0-name").fill(NAME)
    page.locator("#attendees-0-name").blur()
    expect(page.locator("#attendees-0-latin_name")).to_have_value("Ouyang Nana")
    page.locator("#attendees-0-email").fill("nana@example.org")
    page.locator("input#attendees-0-country").fill("中国")
    page.locator("#attendees-0-company").fill("贵州云上数据科技有限公司")
    _go_on(page)
    page.locator("#accept_terms").check()
    _go_on(page)
    expect(page).to_have_url(re.compile("/register/sent$"))
    expect(page.locator("main")).to_contain_text("nana@example.org")


def _go_on(page: Page) -> None:
    page.locator("button.btn-primary[name=go][value=next]").click()


def _confirm_link(app: Flask) -> str:
    """Read the e-mail as somebody does who runs a trial without a mail server."""
    drain(utcnow())
    shown = app.test_cli_runner().invoke(args=["expo", "emails", "show", "nana@example.org"])
    found = re.search(r"https?://\S+?(/zh/confirm/\S+)", shown.stdout)
    assert found is not None
    db.session.rollback()
    return found.group(1)


def _confirm_and_fetch_badge(phone: BrowserContext, link: str) -> bytes:
    page = phone.new_page()
    page.goto(link)
    page.locator("form button.btn-primary").click()
    expect(page).to_have_url(re.compile("/zh/me/?$"))
    expect(page.locator(".badge-name")).to_have_text(NAME)
    expect(page.locator(".qr svg")).to_be_visible()
    answer = phone.request.get("/me/badge.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def _badge_picture(pdf: bytes, folder: Path) -> Image.Image:
    """Return the badge's QR as a printer would show it."""
    (folder / "badge.pdf").write_bytes(pdf)
    try:
        drawn = subprocess.run(
            ["pdftoppm", "-r", "200", "-png", str(folder / "badge.pdf")], check=True, capture_output=True
        )
    except FileNotFoundError:
        skip_or_fail("no pdftoppm on this machine")
        raise
    page = Image.open(BytesIO(drawn.stdout)).convert("RGB")
    barcode = zxingcpp.read_barcode(page)
    assert barcode is not None
    corners = barcode.position
    margin = 40
    return page.crop(
        (
            corners.top_left.x - margin,
            corners.top_left.y - margin,
            corners.bottom_right.x + margin,
            corners.bottom_right.y + margin,
        )
    )


def _scan(door: BrowserContext, tone: str, words: str) -> Page:
    page = open_door(door)
    page.get_by_role("button", name="Start scanning").click()
    wait_for_verdict(page, tone=tone, announced=words)
    return page


def _look_at_dashboard(desk: BrowserContext) -> None:
    page = desk.new_page()
    page.goto("/organizer/")
    arrived = page.locator(".stat", has_text="Checked in")
    expect(arrived.locator(".stat-value")).to_have_text("1")
    expect(page.locator("main")).to_contain_text("China")
    page.goto("/organizer/attendees?q=ouyang")
    expect(page.locator("main")).to_contain_text(NAME)
