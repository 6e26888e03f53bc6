"""A kiosk in a real browser: prints a badge, clears itself for the next person, and gives time to those who ask."""

import re
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM
from expo.badges.services import set_kiosk_pin
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.journeys.browser import open_browser, serve
from tests.make import make_attendee

pytestmark = [pytest.mark.browser, pytest.mark.long]

PIN = "482913"


def test_kiosk_when_people_come_one_after_the_other_then_each_finds_it_clear(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    person = make_attendee(edition, now, name="张伟", email="wei@example.org")
    set_kiosk_pin(SYSTEM, edition.id, PIN, utcnow())

    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1080, "height": 1920}, base_url=address, locale="en-GB")
        page = context.new_page()
        page.clock.install()
        page.goto("/en/kiosk")
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Start the kiosk").click()
        _print_by_scanning(page, person.token)
        _leave_it_and_it_clears(page)
        _ask_for_more_time(page)
        _use_it_in_chinese(page)
        page.goto("/en/organizer")
        expect(page).to_have_url(re.compile("/kiosk$"))


def _print_by_scanning(page: Page, token: str) -> None:
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    page.keyboard.type(token)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your badge is being printed")).to_be_visible()


def _leave_it_and_it_clears(page: Page) -> None:
    notice = page.get_by_role("alert")
    page.clock.run_for(9_000)
    expect(notice).to_be_hidden()
    page.clock.run_for(2_000)
    expect(notice).to_contain_text("This page clears in")
    page.clock.run_for(20_000)
    expect(page.get_by_role("heading", name="Print your badge")).to_be_visible()


def _ask_for_more_time(page: Page) -> None:
    name = page.get_by_role("textbox", name="Name")
    name.fill("Zhang")
    page.clock.run_for(12_000)
    page.get_by_role("button", name="I need more time").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    page.clock.run_for(25_000)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(name).to_have_value("Zhang")
    page.clock.run_for(6_000)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")


def _use_it_in_chinese(page: Page) -> None:
    page.get_by_role("link", name="简体中文").click()
    expect(page.get_by_role("heading", name="打印您的胸卡")).to_be_visible()
    page.get_by_role("textbox", name="姓名").fill("zhang wei")
    page.get_by_role("textbox", name="邮箱").fill("wei@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="您的胸卡已经打印过")).to_be_visible()
