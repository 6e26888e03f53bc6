"""A company fills in its page on a phone, and a colleague whom it invites gets a badge."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.domains.exhibitors.page_makers import picture
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.speaking import PHONE, expect_to_fit, mailed_path
from tests.make import make_ticket_type

pytestmark = [pytest.mark.browser, pytest.mark.long]

COLLEAGUE = "wu.lei@guiyang.example"
VIDEO = "https://www.bilibili.com/video/BV1xx411c7mD"
PAGES = "/en/exhibitor/guiyang-data"


def test_company_page_when_filled_in_on_a_phone_then_visitors_see_it_and_a_colleague_gets_a_badge(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_ticket_type(edition, now, "exhibitor")
    make_package(edition, now, "Gold", passes=1, pass_ticket="exhibitor")
    company = make_company(edition, now, "Guiyang Data", package="gold")
    owner_id = make_member(edition, company, now)[0].id
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        owner, visitor, colleague = (
            browser.new_context(
                viewport=PHONE,  # type: ignore[arg-type]
                base_url=address,
                locale="en-GB",
                service_workers="block",
            ).new_page()
            for _ in range(3)
        )
        owner.context.add_cookies([sign_in_cookie(app, address, owner_id or 0)])
        _add_product(owner, tmp_path)
        _add_document(owner, tmp_path)
        _add_video(owner)
        _visit(visitor)
        _invite(owner)
        _join(colleague)


def _add_product(page: Page, folder: Path) -> None:
    """Add a product with a picture, delete it by mistake, and restore it."""
    page.goto(f"{PAGES}/products/new")
    page.locator("[name=name-en]").fill("Picker 3000")
    page.get_by_role("button", name="Add product").click()
    expect(page.get_by_text("Product added. Now add pictures.")).to_be_visible()
    (folder / "picker.png").write_bytes(picture().read())
    page.locator("#picture-file").set_input_files(folder / "picker.png")
    page.locator("#pictures").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("img", name="Picture 1 of Picker 3000")).to_be_visible()
    expect_to_fit(page)
    page.goto(f"{PAGES}/products")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name="Picker 3000")).to_be_visible()


def _add_document(page: Page, folder: Path) -> None:
    """Upload a document."""
    page.goto(f"{PAGES}/documents")
    (folder / "prices.pdf").write_bytes(b"%PDF-1.7")
    page.locator("#document-file").set_input_files(folder / "prices.pdf")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("link", name="prices.pdf")).to_be_visible()
    expect_to_fit(page)


def _add_video(page: Page) -> None:
    """Link a video, and see what is still missing."""
    page.goto(f"{PAGES}/page")
    page.locator("[name=tagline-en]").fill("Robots for every warehouse")
    page.locator("[name=videos]").fill(VIDEO)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your company page has been saved.")).to_be_visible()
    expect(page.locator("meter")).to_be_visible()
    expect_to_fit(page)


def _visit(page: Page) -> None:
    """See the page as a visitor."""
    page.goto("/en/exhibitors/guiyang-data")
    expect(page.get_by_text("Robots for every warehouse")).to_be_visible()
    expect(page.get_by_role("heading", name="Picker 3000")).to_be_visible()
    shown = page.get_by_role("img", name="Picture 1 of Picker 3000")
    expect(shown).to_be_visible()
    source = shown.get_attribute("src") or ""
    assert page.request.get(source).headers["content-type"] == "image/jpeg"
    expect(page.get_by_role("link", name="prices.pdf")).to_be_visible()
    expect(page.locator(f"a[href='{VIDEO}']")).to_have_attribute("rel", "noopener noreferrer nofollow ugc")
    expect_to_fit(page)


def _invite(page: Page) -> None:
    """Invite a colleague to the team."""
    page.goto(f"{PAGES}/team")
    page.locator("[name=email]").fill(COLLEAGUE)
    page.locator("[name=role]").select_option("representative")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text(COLLEAGUE).first).to_be_visible()
    expect_to_fit(page)


def _join(page: Page) -> None:
    """Accept the invitation by its link, and get a badge from the company's passes."""
    page.goto("/en" + mailed_path("exhibitors/invitation", "invitation_link"))
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You are now on the team of Guiyang Data.")).to_be_visible()
    page.goto(f"{PAGES}/team")
    page.get_by_role("link", name="Issue pass").click()
    page.locator("[name=name]").fill("Wu Lei")
    page.locator("[name=country]").select_option("CN")
    page.get_by_role("button", name="Issue pass").click()
    expect(page.get_by_text("Has a badge")).to_be_visible()
    page.goto("/en/me")
    expect(page.get_by_role("article", name="Wu Lei")).to_be_visible()
