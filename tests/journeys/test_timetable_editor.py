"""The timetable editor in real browsers: by mouse, by keyboard, by two people at once, and without network."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.flows.sessions import change_session
from expo.flows.speakers import change_speaker
from expo.infra.db import db
from expo.program.queries import read_draft
from expo.program.rules import SpeakerPart, SpeakerRequest, TypeRequest
from expo.program.rules.timetable import Slot
from expo.program.services import create_type, delete_session
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.timetables import make_room, make_session, session_request, slot_at

pytestmark = [pytest.mark.browser, pytest.mark.long]

# The height of a minute at the usual zoom.
PIXELS = 1.7
SAVED = "html[data-timetable=saved]"


@dataclass
class Desk:
    """An application that is served, and a browser to look at it."""

    app: Flask
    edition: EditionFacts
    now: datetime
    address: str
    browser: Browser
    rooms: tuple[int, int]

    def open(self, name: str) -> Page:
        """Open the editor for a person, who is made an organizer."""
        person_id = ensure_person(f"{name.lower()}@example.org", name, "en", self.now)
        grant_role(SYSTEM, self.edition.id, person_id, Role.ORGANIZER, self.now)
        context = self.browser.new_context(viewport={"width": 1440, "height": 1000})
        context.add_cookies([sign_in_cookie(self.app, self.address, person_id)])
        page = context.new_page()
        page.goto(f"{self.address}/en/organizer/program/timetable")
        expect(page.locator(SAVED)).to_be_attached()
        return page

    def slot_of(self, slug: str) -> Slot | None:
        """Return where a session is stored."""
        db.session.rollback()
        return read_draft(self.edition).get_session(slug).slot


@pytest.fixture
def desk(app: Flask, edition: EditionFacts, now: datetime) -> Iterator[Desk]:
    rooms = (make_room(edition, "Hall 1", position=1), make_room(edition, "Hall 2", position=2))
    make_session(edition, "opening", "Ada", title={"en": "Opening"})
    make_session(edition, "second", "Ada", title={"en": "Second"})
    with serve(app) as address, open_browser() as browser:
        yield Desk(app, edition, now, address, browser, rooms)


def _drag(page: Page, item: Locator, column: int, minutes: int) -> None:
    """Drag an item of the list to some minutes after the grid's first hour, in a column."""
    source, target = item.bounding_box(), page.locator(".tt-column").nth(column).bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + 30, source["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 30, target["y"] + minutes * PIXELS, steps=4)
    page.mouse.up()


def test_sessions_when_placed_by_mouse_and_keyboard_then_conflicts_are_shown_solved_and_undone(desk: Desk) -> None:
    ann, bo = desk.open("Ann"), desk.open("Bo")

    _drag(ann, ann.locator(".tt-item", has_text="Opening"), 0, 60)
    expect(ann.locator(".tt-column").first.locator(".tt-card")).to_contain_text("Opening")
    expect(ann.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 09:00")

    ann.locator(".tt-item", has_text="Second").focus()
    ann.keyboard.press("Space")
    expect(ann.locator(".tt-column").nth(1).locator(".tt-card")).to_contain_text("Second")
    conflicts = ann.locator("[data-conflict-list]")
    expect(conflicts).to_contain_text("Ada is in “Opening” and “Second” at the same time.")
    expect(ann.locator("[data-announce]")).to_contain_text("Conflict: Ada is in")
    expect(ann.locator(".tt-card.is-error")).to_have_count(2)

    for _ in range(6):
        ann.keyboard.press("ArrowDown")
    ann.keyboard.press("Enter")
    expect(conflicts).to_contain_text("No conflicts")
    expect(ann.locator("[data-announce]")).to_contain_text("Moved to Hall 2, 09:30")
    expect(bo.locator(".tt-column").nth(1).locator(".tt-card")).to_contain_text("09:30–10:00")
    expect(bo.locator("[data-state]")).to_contain_text("Ann moved “Second”.")

    ann.keyboard.press("Control+z")
    expect(conflicts).to_contain_text("Ada is in")
    expect(bo.locator(".tt-column").nth(1).locator(".tt-card")).to_contain_text("09:00–09:30")
    ann.keyboard.press("Control+y")
    expect(bo.locator(".tt-column").nth(1).locator(".tt-card")).to_contain_text("09:30–10:00")
    expect(ann.locator(SAVED)).to_be_attached()
    assert [desk.slot_of(slug) for slug in ("opening", "second")] == [
        slot_at(desk.rooms[0]),
        slot_at(desk.rooms[1], 30),
    ]


def test_card_when_moved_by_keys_then_resized_cancelled_and_opened_as_a_form(desk: Desk) -> None:
    page = desk.open("Ann")
    page.locator(".tt-item", has_text="Opening").focus()
    page.keyboard.press("Space")
    card = page.locator(".tt-card", has_text="Opening")
    expect(card).to_be_focused()
    expect(page.locator(SAVED)).to_be_attached()

    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announce]")).to_contain_text("Moved to Hall 2, 09:00")
    expect(card).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-announce]")).to_contain_text("Hall 2, 09:05–09:40. Press Escape to cancel.")
    page.keyboard.press("Escape")
    expect(card).to_contain_text("09:00–09:35")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.address}/en/organizer/program/timetable/sessions/opening")
    expect(page.get_by_label("Duration in minutes")).to_have_value("35")

    assert desk.slot_of("opening") == slot_at(desk.rooms[1], 0, 35)


