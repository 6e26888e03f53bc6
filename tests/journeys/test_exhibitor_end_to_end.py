"""An exhibitor end to end, in real browsers: from the application to the report after the expo."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import PackageRequest, WindowRequest
from expo.exhibitors.services import RowRequest, add_row, create_package, set_window
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.leads.models import LeadScan
from expo.pure.plane import Box
from expo.registration.models import Attendee
from tests.floor_plans import make_hall
from tests.journeys.bad_network import Network, open_network
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.door_phone import Phone, expect_unsent, open_light_phone
from tests.journeys.speaking import mailed_path
from tests.journeys.test_floor_plan import click_plan
from tests.journeys.test_meetings import read_calendar_of
from tests.make import MadeAttendee, make_attendee, make_ticket_type
from tests.web.door.phone import type_like_a_scanner

pytestmark = [pytest.mark.browser, pytest.mark.long]

COMPANY = "贵州山云数据"
COLLEAGUE = "wu.lei@shanyun.example"


@dataclass
class Fair:
    """An expo with a hall and a package, served, and a browser for everybody who takes part."""

    app: Flask
    edition: EditionFacts
    address: str
    browser: Browser
    phone: Phone
    network: Network
    visitor: MadeAttendee

    def open_page(self, person_id: int | None, width: int, height: int, locale: str) -> Page:
        """Open a computer or phone of a person, or of somebody who has not signed in."""
        # The worker of /me would show its own copy of the page where the server takes more than four seconds.
        size: ViewportSize = {"width": width, "height": height}
        context = self.browser.new_context(viewport=size, base_url=self.address, locale=locale, service_workers="block")
        if person_id is not None:
            context.add_cookies([sign_in_cookie(self.app, self.address, person_id)])
        return context.new_page()

    def open_organizer(self) -> Page:
        """Open the computer of an organizer."""
        person_id = ensure_person("organizer@example.org", "Olga", "en", utcnow())
        grant_role(SYSTEM, self.edition.id, person_id, Role.ORGANIZER, utcnow())
        return self.open_page(person_id, 1440, 1400, "en-GB")


def _prepare(edition: EditionFacts, now: datetime) -> MadeAttendee:
    """Open the applications with a package, draw a hall with booths, and register a visitor."""
    make_ticket_type(edition, now, "exhibitor")
    make_hall(edition, now)
    add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 4, Box(10, 20, 3, 3)), now)
    set_window(SYSTEM, edition.id, WindowRequest(is_open=True), now)
    package = PackageRequest(
        {"en": "Standard", "zh": "标准展位"}, booth_area=9, passes=2, lead_licences=2, pass_ticket="exhibitor"
    )
    create_package(SYSTEM, edition.id, package, now)
    return make_attendee(edition, now, name="Ann Miller", company="Dataflow", email="ann@example.org")


@contextmanager
def _open_fair(app: Flask, edition: EditionFacts) -> Iterator[Fair]:
    visitor = _prepare(edition, utcnow() - timedelta(minutes=1))
    db.session.rollback()
    with (
        serve(app) as server,
        open_network(server) as (network, address),
        open_light_phone(address) as phone,
        open_browser() as browser,
    ):
        yield Fair(app, edition, server, browser, phone, network, visitor)


def test_exhibitor_when_taken_from_application_to_report_then_every_step_is_done_in_the_browser(
    app: Flask, edition: EditionFacts
) -> None:
    with _open_fair(app, edition) as fair:
        organizer = fair.open_organizer()
        laptop = fair.open_page(None, 1280, 900, "zh-CN")
        _apply(laptop)
        slug = _approve(organizer)
        _fill_page(laptop, slug)
        colleague = _invite_colleague(fair, laptop, slug)
        _assign_booth(organizer)
        visitor = fair.open_page(fair.visitor.attendee.person_id, 390, 844, "en-GB")
        _find_by_recommendation(visitor)
        _agree_on_a_meeting(visitor, colleague, slug)
        calendars = [read_calendar_of(page, fair.address) for page in (visitor, colleague)]
        assert [re.findall(r"DTSTART;TZID=[^:]+:(.+)\r", each) for each in calendars] == [["20270526T103000"]] * 2
        _collect_lead_offline(fair, slug)
        assert _read_leads(colleague, slug) == ["Ann Miller"]
        assert _count_in_report(colleague, slug, "Leads") == "1"
        _withdraw(visitor)
        assert _read_leads(colleague, slug) == [""]
        assert _count_in_report(colleague, slug, "Meetings") == "1"


def _apply(page: Page) -> None:
    """Apply in Chinese, beginning with an e-mailed link."""
    page.goto("/zh/")
    page.get_by_role("link", name="申请参展").click()
    page.get_by_role("link", name="立即申请").first.click()
    page.get_by_label("您的姓名").fill("周敏")
    page.get_by_label("邮箱").fill("zhou.min@shanyun.example")
    page.get_by_role("button", name="发送链接").click()
    expect(page.locator("h1")).to_have_text("请查收邮件")
    page.goto("/zh" + mailed_path("exhibitors/start", "start_link"))
    page.get_by_role("button", name="登录").click()
    page.locator("[name=company]").fill(COMPANY)
    page.locator("[name=country]").select_option("CN")
    page.locator("[name=website]").fill("shanyun.example")
    page.locator("[name=package]").select_option("standard")
    page.locator("[name=description]").fill("面向城市的数据治理平台")
    page.locator("form[data-application] button[type=submit]").click()
    expect(page.locator("h1")).to_have_text(COMPANY)


def _approve(page: Page) -> str:
    """Approve the application and return the company's slug."""
    page.goto("/en/organizer/exhibitors/applications")
    page.get_by_role("link", name=COMPANY).click()
    page.get_by_role("link", name="Approve").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved", exact=True).first).to_be_visible()
    return page.url.rstrip("/").rpartition("/")[2].partition("?")[0]


