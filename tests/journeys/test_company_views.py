"""A company's page reports that it was viewed, once an hour from a device, even when the page comes from memory."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import PageView
from expo.infra.db import db
from tests.exhibitors import make_exhibitor
from tests.journeys.browser import open_browser, serve

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_views_when_two_devices_open_a_page_then_two_however_often_they_return(
    app: Flask, edition: EditionFacts
) -> None:
    slug = make_exhibitor(edition)
    with serve(app) as address, open_browser() as browser:
        for _ in range(2):
            context = browser.new_context(viewport={"width": 390, "height": 844})
            page = context.new_page()
            with page.expect_response(lambda response: response.url.endswith("/views")):
                page.goto(f"{address}/en/exhibitors/{slug}")
            _return(page, f"{address}/zh/exhibitors/{slug}")
            context.close()

    db.session.rollback()
    assert db.session.scalars(select(PageView.count)).all() == [2]


def _return(page: Page, address: str) -> None:
    """Open the page again; requests that its script would send are sent before the page is idle."""
    reports: list[str] = []
    page.on("request", lambda request: reports.append(request.url) if request.method == "POST" else None)
    page.goto(address, wait_until="networkidle")
    expect(page.get_by_role("heading", level=1)).to_have_text("Yunshang")
    assert reports == []