def test_card_when_dragged_at_its_lower_edge_then_longer_and_back_to_the_list_then_unplaced(desk: Desk) -> None:
    page = desk.open("Ann")
    page.locator(".tt-item", has_text="Opening").focus()
    page.keyboard.press("Space")
    expect(page.locator(SAVED)).to_be_attached()
    card = page.locator(".tt-card", has_text="Opening")
    box = card.bounding_box()
    assert box is not None
    bottom = box["y"] + box["height"]

    page.mouse.move(box["x"] + 30, bottom - 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, bottom + 30 * PIXELS, steps=4)
    page.mouse.up()
    expect(card).to_contain_text("09:00–10:00")
    # Not what is announced: that is the same as before.
    expect(page.locator(SAVED)).to_be_attached()
    longer = desk.slot_of("opening")

    card.hover(position={"x": 30, "y": 10})
    page.mouse.down()
    page.locator("#tt-unplaced").hover()
    page.mouse.up()
    expect(page.locator("[data-announce]")).to_contain_text("Removed from the timetable.")
    expect(page.locator(".tt-item")).to_have_count(2)

    assert (longer, desk.slot_of("opening")) == (slot_at(desk.rooms[0], 0, 60), None)


def test_editor_when_sessions_are_edited_elsewhere_then_shows_it_without_being_reloaded(desk: Desk) -> None:
    page = desk.open("Ann")
    page.locator(".tt-item", has_text="Opening").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 09:00")
    page.evaluate("window.isStillHere = true")

    edited = session_request("Grand opening", speakers=(SpeakerPart("ada"),))
    change_session(SYSTEM, desk.edition.id, "opening", edited, None, desk.now)
    expect(page.locator(".tt-card")).to_contain_text("Grand opening")
    expect(page.locator("[data-state]")).to_contain_text("“Grand opening” was edited.")
    change_speaker(SYSTEM, desk.edition.id, "ada", SpeakerRequest({"en": "Ada Lovelace"}, {}), None, None, desk.now)
    expect(page.locator(".tt-card")).to_contain_text("Ada Lovelace")
    expect(page.locator(".tt-item")).to_contain_text("Ada Lovelace")
    expect(page.locator("[data-state]")).to_contain_text("2 sessions were edited.")
    create_type(SYSTEM, desk.edition.id, TypeRequest({"en": "Workshop"}, minutes=90), desk.now)
    longer = session_request("Second", kind="workshop")
    change_session(SYSTEM, desk.edition.id, "second", longer, None, desk.now)
    expect(page.locator(".tt-item")).to_have_text("Second90 min")
    delete_session(SYSTEM, desk.edition.id, "second", None, desk.now)
    expect(page.locator("[data-unplaced-list]")).to_have_text("All sessions are placed.")

    assert page.evaluate("window.isStillHere")
    assert desk.slot_of("opening") == slot_at(desk.rooms[0])


def test_editor_when_somebody_else_makes_a_conflict_then_named_with_who_made_it(desk: Desk) -> None:
    ann, bo = desk.open("Ann"), desk.open("Bo")
    for title in ("Opening", "Second"):
        ann.locator(".tt-item", has_text=title).focus()
        ann.keyboard.press("Space")
        expect(ann.locator(SAVED)).to_be_attached()

    state = bo.locator("[data-state]")
    expect(state).to_contain_text("Ann moved “Second”. Conflict: Ada is in “Opening” and “Second” at the same time.")
    expect(bo.locator("[data-announce]")).to_contain_text("Conflict: Ada is in")


