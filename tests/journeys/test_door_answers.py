"""At the door in a real browser: badges that wait, exits, reasons, short codes, languages, and names of any length."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.models import Scan
from expo.checkin.services.scans import scan
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.domains.checkin.doors import make_request, scanner
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import MadeAttendee, make_attendee
from tests.web.door.phone import list_verdicts, open_door, type_like_a_scanner, wait_for_verdict
from tests.web.door.test_scanner import PHONE, attendee, open_edition

__all__ = ["attendee", "open_edition"]

pytestmark = pytest.mark.browser

SCANS = "**/door/scans"


@pytest.fixture
def context(app: Flask, open_edition: EditionFacts, attendee: MadeAttendee) -> Iterator[BrowserContext]:
    """The phone of somebody of the desk, who may let people in anyway."""
    desk = ensure_person("desk@example.org", "Desk", "en", utcnow())
    grant_role(SYSTEM, open_edition.id, desk, Role.DESK, utcnow())
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport=PHONE, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, desk)])
        yield context
        context.close()


@contextmanager
def _answers_held_back(page: Page) -> Iterator[list[Route]]:
    """Keep scans from reaching the server; on leaving, those that came in the meantime continue."""
    held: list[Route] = []
    is_released = False

    def handle(route: Route) -> None:
        if is_released:
            route.continue_()
        else:
            held.append(route)

    page.route(SCANS, handle)
    yield held
    is_released = True
    for each in held:
        each.continue_()


def _wait_for(page: Page, held: list[Route], count: int) -> None:
    while len(held) < count:
        page.wait_for_timeout(20)


def _rows() -> list[Scan]:
    db.session.rollback()
    return list(db.session.scalars(select(Scan).order_by(Scan.id)))


def test_badges_when_scanned_while_one_waits_then_queued_and_each_answered_in_order(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    second, third = (make_attendee(open_edition, utcnow(), name=name) for name in ("Second", "Third"))
    db.session.rollback()
    page = open_door(context)
    with _answers_held_back(page) as held:
        type_like_a_scanner(page, attendee.token)
        _wait_for(page, held, 1)
        type_like_a_scanner(page, second.token)
        expect(page.locator("#waiting")).to_have_text("1 waiting")
        type_like_a_scanner(page, third.token)
        type_like_a_scanner(page, second.token)
        expect(page.locator("#waiting")).to_have_text("2 waiting")
        expect(page.locator("#hint")).to_have_text("Queued. This badge is checked next.")

    wait_for_verdict(page, name="Third")
    expect(page.locator("#verdict")).to_be_hidden()
    assert list(dict.fromkeys(each["name"] for each in list_verdicts(page))) == ["张伟", "Second", "Third"]
    assert [each.attendee_id for each in _rows()] == [attendee.id, second.id, third.id]
    assert [each.verdict for each in _rows()] == ["admitted"] * 3


def test_badge_when_queued_behind_a_refusal_then_refusal_stays_until_it_was_seen(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    second = make_attendee(open_edition, utcnow(), name="Second")
    db.session.rollback()
    page = open_door(context)
    with _answers_held_back(page) as held:
        type_like_a_scanner(page, "X" * 40)
        _wait_for(page, held, 1)
        type_like_a_scanner(page, second.token)
        expect(page.locator("#waiting")).to_have_text("1 waiting")

    expect(page.locator("#verdict-word")).to_have_text("Not a badge")
    expect(page.locator("#verdict-waiting")).to_have_text("1 waiting")
    page.get_by_role("button", name="Next badge").click()
    expect(page.locator("#verdict-name")).to_have_text("Second")
    expect(page.locator("#verdict-waiting")).to_have_text("")


def test_badges_when_network_is_gone_then_all_kept_and_answered_later(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    second = make_attendee(open_edition, utcnow(), name="Second")
    db.session.rollback()
    page = open_door(context)
    context.set_offline(True)
    type_like_a_scanner(page, attendee.token)
    expect(page.locator("#verdict-word")).to_have_text("Not checked")
    type_like_a_scanner(page, second.token)
    expect(page.locator("#verdict-waiting")).to_have_text("2 waiting")
    context.set_offline(False)

    expect(page.locator("#verdict-name")).to_have_text("Second")
    assert [each.attendee_id for each in _rows()] == [attendee.id, second.id]


def test_exit_when_not_scanned_in_then_goodbye_without_a_cross(context: BrowserContext, attendee: MadeAttendee) -> None:
    page = open_door(context, "/en/door/?checkpoint=main&direction=exit")

    type_like_a_scanner(page, attendee.token)

    wait_for_verdict(page, tone="unexpected", word="Goodbye", marks="out")
    expect(page.locator("#verdict")).to_be_hidden()


def test_force_when_asked_why_then_let_in_with_the_reason_and_back_leaves_the_refusal(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    page = open_door(context)
    _let_in_elsewhere_and_refuse(page, open_edition, attendee)
    page.get_by_role("button", name="Let in anyway").click()
    dialog = page.get_by_role("dialog", name="Why let them in?")
    expect(dialog).to_contain_text("张伟")

    dialog.get_by_role("button", name="Back").click()
    expect(page.locator("#verdict-word")).to_have_text("Already checked in")
    page.get_by_role("button", name="Let in anyway").click()
    dialog.get_by_role("button", name="Let in", exact=True).click()
    expect(dialog).to_be_visible()  # without a reason nobody is let in
    dialog.get_by_label("Other reason").check()
    dialog.get_by_label("Note").fill("   ")
    dialog.get_by_role("button", name="Let in", exact=True).click()
    expect(dialog).to_be_visible()  # nor with another one that is not told
    dialog.get_by_label("Note").fill("Fetched a bag")
    dialog.get_by_role("button", name="Let in", exact=True).click()

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "yes")
    last = _rows()[-1]
    assert (last.forced, last.force_reason, last.force_note) == (True, "other", "Fetched a bag")


def test_badge_when_scanned_while_asked_why_then_queued_and_the_note_is_left_alone(
    context: BrowserContext, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    second = make_attendee(open_edition, utcnow(), name="Second")
    db.session.rollback()
    page = open_door(context)
    _let_in_elsewhere_and_refuse(page, open_edition, attendee)
    page.get_by_role("button", name="Let in anyway").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Identity verified").check()
    dialog.get_by_label("Note").fill("Passport")

    page.wait_for_timeout(600)  # a scanner begins where nobody types
    type_like_a_scanner(page, second.token)
    expect(page.locator("#waiting")).to_have_text("1 waiting")
    expect(dialog.get_by_label("Note")).to_have_value("Passport")
    dialog.get_by_role("button", name="Let in", exact=True).click()

    expect(page.locator("#verdict-name")).to_have_text("Second")
    forced, last = _rows()[-2:]
    assert (forced.attendee_id, forced.force_note, last.attendee_id) == (attendee.id, "Passport", second.id)


def _let_in_elsewhere_and_refuse(page: Page, edition: EditionFacts, attendee: MadeAttendee) -> None:
    now = utcnow()
    scan(scanner(edition), edition.id, make_request(attendee.token, scanned_at=now), now)
    db.session.rollback()
    type_like_a_scanner(page, attendee.token)
    expect(page.locator("#verdict-word")).to_have_text("Already checked in")


def test_code_when_desk_types_it_then_person_and_the_way_to_check_them_in(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context, "/en/door/?checkpoint=main&direction=entry")
    page.get_by_label("Badge code").fill(f"{attendee.code[:4]}-{attendee.code[4:]}")
    page.get_by_role("button", name="Check badge", exact=True).click()

    expect(page.locator("#verdict")).to_have_attribute("data-tone", "ask")
    expect(page.locator("#verdict-name")).to_have_text("张伟")
    expect(page.locator("#verdict-word")).to_have_text("Confirmed")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Check in manually").click()
    expect(opened.value.locator("main")).to_contain_text("张伟")
    expect(opened.value).to_have_url(re.compile(f"/en/desk/attendees/{attendee.code}/check-in$"))
    assert _rows() == []


def test_verdict_when_page_is_chinese_then_chinese(context: BrowserContext, attendee: MadeAttendee) -> None:
    page = open_door(context, "/zh/door/?checkpoint=main&direction=entry")

    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict-word")).to_have_text("欢迎")
    expect(page.locator("#verdict-who")).to_contain_text("中国")


NAMES = [
    "Wolfeschlegelsteinhausenbergerdorff",
    "Venkatanarasimharajuvaripeta Ramakrishnasubramaniam",
    "阿卜杜热合曼·买买提明·艾合买提江",
    "Ng",
]


@pytest.mark.parametrize("width", [320, 390])
def test_name_when_long_then_no_word_is_broken_or_cut(
    context: BrowserContext, open_edition: EditionFacts, width: int
) -> None:
    latin = "Wolfeschlegelsteinhausenbergerdorff-Welche"
    company = "Donaudampfschifffahrtsgesellschaft"
    made = [make_attendee(open_edition, utcnow(), name=name, latin_name=latin, company=company) for name in NAMES]
    db.session.rollback()
    page = open_door(context)
    page.set_viewport_size({"width": width, "height": 700})

    for each in made:
        type_like_a_scanner(page, each.token)
        expect(page.locator("#verdict-name")).to_have_text(each.attendee.name)
        assert page.evaluate(WORDS_ON_SEVERAL_LINES) == []


# The words of the verdict that take more than one line, or reach out of it.
WORDS_ON_SEVERAL_LINES = """() => [...document.querySelectorAll("#verdict p")].flatMap((each) => {
  const node = each.firstChild;
  if (!node) return [];
  const range = document.createRange();
  const box = each.getBoundingClientRect();
  return [...node.data.matchAll(/[^\\s·-]+/g)].filter((word) => {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
    const { left, right } = range.getBoundingClientRect();
    return lines.size > 1 || left < box.left - 1 || right > box.right + 1;
  }).map((word) => word[0]);
})"""


def test_scan_when_the_server_is_busy_then_says_for_how_long_and_answers_later(
    context: BrowserContext, attendee: MadeAttendee
) -> None:
    page = open_door(context)
    page.route(SCANS, lambda route: route.fulfill(status=503, headers={"Retry-After": "30"}, body=""))

    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict")).to_contain_text("The server is busy")
    expect(page.locator("#verdict")).to_contain_text("Retrying in 30 seconds")
    expect(page.locator("#network-word")).to_have_text("Server busy")

    page.unroute(SCANS)
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(page.locator("#verdict-name")).to_have_text("张伟")
    expect(page.locator("#network-word")).to_have_text("Online")
    assert [each.verdict for each in _rows()] == ["admitted"]