def _fill_page(page: Page, slug: str) -> None:
    """Write the company's page in two languages, with what it offers."""
    page.goto(f"/zh/exhibitor/{slug}/page")
    page.locator("[name=tagline-zh]").fill("让城市数据可信流通")
    page.locator("[name=tagline-en]").fill("Trusted data for cities")
    page.locator("[name=offers][value=data-governance]").evaluate("box => { box.checked = true; }")
    with page.expect_navigation():
        page.get_by_role("button", name="保存修改").first.click()
    page.goto(f"/zh/exhibitors/{slug}")
    expect(page.get_by_text("让城市数据可信流通").first).to_be_visible()


def _invite_colleague(fair: Fair, owner: Page, slug: str) -> Page:
    """Invite a colleague, who joins by the e-mailed link and gets a badge; return the colleague's browser."""
    owner.goto(f"/zh/exhibitor/{slug}/team")
    owner.locator("[name=email]").fill(COLLEAGUE)
    owner.locator("[name=name]").fill("吴磊")
    owner.locator("[name=role]").select_option("editor")
    owner.get_by_role("button", name="发送邀请").click()
    expect(owner.get_by_text(COLLEAGUE).first).to_be_visible()
    page = fair.open_page(None, 1280, 900, "en-GB")
    page.goto("/en" + mailed_path("exhibitors/invitation", "invitation_link"))
    with page.expect_navigation():
        page.get_by_role("button", name="Accept").click()
    page.goto(f"/en/exhibitor/{slug}/team")
    page.get_by_role("link", name="Issue pass").click()
    page.locator("[name=country]").select_option("CN")
    page.get_by_role("button", name="Issue pass").click()
    expect(page.get_by_text("Has a badge")).to_be_visible()
    page.goto("/en/me")
    expect(page.get_by_role("article", name="吴磊")).to_be_visible()
    owner.reload()
    owner.locator("li", has_text=COLLEAGUE).locator("form[action$='/licence/assign'] button").click()
    expect(owner.locator("form[action$='/licence/release']")).to_be_visible()
    return page


def _assign_booth(page: Page) -> None:
    """Give the company a booth by selecting both on the plan."""
    page.goto("/en/organizer/floor-plan/hall-1")
    expect(page.locator("html[data-floor-plan=saved]")).to_be_attached()
    click_plan(page, 11.5, 21.5)
    page.get_by_role("button", name=COMPANY).click()
    expect(page.get_by_role("status").filter(has_text="Booth sold.")).to_be_visible()