def test_card_when_somebody_else_moved_it_unseen_then_refused_with_who_and_where(desk: Desk) -> None:
    ann, bo = desk.open("Ann"), desk.open("Bo")
    # Bo does not learn of changes.
    bo.route("**/timetable/changes*", lambda route: route.abort())
    ann.locator(".tt-item", has_text="Opening").focus()
    ann.keyboard.press("Space")
    expect(ann.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 09:00")

    bo.locator(".tt-item", has_text="Opening").focus()
    bo.locator(".tt-item", has_text="Opening").press("Space")
    # The same place is not a conflict; another one is.
    expect(bo.locator(SAVED)).to_be_attached()
    ann.locator(".tt-card").focus()
    ann.keyboard.press("ArrowRight")
    ann.keyboard.press("Enter")
    expect(ann.locator("[data-announce]")).to_contain_text("Moved to Hall 2, 09:00")
    bo.locator(".tt-card").focus()
    bo.keyboard.press("ArrowDown")
    bo.keyboard.press("Enter")

    expect(bo.locator("[data-state]")).to_contain_text("Ann has moved “Opening” in the meantime.")
    expect(bo.locator("[data-state]")).to_contain_text("Now: Hall 2, Wed 26 May, 09:00–09:30.")
    expect(bo.locator(".tt-column").nth(1).locator(".tt-card")).to_contain_text("09:00–09:30")
    assert desk.slot_of("opening") == slot_at(desk.rooms[1])


def test_change_when_the_network_is_away_then_kept_also_over_a_reload_and_sent_later(desk: Desk) -> None:
    page = desk.open("Ann")
    page.route("**/timetable/placements", lambda route: route.abort())
    page.locator(".tt-item", has_text="Opening").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-state]")).to_contain_text("You are offline.")
    expect(page.locator(".tt-card.is-pending")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator(".tt-card.is-pending")).to_have_count(1)
    lost = desk.slot_of("opening")

    page.unroute("**/timetable/placements")

    expect(page.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 09:00")
    expect(page.locator(SAVED)).to_be_attached()
    assert (lost, desk.slot_of("opening")) == (None, slot_at(desk.rooms[0]))


def test_session_when_dragged_by_a_finger_after_a_moment_then_placed(desk: Desk) -> None:
    cookies = desk.open("Ann").context.cookies()
    context = desk.browser.new_context(viewport={"width": 1024, "height": 1000}, has_touch=True)
    context.add_cookies([{"name": each["name"], "value": each["value"], "url": desk.address} for each in cookies])
    page = context.new_page()
    page.goto(f"{desk.address}/en/organizer/program/timetable")
    expect(page.locator(SAVED)).to_be_attached()
    item = page.locator(".tt-item", has_text="Opening").bounding_box()
    column = page.locator(".tt-column").first.bounding_box()
    assert item is not None
    assert column is not None
    finger = context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": item["x"] + 30, "y": item["y"] + 5})
    expect(page.locator(".tt-item.is-dragged")).to_have_count(1)
    touch("touchMove", {"x": column["x"] + 20, "y": column["y"] + 30})
    touch("touchMove", {"x": column["x"] + 30, "y": column["y"] + 60 * PIXELS})
    touch("touchEnd")

    expect(page.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 09:00")
    assert desk.slot_of("opening") == slot_at(desk.rooms[0])


def test_sessions_when_searched_for_then_only_those_that_match(desk: Desk) -> None:
    page = desk.open("Ann")

    page.get_by_label("Search", exact=True).fill("ada sec")

    expect(page.locator(".tt-item")).to_have_text(["Second30 min · Ada"])
    page.get_by_label("Search", exact=True).fill("nobody")
    expect(page.locator("[data-unplaced-list]")).to_have_text("No sessions found")


def test_place_when_scripts_are_off_then_a_session_is_placed_by_the_form(desk: Desk) -> None:
    cookie = desk.open("Ann").context.cookies()
    context = desk.browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": each["name"], "value": each["value"], "url": desk.address} for each in cookie])
    page = context.new_page()
    page.goto(f"{desk.address}/en/organizer/program/timetable")

    page.get_by_role("link", name="Second").click()
    page.get_by_label("Room").select_option("Hall 2")
    page.get_by_label("Start").fill("09:30")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Changes saved.")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.locator("[data-rooms]")).to_contain_text("09:30–10:00")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()

    assert desk.slot_of("second") is None
