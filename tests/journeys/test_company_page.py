"""A company fills in its page on a phone, organizers see what is missing, and visitors find it by its topics."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.domains.exhibitors.page_makers import picture
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.test_pages_for_everyone import find_faults

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def people(app: Flask, edition: EditionFacts, now: datetime) -> tuple[int, int]:
    """The owner of a company with one lead licence, and an organizer."""
    make_package(edition, now, "Gold", lead_licences=1)
    company = make_company(edition, now, "Guiyang Data", package="gold")
    make_company(edition, now, "Öresund Robotics", country="SE")
    owner, _ = make_member(edition, company, now, email="owner@example.org", name="Ann Miller")
    organizer_id = ensure_person("organizer@example.org", "Olga", "en", utcnow())
    grant_role(SYSTEM, edition.id, organizer_id, Role.ORGANIZER, utcnow())
    db.session.rollback()
    return owner.id or 0, organizer_id


@pytest.fixture
def address(app: Flask, people: tuple[int, int]) -> Iterator[str]:
    with serve(app) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def test_company_page_when_filled_in_on_a_phone_then_organizers_and_visitors_see_it(
    app: Flask, address: str, browser: Browser, people: tuple[int, int], tmp_path: Path
) -> None:
    owner = _open(app, address, browser, people[0], 390)
    organizer = _open(app, address, browser, people[1], 1440)
    visitor = _open(app, address, browser, None, 390)

    _write_page(owner, tmp_path)
    _add_product(owner)
    _add_and_delete_documents(owner, tmp_path)
    _assign_licence(owner)
    _write_to_incomplete(organizer)
    _find_by_topic(visitor)


def _open(app: Flask, address: str, browser: Browser, person_id: int | None, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, base_url=address, locale="en-GB", bypass_csp=True
    )
    if person_id is not None:
        context.add_cookies([sign_in_cookie(app, address, person_id)])
    return context.new_page()


def _fits(page: Page) -> None:
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")


def _write_page(page: Page, folder: Path) -> None:
    """Write texts, choose a topic, and upload a logo."""
    logo = folder / "logo.png"
    logo.write_bytes(picture().read())
    page.goto("/en/exhibitor/guiyang-data/page")
    page.locator("[name=tagline-en]").fill("Robots for every warehouse")
    page.locator("[name=offers][value=robotics]").evaluate("box => { box.checked = true; }")
    page.get_by_role("button", name="Save changes").first.click()
    expect(page.get_by_text("Your company page is saved.")).to_be_visible()
    page.locator("#logo-file").set_input_files(logo)
    page.locator("#logo").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("img", name="Logo")).to_be_visible()
    assert find_faults(page) == []
    _fits(page)


def _add_product(page: Page) -> None:
    """Add a product, delete it by mistake, and restore it."""
    page.goto("/en/exhibitor/guiyang-data/products/new")
    page.locator("[name=name-en]").fill("Picker 3000")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Product added. Now add pictures.")).to_be_visible()
    page.goto("/en/exhibitor/guiyang-data/products")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("link", name="Picker 3000")).to_be_visible()
    _fits(page)


def _add_and_delete_documents(page: Page, folder: Path) -> None:
    """Upload two documents; deleting one asks first."""
    page.goto("/en/exhibitor/guiyang-data/documents")
    for name in ("prices.pdf", "old.pdf"):
        (folder / name).write_bytes(b"%PDF-1.7")
        page.locator("#document-file").set_input_files(folder / name)
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_role("link", name=name)).to_be_visible()
    row = page.locator("li", has_text="old.pdf")
    row.get_by_role("link", name="Delete").click()
    expect(page.locator("h1")).to_have_text("Delete old.pdf?")
    page.get_by_role("link", name="Back").click()
    row.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete document").click()
    expect(page.get_by_role("link", name="old.pdf")).to_have_count(0)
    expect(page.get_by_role("link", name="prices.pdf")).to_be_visible()
    _fits(page)


def _assign_licence(page: Page) -> None:
    """Learn that a licence is missing, and assign it to oneself."""
    page.goto("/en/exhibitor/guiyang-data/leads")
    expect(page.get_by_text("An owner of your team can assign you one: Ann Miller")).to_be_visible()
    page.goto("/en/exhibitor/guiyang-data/team")
    page.get_by_role("button", name="Assign lead licence").click()
    expect(page.get_by_text("1 of 1 lead licences are assigned.")).to_be_visible()
    assert find_faults(page) == []
    _fits(page)


def _write_to_incomplete(page: Page) -> None:
    """Filter the companies whose page has no logo, select all, and see whom an e-mail would reach."""
    page.goto("/en/organizer/exhibitors")
    page.locator("#filter-completeness").select_option("logo")
    expect(page.get_by_role("status").filter(has_text="1 company")).to_be_visible()
    expect(page.get_by_role("link", name="Guiyang Data")).to_have_count(0)
    page.get_by_role("link", name="Select 1 company").click()
    page.get_by_role("button", name="Write e-mail").click()
    page.get_by_label("Your message").fill("Please upload your logo.")
    page.get_by_role("button", name="Preview").click()
    words = "Nobody on the team of 1 company can receive e-mails yet: Öresund Robotics"
    expect(page.get_by_text(words)).to_be_visible()
    assert find_faults(page) == []


def _find_by_topic(page: Page) -> None:
    """Choose a topic in the directory, open the company, and come back by its topic."""
    page.goto("/en/exhibitors")
    expect(page.get_by_role("link", name="O", exact=True)).to_be_visible()
    page.locator("#offers").select_option("robotics")
    expect(page.get_by_role("status").filter(has_text="1 of 2 exhibitors")).to_be_visible()
    assert "offers=robotics" in page.url
    assert find_faults(page) == []
    _fits(page)
    page.get_by_role("link", name="Guiyang Data").click()
    expect(page.get_by_role("img", name="Logo of Guiyang Data")).to_be_visible()
    page.get_by_role("link", name="Robotics").click()
    expect(page.locator("#offers")).to_have_value("robotics")
