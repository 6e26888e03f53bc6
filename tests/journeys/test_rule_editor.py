"""The rule of a checkpoint is edited in a real browser without reloading the page, and the sentence follows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, Request, Route, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.make import make_ticket_type

pytestmark = pytest.mark.browser


@pytest.fixture
def page(app: Flask, edition: EditionFacts) -> Iterator[Page]:
    """The page of the rule as an organizer sees it."""
    now = utcnow()
    organizer = ensure_person("organizer@example.org", "Olga", "en", now)
    grant_role(SYSTEM, edition.id, organizer, Role.ORGANIZER, now)
    make_ticket_type(edition, now)
    make_ticket_type(edition, now, "press")
    make_checkpoint(edition, now)
    db.session.rollback()
    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        page = context.new_page()
        page.goto("/organizer/checkpoints/main/rule")
        page.wait_for_function("() => Boolean(window.htmx)")
        yield page
        context.close()


def _is_change(request: Request) -> bool:
    return "rows=show" in (request.post_data or "")


def _is_of_button(request: Request) -> bool:
    return request.method == "POST" and not _is_change(request)


@contextmanager
def _answers_late(page: Page, is_late: Callable[[Request], bool]) -> Iterator[None]:
    """Let the server get these requests, and the page their answers, only once the block is done."""
    late: list[Route] = []

    def keep(route: Route, request: Request) -> None:
        if is_late(request):
            late.append(route)
        else:
            route.continue_()

    page.route("**/rule", keep)
    yield
    page.unroute_all(behavior="ignoreErrors")
    for route in late:
        with suppress(Error):  # the browser may have given it up
            route.continue_()


def _set_number(page: Page, number: str) -> None:
    page.get_by_label("Number").fill(number)
    page.get_by_label("Number").blur()


def test_rule_when_edited_in_a_browser_then_the_sentence_follows_without_a_reload(
    page: Page, edition: EditionFacts
) -> None:
    page.evaluate("window.wasLoadedOnce = true")
    sentence, conditions = page.locator("#rule-sentence"), page.locator(".condition")

    page.get_by_label("New condition").select_option("ticket_type")
    page.get_by_role("button", name="Add condition").click()
    expect(conditions).to_have_count(1)
    page.get_by_label("Visitor").check()
    expect(sentence).to_contain_text("Ticket is Visitor")
    _work_faster_than_the_answers(page)
    with _answers_late(page, _is_change):
        with page.expect_request(_is_change):
            _set_number(page, "4")
        page.get_by_role("button", name="Remove condition 1").click()
        expect(conditions).to_have_count(1)
        expect(sentence).to_contain_text("Fewer than 4 entries today")
    expect(sentence).to_contain_text("Fewer than 4 entries today")
    assert page.evaluate("window.wasLoadedOnce") is True
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.get_by_role("button", name="Save changes").last.click()
    expect(page.get_by_text("Changes saved. Scanners update within two seconds.")).to_be_visible()
    db.session.rollback()
    assert get_checkpoint(edition.id, "main").rule == {"entries_today": {"max": 4}}


def _work_faster_than_the_answers(page: Page) -> None:
    """Press buttons and change fields while answers are on their way: nothing of it is lost."""
    sentence, conditions = page.locator("#rule-sentence"), page.locator(".condition")
    add = page.get_by_role("button", name="Add condition")
    page.get_by_label("New condition").select_option("entries_today")
    with _answers_late(page, _is_of_button), page.expect_request(_is_of_button):
        add.click()
        page.get_by_label("Press").check()
        page.get_by_label("New condition").select_option("hours")
        add.click()
    expect(conditions).to_have_count(3)
    expect(page.get_by_label("Press")).to_be_checked()
    page.get_by_role("button", name="Remove condition 3").click()
    expect(conditions).to_have_count(2)
    expect(page.get_by_label("Number")).to_be_visible()

    page.evaluate(
        "() => { window.asked = 0; document.addEventListener('htmx:config:request', () => { window.asked += 1; }); }"
    )
    with _answers_late(page, _is_change):
        for asked, number in enumerate(("2", "3"), 1):
            _set_number(page, number)
            page.wait_for_function("asked => window.asked === asked", arg=asked)
    expect(sentence).to_contain_text("Ticket is Visitor or Press, and fewer than 3 entries today")
