"""An organizer draws a booth and gives it to a company; a visitor finds it on the map and gets a route there."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import get_plan, list_booths
from expo.exhibitors.rules import BoothState, Geometry
from expo.exhibitors.services import RowRequest, add_row
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.pure.plane import Box
from tests.floor_plans import make_company, make_hall
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.test_pages_for_everyone import find_faults

pytestmark = [pytest.mark.browser, pytest.mark.long]

SAVED = "html[data-floor-plan=saved]"


@pytest.fixture
def hall(app: Flask, edition: EditionFacts, now: datetime) -> int:
    """A hall with an entrance, a row of booths in the middle, and two companies."""
    hall_id = make_hall(edition, now, structures=({"kind": "entrance", "x": 30, "y": 40},))
    add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 6, Box(10, 20, 3, 3)), now)
    make_company(edition, "华为技术有限公司", now)
    make_company(edition, "Siemens Energy", now)
    make_company(edition, "Imported", now, booth="Z-01", hall="Hall 1")
    return hall_id


@pytest.fixture
def address(app: Flask, hall: int) -> Iterator[str]:
    with serve(app) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def _point(page: Page, x: float, y: float) -> tuple[float, float]:
    """Return the point of the screen at a point of the hall, in metres."""
    found: dict[str, float] = page.locator("[data-canvas]").evaluate(
        "(svg, at) => { const p = new DOMPoint(...at).matrixTransform(svg.getScreenCTM()); return {x: p.x, y: p.y}; }",
        [x, y],
    )
    return found["x"], found["y"]


def _drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*_point(page, *start))
    page.mouse.down()
    page.mouse.move(*_point(page, *end), steps=4)
    page.mouse.up()


def click_plan(page: Page, x: float, y: float) -> None:
    """Click a point of the hall, in metres."""
    page.mouse.click(*_point(page, x, y))


def _open_editor(app: Flask, edition: EditionFacts, browser: Browser, address: str, name: str) -> Page:
    person_id = ensure_person(f"{name}@example.org", name, "en", utcnow())
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, utcnow())
    context = browser.new_context(viewport={"width": 1440, "height": 1400}, bypass_csp=True)
    context.add_cookies([sign_in_cookie(app, address, person_id)])
    page = context.new_page()
    page.goto(f"{address}/en/organizer/floor-plan/hall-1")
    expect(page.locator(SAVED)).to_be_attached()
    return page


def _check_shapes(page: Page, edition: EditionFacts) -> None:
    """Turn a booth, draw an outline by the pointer and one by the keyboard, and cut off a corner of the hall."""
    page.locator("[data-booths] g", has_text="A-06").click()
    page.get_by_label("Angle").fill("30")
    page.get_by_label("Angle").press("Enter")
    page.locator("[data-canvas]").focus()
    page.keyboard.press(".")
    page.get_by_role("button", name="Draw outline").click()
    page.locator("[data-number]").fill("P-01")
    for point in ((40, 5), (46, 5), (46, 9), (40, 5)):
        click_plan(page, *point)
    page.get_by_role("button", name="Draw outline").click()
    for key in (" ", "ArrowRight", " ", "ArrowDown", " ", "Backspace", "ArrowDown", " ", "Enter"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Outline of the hall").click()
    for point in ((0, 0), (60, 0), (60, 30), (50, 40), (0, 40)):
        click_plan(page, *point)
    page.keyboard.press("Enter")
    expect(page.locator("[data-hall] .map-outline")).to_have_attribute("d", re.compile("60.00 30.00L50.00 40.00"))
    expect(page.locator(SAVED)).to_be_attached()
    db.session.rollback()
    booths = {
        each.code: each.place for each in list_booths(edition.id, get_plan(edition.id, "hall-1").hall_id, utcnow())
    }
    places = [booths[code] or Geometry(Box(0, 0, 0, 0)) for code in ("A-06", "P-01", "P-02")]
    assert [each.rotation for each in places] == [35, 0, 0]
    assert [each.polygon for each in places[1:]] == [((40, 5), (46, 5), (46, 9)), ((0, 0), (0.5, 0), (0.5, 1))]


def test_floor_plan_when_drawn_and_sold_then_the_visitor_finds_the_booth_and_the_way(
    app: Flask, edition: EditionFacts, hall: int, address: str, browser: Browser, now: datetime
) -> None:
    page = _open_editor(app, edition, browser, address, "ann")
    other = _open_editor(app, edition, browser, address, "bob")
    assert find_faults(page) == []

    # Draw a booth, snapped to its neighbour, and undo a move by the keyboard.
    page.get_by_role("button", name="Draw booth").click()
    page.locator("[data-number]").fill("B-01")
    _drag(page, (28.2, 20.1), (32.1, 24.1))
    expect(page.locator("[data-booths] text", has_text="B-01")).to_have_count(1)
    expect(page.locator(SAVED)).to_be_attached()
    page.get_by_role("button", name="Select", exact=True).click()
    page.locator("[data-canvas]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+z")
    expect(page.locator(SAVED)).to_be_attached()

    # An imported booth gets a place, and loses it again.
    page.get_by_role("button", name="Z-01 · Imported").click()
    expect(page.locator("[data-booths] text", has_text="Z-01")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Z-01 · Imported")).to_have_count(1)
    expect(page.locator(SAVED)).to_be_attached()
    page.locator("[data-booths] g", has_text="B-01").click()

    # The exhibitor gets the selected booth.
    page.get_by_role("button", name="华为技术有限公司").click()
    expect(page.get_by_role("status").filter(has_text="Booth sold.")).to_be_visible()
    db.session.rollback()
    booths = {each.code: each for each in list_booths(edition.id, get_plan(edition.id, "hall-1").hall_id, now)}
    place = booths["B-01"].place
    assert (place and place.box, booths["B-01"].state) == (Box(28, 20, 4, 4), BoothState.SOLD)
    page.locator("[data-canvas]").focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-state]")).to_contain_text("Booth B-01 is held or sold. Release it first")

    # The second editor sees what the first does, and a message says so.
    expect(other.locator("[data-booths] text", has_text="B-01")).to_have_count(1)
    expect(other.get_by_role("button", name="华为技术有限公司")).to_have_count(0)
    _drag(page, (14.5, 21.5), (14.5, 31.5))
    expect(other.locator("[data-state]")).to_contain_text("ann has moved booth A-02.")

    # If it has not seen it yet, its own change is refused, and can still be made.
    other.route("**/state.json?since=*", lambda route: route.abort())
    _drag(page, (11.5, 21.5), (11.5, 31.5))
    expect(page.locator(SAVED)).to_be_attached()
    _drag(other, (11.5, 21.5), (20, 31.5))
    expect(other.locator("[data-state]")).to_contain_text("ann has moved booth A-01. Your change was not saved.")
    other.unroute("**/state.json?since=*")
    other.get_by_role("button", name="Redo").click()
    expect(other.locator(SAVED)).to_be_attached()
    _check_shapes(page, edition)

    # On a phone, from right to left: typed wrongly, found, shown, and the way from the entrance.
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, bypass_csp=True).new_page()
    phone.goto(f"{address}/ar/map/hall-1")
    expect(phone.locator("html[data-map=ready]")).to_be_attached()
    assert find_faults(phone) == []
    phone.goto(f"{address}/en/exhibitors")
    phone.get_by_role("button", name="Favourite: 华为技术有限公司").click()
    expect(phone.get_by_role("button", name="Favourite: 华为技术有限公司")).to_have_attribute("aria-pressed", "true")
    phone.goto(f"{address}/en/exhibitors/favourites")
    expect(phone.get_by_role("heading", name="华为技术有限公司")).to_be_visible()
    phone.goto(f"{address}/en/map/hall-1")
    expect(phone.locator("html[data-map=ready]")).to_be_attached()
    expect(phone.locator(".map-booth.is-favourite")).to_have_attribute("data-code", "B-01")
    phone.get_by_label("Company or booth").fill("huawie")
    phone.locator("[data-map-found]").get_by_role("link", name="华为技术有限公司").click()
    expect(phone.locator("[data-map-card]")).to_contain_text("B-01")
    expect(phone.locator("[data-map-chosen], .map-chosen")).to_have_count(1)
    phone.get_by_label("From").fill("hall-1/entrance 1")
    phone.get_by_role("button", name="Get directions").click()
    expect(phone.locator(".map-way")).to_have_count(1)
    expect(phone.locator(".map-steps")).to_contain_text("You have arrived: 华为技术有限公司 (B-01, Hall 1)")
    assert find_faults(phone) == []