def _find_by_recommendation(page: Page) -> None:
    """Say what one looks for, be recommended the company with a reason, and mark it as a favourite."""
    page.goto("/en/me/interests")
    page.locator("[name=topics][value=data-governance]").evaluate("box => { box.checked = true; }")
    page.get_by_role("button", name="Show recommendations").click()
    card = page.locator("li", has=page.get_by_role("heading", name=COMPANY))
    expect(card).to_contain_text("Data governance")
    page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
    card.get_by_role("link").click()
    # The page before has such buttons too.
    expect(page.get_by_role("heading", level=1, name=COMPANY)).to_be_visible()
    page.get_by_role("button", name="Favourite").click()
    expect(page.locator(".heart-button[aria-pressed=true]")).to_be_visible()


def _agree_on_a_meeting(visitor: Page, colleague: Page, slug: str) -> None:
    """Request a meeting, propose another time, and accept it."""
    visitor.get_by_role("link", name="Request a meeting").click()
    visitor.get_by_label("What would you like to talk about?").fill("Data governance for our city")
    visitor.get_by_label("09:00").first.check(force=True)
    visitor.get_by_role("button", name="Send request").click()
    expect(visitor.get_by_text("Awaiting an answer")).to_be_visible()
    colleague.goto(f"/en/exhibitor/{slug}/meetings")
    colleague.get_by_role("link", name="Ann Miller").click()
    colleague.get_by_text("Propose other times", exact=True).click()
    colleague.locator("input[name=times][value*='T10:30']").first.check(force=True)
    colleague.get_by_role("button", name="Propose times").click()
    expect(colleague.get_by_text("Times proposed.")).to_be_visible()
    visitor.reload()
    visitor.locator("input[name=starts_at]").check(force=True)
    visitor.get_by_role("button", name="Accept").click()
    expect(visitor.get_by_text("The meeting is scheduled.")).to_be_visible()


def _collect_lead_offline(fair: Fair, slug: str) -> None:
    """Scan the visitor's badge at the booth without a network, with a note, and send it once the network is back."""
    person_id = db.session.scalars(select(Attendee.person_id).where(Attendee.email == COLLEAGUE)).one()
    db.session.rollback()
    fair.phone.sign_in(fair.app, person_id)
    page = fair.phone.context.new_page()
    page.goto(f"/en/exhibitor/{slug}/leads/scan")
    expect(page.locator("html")).to_have_attribute("data-booth", "ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    fair.network.is_up = False
    type_like_a_scanner(page, fair.visitor.token)
    expect(page.get_by_role("heading", name="Lead saved")).to_be_visible()
    page.get_by_label("Note").fill("Wants a pilot in autumn")
    page.locator("#saved").get_by_role("button", name="Next badge").click()
    expect_unsent(page, 1)
    fair.network.is_up = True
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect_unsent(page, 0)
    db.session.rollback()
    assert len(db.session.scalars(select(LeadScan)).all()) == 1
    db.session.rollback()


def _read_leads(page: Page, slug: str) -> list[str]:
    """Return the names in the company's exported leads."""
    file = page.request.get(f"/en/exhibitor/{slug}/leads/export.xlsx")
    head, *rows = CalamineWorkbook.from_filelike(io.BytesIO(file.body())).get_sheet_by_index(0).to_python()
    return [str(row[head.index("Name")]) for row in rows]


def _count_in_report(page: Page, slug: str, figure: str) -> str:
    """Return a figure of the company's report."""
    page.goto(f"/en/exhibitor/{slug}/report")
    return page.locator(".stat", has_text=figure).first.locator(".stat-value").inner_text()


def _withdraw(page: Page) -> None:
    """Stop sharing with the company that scanned the badge."""
    page.goto("/en/me")
    page.get_by_role("button", name=f"Stop sharing with {COMPANY}").click()
    expect(page.get_by_role("button", name=f"Undo: share with {COMPANY} again")).to_be_visible()
