"""The programme end to end, in real browsers: from the call for proposals to the last change on the day."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import drain
from expo.mail.models import Email
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.speaking import (
    accept_invitation,
    begin_first_proposal,
    expect_to_fit,
    invite_co_speaker,
    open_phone,
)
from tests.make import make_attendee
from tests.timetables import make_room

pytestmark = [pytest.mark.browser, pytest.mark.long]

LAKES, TRUST = "数据湖的未来", "可信数据空间"
# The height of a minute in the timetable editor, which begins at eight.
PIXELS = 1.7
SAVED = "html[data-timetable=saved]"


@dataclass
class Expo:
    """An expo that is served, and a browser for everybody who takes part."""

    app: Flask
    edition: EditionFacts
    address: str
    browser: Browser

    def open_desk(self, email: str, role: Role) -> Page:
        """Open a computer of somebody in the team."""
        person_id = ensure_person(email, email.partition("@")[0].title(), "en", utcnow())
        grant_role(SYSTEM, self.edition.id, person_id, role, utcnow())
        return self._open(person_id, 1440, 1000, "en-GB")

    def open_attendee(self, name: str) -> Page:
        """Open the phone of a registered attendee."""
        made = make_attendee(self.edition, utcnow(), email=f"{name.lower()}@example.org", name=name)
        return self._open(made.attendee.person_id, 390, 844, "en-GB")

    def _open(self, person_id: int, width: int, height: int, locale: str) -> Page:
        size: ViewportSize = {"width": width, "height": height}
        context = self.browser.new_context(viewport=size, base_url=self.address, locale=locale, service_workers="block")
        context.add_cookies([sign_in_cookie(self.app, self.address, person_id)])
        return context.new_page()


@pytest.fixture
def expo(app: Flask) -> Iterator[Expo]:
    """An expo whose first day has just begun: it is five o'clock in the morning in its time zone."""
    now = utcnow()
    zone = _zone_where_it_is(5, now)
    today = now.astimezone(ZoneInfo(zone)).date()
    edition_id = create_edition(
        SYSTEM,
        slug="today",
        title={"en": "Big Data Expo", "zh": "数博会"},
        starts_on=today,
        ends_on=today + timedelta(days=1),
        time_zone=zone,
        languages=["en", "zh"],
        contact_email="hello@example.org",
        now=now,
    )
    edition = get_edition(edition_id)
    make_room(edition, "Hall 1", position=1, capacity=100)
    make_room(edition, "Hall 2", position=2, capacity=100)
    with serve(app) as address, open_browser() as browser:
        yield Expo(app, edition, address, browser)


def _zone_where_it_is(hour: int, now: datetime) -> str:
    ahead = (hour - now.hour + 12) % 24 - 12
    # The signs of these names are the opposite of the usual ones.
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def test_programme_when_run_in_the_product_then_holds_from_the_call_to_the_last_room_change(expo: Expo) -> None:
    organizer = expo.open_desk("olga@example.org", Role.ORGANIZER)
    _open_call(organizer)
    author, co_speaker = open_phone(expo.browser, expo.address), open_phone(expo.browser, expo.address)
    _propose_two_talks(author)
    accept_invitation(co_speaker, LAKES)
    reviewers = [expo.open_desk(f"{name}@example.org", Role.REVIEWER) for name in ("rosa", "raul")]
    _open_round(organizer)
    for reviewer, score in zip(reviewers, (5, 4), strict=True):
        _review_all(reviewer, score)
    with _e_mails_to("proposals/accepted", "fang", "fang", "lei"):
        _accept_best(organizer)
    _confirm(author)

    _limit_seats(organizer, LAKES, 30)
    _place_both(organizer)
    with _e_mails_to("program/changes", "fang", "lei"):
        _publish(organizer, "2 speakers")

    ann, ben = expo.open_attendee("Ann"), expo.open_attendee("Ben")
    _plan(ann, LAKES, takes_seat=True)
    _plan(ben, TRUST, takes_seat=False)
    feed = _calendar_of(ann)
    before = _event(ann, feed)
    assert _local_start(before) == "090000"
    screen = expo.browser.new_context(viewport={"width": 1920, "height": 1080}, base_url=expo.address).new_page()
    screen.goto("/en/screens/hall-1")
    upcoming = screen.locator(".screen-block").nth(1)
    expect(upcoming).to_contain_text(LAKES)
    expect(upcoming).to_contain_text("09:00")

    _move_first_talk(organizer)
    with _e_mails_to("program/changes", "fang", "lei", "ann"):
        _publish(organizer, "2 speakers and 1 attendee")

    after = _event(ann, feed)
    assert _local_start(after) == "103000"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    # The screen asks every half minute, and whenever the network comes back.
    screen.evaluate("dispatchEvent(new Event('online'))")
    expect(upcoming).to_contain_text("10:30")
    expect(upcoming).to_contain_text(re.compile("Moved from|原安排"))
    ann.goto("/en/me")
    expect(ann.locator("#my-seats")).to_contain_text("10:30")


