"""A programme made by hand, in a real browser: a track, a type, a speaker with a photo, and the life of a session."""

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.web.organizer.program_forms import publish

pytestmark = [pytest.mark.browser, pytest.mark.long]

PROGRAM = "/en/organizer/program"


def photo() -> bytes:
    data = BytesIO()
    Image.new("RGB", (600, 400), "teal").save(data, "JPEG")
    return data.getvalue()


def test_programme_when_made_by_hand_then_every_step_is_done_in_the_browser(app: Flask, edition: EditionFacts) -> None:
    manager = ensure_person("programme@example.org", "", "en", utcnow())
    grant_role(SYSTEM, edition.id, manager, Role.PROGRAM_MANAGER, utcnow())

    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, manager)])
        page = context.new_page()
        _add_track_and_type(page)
        _add_speaker(page)
        _create_session(page)
        _edit_session(page)
        _duplicate_and_delete(page)
        publish("data-for-cities")
        _cancel(page)
        _look_as_visitor(page)
        context.close()


def _add_track_and_type(page: Page) -> None:
    page.goto(PROGRAM)
    page.get_by_role("link", name="Tracks", exact=True).click()
    page.get_by_role("link", name="Add the first track").click()
    page.get_by_label("English").fill("Smart cities")
    page.get_by_role("button", name="Add track").click()
    expect(page.get_by_role("cell", name="Smart cities", exact=True)).to_be_visible()
    page.get_by_role("link", name="Session types", exact=True).click()
    page.get_by_role("link", name="Add the first session type").click()
    page.get_by_label("English").fill("Lightning talk")
    page.get_by_label("Usual duration in minutes").fill("10")
    page.get_by_role("button", name="Add session type").click()
    expect(page.get_by_role("cell", name="Lightning talk", exact=True)).to_be_visible()


def _add_speaker(page: Page) -> None:
    page.get_by_role("link", name="Speakers", exact=True).click()
    page.get_by_role("link", name="New speaker").first.click()
    page.locator("#name-en").fill("Ada Lovelace")
    _refuse_large_photo(page)
    page.locator("#photo").set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_role("button", name="Add speaker").click()
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    page.wait_for_function("() => document.querySelector('img.speaker-photo').naturalWidth === 400")


def _refuse_large_photo(page: Page) -> None:
    """Choose a photo that is too large: it is not sent, so that nothing in the form is lost."""
    field, name = page.locator("#photo"), page.locator("#name-en")
    limit = field.evaluate("field => field.dataset.maxBytes")
    field.evaluate("field => { field.dataset.maxBytes = 9; }")
    field.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    error = page.get_by_role("alert").filter(has_text="This file is too large. Files can be up to 20 MB.")
    expect(error).to_be_visible()
    name.press("Enter")
    expect(field).to_be_focused()
    expect(name).to_have_value("Ada Lovelace")
    field.evaluate("(field, limit) => { field.dataset.maxBytes = limit; }", limit)
    field.set_input_files([])
    expect(error).to_have_count(0)


def _create_session(page: Page) -> None:
    page.goto(f"{PROGRAM}/sessions")
    page.get_by_role("link", name="New session").first.click()
    page.locator("#title-en").fill("Data for cities")
    page.locator("#speakers-name-1").fill("Ada Lovelace")
    page.get_by_label("Type", exact=True).select_option("Lightning talk")
    page.get_by_label("Track", exact=True).select_option("Smart cities")
    # Enter saves: it must not press the first button of a row.
    page.locator("#title-en").press("Enter")
    expect(page.get_by_role("heading", name="Data for cities")).to_be_visible()
    expect(page.locator(".state", has_text="Draft")).to_be_visible()
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def _edit_session(page: Page) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Add rows").first.click()
    expect(page.locator("[name=speakers-name]")).to_have_count(5)
    page.locator("#tags").fill("open data, cities")
    page.locator("#stream_url").fill("http://insecure.example")
    page.get_by_role("button", name="Save changes").last.click()
    expect(page.locator("#errors")).to_contain_text("Enter a complete web address")
    expect(page.locator("#tags")).to_have_value("open data, cities")
    page.locator("#stream_url").fill("https://live.example.org")
    page.get_by_role("button", name="Save changes").last.click()
    expect(page.locator(".tag", has_text="open data")).to_be_visible()


def _duplicate_and_delete(page: Page) -> None:
    page.get_by_role("button", name="Duplicate").click()
    expect(page.locator("#title-en")).to_have_value("Data for cities")
    page.locator("#title-en").fill("A second one")
    page.get_by_role("button", name="Save changes").last.click()
    expect(page.get_by_role("heading", name="A second one")).to_be_visible()
    page.get_by_role("link", name="Delete").click()
    expect(page.get_by_text("1 speaker is no longer listed with it.")).to_be_visible()
    page.get_by_role("button", name="Delete session").click()
    expect(page.get_by_role("link", name="Data for cities")).to_be_visible()
    expect(page.get_by_role("link", name="A second one")).to_have_count(0)


def _cancel(page: Page) -> None:
    page.goto(f"{PROGRAM}/sessions/data-for-cities")
    page.get_by_role("link", name="Cancel session").click()
    page.get_by_role("button", name="Cancel session").click()
    expect(page.locator(".state", has_text="Cancelled")).to_be_visible()


def _look_as_visitor(page: Page) -> None:
    page.goto("/en/sessions/data-for-cities")
    expect(page.locator("h1 s")).to_have_text("Data for cities")
    expect(page.get_by_text("This session will not take place.")).to_be_visible()
    expect(page.get_by_text("Lightning talk")).to_be_visible()
