"""From an empty database to the first green scan, in a real browser: what a new organizer does on the first day."""

import re
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from expo.accounts.rules import SYSTEM
from expo.editions.queries import find_current_edition
from expo.flows.email_links import show_email_with_links
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.mail.queries import list_emails
from tests.conftest import skip_or_fail
from tests.journeys.browser import open_browser, serve
from tests.web.door.phone import open_door

pytestmark = [pytest.mark.browser, pytest.mark.long]

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
STEPS = ["edition", "venue", "tickets", "checkpoints", "team", "registration"]


def test_first_day_when_begun_on_an_empty_database_then_leads_to_the_first_green_scan(
    app: Flask, tmp_path: Path
) -> None:
    printed = app.test_cli_runner().invoke(args=["expo", "create-admin", "admin@example.org"])
    [link] = re.findall(r"https?://\S+?(/sign-in/\S+)", printed.stdout)

    with serve(app) as address, open_browser() as browser:
        desk = browser.new_context(viewport=DESK, base_url=address, locale="en-GB")
        page = desk.new_page()
        _see_friendly_home(browser, address)
        _sign_in(page, link)
        _create_expo(page)
        _add_hall_and_room(page)
        _add_ticket(page)
        _add_checkpoint(page)
        _invite(page)
        _see_registration_closed(browser, address)
        _open_registration(page)
        _see_everything_done(page)

        visitor = browser.new_context(viewport=PHONE, base_url=address, locale="en-GB", service_workers="block")
        _register(visitor.new_page())
        badge = _confirm_and_print_badge(visitor, _confirm_link())

        _scan(desk, _token_of(badge, tmp_path))
        page.goto("/organizer/")
        expect(page.locator(".stat", has_text="Checked in").locator(".stat-value")).to_have_text("1")


def _see_friendly_home(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, base_url=address, locale="en-GB").new_page()
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("h1")).to_have_text("Our next expo will be announced here")