@contextmanager
def _e_mails_to(message: str, *names: str) -> Iterator[None]:
    """Expect that exactly these people get an e-mail of a kind from what is done inside."""
    earlier = _count_e_mails(message)
    yield
    drain(utcnow())
    assert _count_e_mails(message) - earlier == Counter(f"{name}@example.org" for name in names)


def _count_e_mails(message: str) -> Counter[str]:
    counted = Counter(db.session.scalars(select(Email.to_email).where(Email.message == message)))
    db.session.rollback()
    return counted


def _open_call(page: Page) -> None:
    page.goto("/en/organizer/calls")
    page.get_by_role("link", name="New call").click()
    page.locator("#title-en").fill("Talks")
    page.locator("#title-zh").fill("演讲征集")
    page.get_by_role("button", name="Create call").click()
    expect(page.locator("[data-flashes]")).to_be_visible()


def _propose_two_talks(page: Page) -> None:
    begin_first_proposal(page, "演讲征集", "王芳", "fang@example.org")
    _fill_and_submit(page, LAKES)
    invite_co_speaker(page, "李雷", "lei@example.org")
    page.goto("/zh/cfp")
    page.get_by_role("link", name="演讲征集").click()
    page.locator(".sticky-action").get_by_role("link", name="填写议题").click()
    _fill_and_submit(page, TRUST)


def _fill_and_submit(page: Page, title: str) -> None:
    page.locator("#title-zh").fill(title)
    page.locator("#abstract-zh").fill("从数据到价值。")
    page.locator("#language").select_option("zh")
    page.get_by_role("button", name="提交议题").click()
    expect(page.locator("[data-flashes]")).to_contain_text("议题已提交")
    expect_to_fit(page)


def _open_round(page: Page) -> None:
    page.goto("/en/organizer/reviews/rounds/new")
    page.locator("#name-en").fill("First round")
    page.locator("#criterion_1-label_en").fill("Relevance")
    page.get_by_label("Reviews per proposal").fill("2")
    page.get_by_role("button", name="Create round").click()
    for name in ("Rosa", "Raul"):
        page.get_by_role("group", name=name).get_by_label("Reviews in this round").check()
    page.get_by_role("button", name="Save reviewers").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Changes to First round saved.")
    page.get_by_role("button", name="Assign proposals").click()
    expect(page.locator("#progress + .bar-list")).to_contain_text("0 of 2")


def _review_all(page: Page, score: int) -> None:
    page.goto("/en/organizer/reviews")
    page.get_by_role("link", name="Review the next proposal").click()
    for done in range(2):
        # The page before has such a form too.
        expect(page.locator("main")).to_contain_text(f"{done} of 2 reviewed")
        expect(page.locator("main")).not_to_contain_text("王芳")
        page.locator(f"input[name=c1][value='{score}']").check()
        page.get_by_role("button", name="Save and next").click()
    expect(page.locator("main")).to_contain_text("2 of 2 reviewed")


def _accept_best(page: Page) -> None:
    page.goto("/en/organizer/reviews")
    page.get_by_role("link", name="Ranking").first.click()
    expect(page.get_by_role("row", name=LAKES)).to_contain_text("88")
    for title in (LAKES, TRUST):
        page.get_by_label(f"Select {title}").check()
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator("main")).to_contain_text("2 proposals · 3 e-mails")
    expect(page.locator("pre")).to_contain_text(LAKES)
    page.get_by_role("button", name="Accept the selected proposals").click()
    expect(page.locator("[data-flashes]")).to_contain_text("2 proposals: Accepted")


