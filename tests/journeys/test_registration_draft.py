"""Registering in a real browser: Back, reloading and another language lose nothing, and nothing is left behind."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.journeys.browser import open_browser, serve
from tests.make import make_ticket_type

pytestmark = [pytest.mark.browser, pytest.mark.long]


def _go_on(page: Page) -> None:
    page.locator("button.btn-primary[name=go][value=next]").click()


def test_draft_when_gone_back_reloaded_and_translated_then_kept_until_registered(
    app: Flask, edition: EditionFacts
) -> None:
    make_ticket_type(edition, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        page = browser.new_context(locale="en-GB", base_url=address).new_page()
        page.goto("/en/register")
        _go_on(page)
        expect(page).to_have_url(re.compile(r"\?step=details$"))
        page.locator("#attendees-0-name").fill("Ada Lovelace")
        page.locator("#attendees-0-email").fill("ada@example.org")
        # Typed without its accent and only in part: one country fits.
        page.locator("input#attendees-0-country").fill("cote d")
        page.locator("input#attendees-0-country").blur()
        expect(page.locator("#attendees-0-country")).to_have_value("Côte d’Ivoire")
        page.locator("button[value=add]").click()
        expect(page.locator("#attendees-1-name")).to_be_focused()
        expect(page.locator("#attendees-1-country")).to_have_value("Côte d’Ivoire")
        page.locator("#attendees-1-name").fill("Bob")

        page.reload()
        expect(page.locator("#attendees-1-name")).to_have_value("Bob")
        _go_on(page)
        expect(page).to_have_url(re.compile(r"\?step=check$"))
        page.go_back()
        expect(page.locator("#attendees-1-name")).to_have_value("Bob")
        page.goto("/zh/register?step=details")
        expect(page.locator("#attendees-0-country")).to_have_value("科特迪瓦")
        _go_on(page)
        expect(page.locator("main")).to_contain_text("Ada Lovelace")
        assert "Ada" not in page.url
        page.locator("#accept_terms").check()
        _go_on(page)

        expect(page).to_have_url(re.compile("/register/sent$"))
        expect(page.locator("main")).to_contain_text("Bob")
        # The script that forgets the draft runs as a module, some time after the page is in view.
        page.wait_for_function("() => sessionStorage.length === 0")


def test_person_when_added_without_scripts_then_in_view(app: Flask, edition: EditionFacts) -> None:
    make_ticket_type(edition, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(java_script_enabled=False, base_url=address)
        page = context.new_page()
        page.goto("/en/register")
        _go_on(page)
        page.locator("#attendees-0-country").select_option("FR")
        page.locator("#attendees-0-company").fill("Own Ltd")
        page.locator("button[value=add]").click()

        expect(page).to_have_url(re.compile("/register#person-2$"))
        expect(page.locator("#attendees-1-name")).to_be_in_viewport()
        expect(page.locator("#attendees-1-company")).to_have_value("Own Ltd")
        expect(page.locator("select#attendees-1-country")).to_have_value("FR")
        context.close()