def _sign_in(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("main form button.btn-primary").click()
    expect(page).to_have_url(re.compile("/organizer/setup$"))
    _see_states(page, "to_do", "to_do", "to_do", "to_do", "optional", "to_do")


def _see_states(page: Page, *states: str) -> None:
    for step, state in zip(STEPS, states, strict=True):
        expect(page.locator(f"#step-{step}")).to_have_attribute("data-state", state)


def _open_step(page: Page, step: str) -> None:
    page.goto("/organizer/setup")
    page.locator(f"#step-{step} a.btn").click()


def _save(page: Page) -> None:
    page.locator("main form.panel button.btn-primary").click()


def _create_expo(page: Page) -> None:
    today = utcnow().astimezone(ZoneInfo("Asia/Shanghai")).date()
    page.locator("#step-edition a.btn").click()
    page.locator("#title-en").fill("Big Data Expo")
    page.locator("#title-zh").fill("数博会")
    page.locator("#slug").fill("expo-today")
    page.locator("#starts_on").fill(today.isoformat())
    page.locator("#ends_on").fill((today + timedelta(days=2)).isoformat())
    _save(page)
    expect(page).to_have_url(re.compile("/organizer/setup$"))
    _see_states(page, "done", "to_do", "to_do", "to_do", "optional", "to_do")


def _add_hall_and_room(page: Page) -> None:
    _open_step(page, "venue")
    page.get_by_role("link", name="Add the first hall").click()
    page.locator("#name-en").fill("Hall A")
    page.locator("#name-zh").fill("甲馆")
    _save(page)
    page.get_by_role("link", name="Add the first room").click()
    page.locator("#name-en").fill("Room 1")
    page.locator("#name-zh").fill("一号会议室")
    page.locator("#hall_id").select_option(label="Hall A")
    page.locator("#capacity").fill("120")
    _save(page)
    expect(page.locator("main table").nth(1)).to_contain_text("Hall A")


def _add_ticket(page: Page) -> None:
    _open_step(page, "tickets")
    page.locator(".empty a.btn-primary").click()
    page.locator("#code").fill("visitor")
    page.locator("#name-en").fill("Visitor")
    page.locator("#name-zh").fill("观众")
    _save(page)
    expect(page.locator("main table")).to_contain_text("Visitor")


def _add_checkpoint(page: Page) -> None:
    _open_step(page, "checkpoints")
    page.locator(".empty a.btn-primary").click()
    page.locator("#code").fill("main")
    page.locator("#name-en").fill("Main entrance")
    page.locator("#name-zh").fill("主入口")
    page.locator("#hall_id").select_option(label="Hall A")
    _save(page)
    expect(page.locator("main")).to_contain_text("Main entrance")


def _invite(page: Page) -> None:
    _open_step(page, "team")
    page.locator("#email").fill("steward@example.org")
    page.locator("#role").select_option("steward")
    _save(page)
    expect(page.locator("main table")).to_contain_text("steward@example.org")


def _see_registration_closed(browser: Browser, address: str) -> None:
    page = browser.new_context(viewport=PHONE, base_url=address, locale="en-GB").new_page()
    page.goto("/register")
    expect(page.locator("h1")).to_have_text("Registration is currently closed.")


def _open_registration(page: Page) -> None:
    _open_step(page, "registration")
    page.locator("#is_open").check()
    _save(page)
    expect(page.locator("main .state")).to_have_text("Registration is open")


def _see_everything_done(page: Page) -> None:
    page.goto("/organizer/setup")
    _see_states(page, *["done"] * 6)


def _register(page: Page) -> None:
    page.goto("/")
    page.locator(".sticky-action a").click()
    _go_on(page)
    page.locator("#attendees-0-name").fill("Ada Lovelace")
    page.locator("#attendees-0-email").fill("ada@example.org")
    page.locator("input#attendees-0-country").fill("United Kingdom")
    _go_on(page)
    page.locator("#accept_terms").check()
    _go_on(page)
    expect(page).to_have_url(re.compile("/register/sent$"))


def _go_on(page: Page) -> None:
    page.locator("button.btn-primary[name=go][value=next]").click()


def _confirm_link() -> str:
    """Return the link that the visitor finds in their mailbox."""
    drain(utcnow())
    edition = find_current_edition()
    assert edition is not None
    [letter] = [each for each in list_emails(edition.id) if each.message == "registration/confirm"]
    found = re.search(r"https?://\S+?(/en/confirm/\S+)", show_email_with_links(SYSTEM, str(letter.id), utcnow()).text)
    assert found is not None
    db.session.rollback()
    return found.group(1)


def _confirm_and_print_badge(visitor: BrowserContext, link: str) -> bytes:
    page = visitor.new_page()
    page.goto(link)
    page.locator("form button.btn-primary").click()
    expect(page).to_have_url(re.compile("/en/me/?$"))
    expect(page.locator(".badge-name")).to_have_text("Ada Lovelace")
    answer = visitor.request.get("/me/badge.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def _token_of(pdf: bytes, folder: Path) -> str:
    """Return what a handheld scanner reads from the printed badge."""
    (folder / "badge.pdf").write_bytes(pdf)
    try:
        drawn = subprocess.run(
            ["pdftoppm", "-r", "200", "-png", str(folder / "badge.pdf")], check=True, capture_output=True
        )
    except FileNotFoundError:
        skip_or_fail("no pdftoppm on this machine")
        raise
    barcode = zxingcpp.read_barcode(Image.open(BytesIO(drawn.stdout)).convert("RGB"))
    assert barcode is not None
    return barcode.text


def _scan(desk: BrowserContext, token: str) -> None:
    page = open_door(desk)
    page.locator("#typed").fill(token)
    page.locator("#type button").click()
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")
    expect(page.locator("#verdict-name")).to_have_text("Ada Lovelace")