def _confirm(page: Page) -> None:
    for left in (1, 0):
        page.goto("/zh/speaker")
        page.get_by_role("link", name="确认出席").first.click()
        page.get_by_role("button", name="确认").click()
        expect(page.locator("[data-flashes]")).to_contain_text("您已确认出席")
        page.goto("/zh/speaker")
        expect(page.get_by_role("link", name="确认出席")).to_have_count(left)
    expect_to_fit(page)


def _limit_seats(page: Page, title: str, seats: int) -> None:
    page.goto("/en/organizer/program/sessions")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Seats that attendees can reserve").fill(str(seats))
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Changes saved.")


def _place_both(page: Page) -> None:
    """Place one talk by mouse and one by keyboard, see that the speaker is in both at once, and solve it."""
    _open_timetable(page)
    _drag(page, page.locator(".tt-item", has_text=LAKES), 0, 60)
    announced = page.locator("[data-announce]")
    expect(announced).to_contain_text("Moved to Hall 1, 09:00")
    page.locator(".tt-item", has_text=TRUST).focus()
    page.keyboard.press("Space")
    conflicts = page.locator("[data-conflict-list]")
    expect(conflicts).to_contain_text("王芳 is in")
    for _ in range(6):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(announced).to_contain_text("Moved to Hall 2, 09:30")
    expect(conflicts).to_contain_text("No conflicts")
    expect(page.locator(SAVED)).to_be_attached()


def _move_first_talk(page: Page) -> None:
    _open_timetable(page)
    _drag(page, page.locator(".tt-card", has_text=LAKES), 0, 150)
    expect(page.locator("[data-announce]")).to_contain_text("Moved to Hall 1, 10:30")
    expect(page.locator(SAVED)).to_be_attached()


def _open_timetable(page: Page) -> None:
    page.goto("/en/organizer/program/timetable")
    expect(page.locator(SAVED)).to_be_attached()


def _drag(page: Page, item: Locator, column: int, minutes: int) -> None:
    """Drag an item by its upper edge to some minutes after eight."""
    source, target = item.bounding_box(), page.locator(".tt-column").nth(column).bounding_box()
    assert source is not None
    assert target is not None
    page.mouse.move(source["x"] + 30, source["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 30, target["y"] + minutes * PIXELS + 1, steps=4)
    page.mouse.up()


def _publish(page: Page, people: str) -> None:
    page.get_by_role("link", name="Publish", exact=True).first.click()
    expect(page.locator("main")).to_contain_text(f"E-mails would go to {people}.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator("[data-flashes]")).to_contain_text("is published")


def _plan(page: Page, title: str, *, takes_seat: bool) -> None:
    page.goto(f"/en/program/search?q={title}")
    page.get_by_role("link", name=title).first.click()
    page.get_by_role("button", name="Add to my schedule").click()
    expect(page.get_by_role("button", name="Remove from my schedule")).to_be_visible()
    if takes_seat:
        page.get_by_role("button", name="Take a seat").click()
        expect(page.get_by_text("You have a seat", exact=True)).to_be_visible()
    expect_to_fit(page)


def _calendar_of(page: Page) -> str:
    """Return the path of the calendar feed that an attendee turns on."""
    page.goto("/en/me")
    page.get_by_role("button", name="Create calendar address").click()
    shown = page.locator("#reminders code").inner_text()
    return shown[shown.index("/calendar/") :]


def _event(page: Page, feed: str) -> dict[str, str]:
    """Return the values of the only session in a calendar feed by name, without their parameters."""
    lines = page.request.get(feed).text().replace("\r\n ", "").splitlines()
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert lines.count("BEGIN:VEVENT") == 1
    return {line.partition(":")[0].partition(";")[0]: line.partition(":")[2] for line in event}


def _local_start(event: dict[str, str]) -> str:
    return event["DTSTART"].partition("T")[2]
