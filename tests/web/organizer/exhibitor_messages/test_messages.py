"""Messages between organizers and exhibitors in their pages."""

from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import get_page, list_messages, list_threads
from tests.domains.exhibitors.page_makers import make_company, make_member
from tests.sessions import browser_of
from tests.web.organizer.conftest import SignIn

PATH = "/organizer/exhibitors/messages"


def test_thread_when_messages_are_marked_as_read_then_no_longer_counted(
    organizer: FlaskClient, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    browser = browser_of(app, make_member(edition, slug, now).id or 0)
    thread = f"/exhibitor/{slug}/messages"

    browser.post(thread, data={"text": "<b>Hello</b>\nWhere is the power?"})
    listing = organizer.get(PATH).text
    organizer.post(f"{PATH}/{slug}/read")
    read = organizer.get(PATH).text
    organizer.post(f"{PATH}/{slug}", data={"text": "Under the floor"})
    shown = browser.get(thread).text
    browser.post(f"{thread}/read")

    assert ("1 unread" in listing, "1 unread" in read) == (True, False)
    assert "&lt;b&gt;Hello&lt;/b&gt;" in organizer.get(f"{PATH}/{slug}").text
    assert ("Messages (1)" in shown, "Under the floor" in shown) == (True, True)
    assert "Messages (1)" not in browser.get(thread).text
    assert all(each.read_at for each in list_messages(get_page(edition.id, slug).company.id))


def test_message_to_several_when_previewed_then_says_to_how_many_and_sends_only_when_confirmed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name in ("First", "Second"):
        make_company(edition, now, name)
    message = {"text": "Set-up starts at **8:00**.", "category": "cloud"}

    preview = organizer.post(f"{PATH}/new", data={**message, "step": "preview"}).text
    before = list_threads(edition.id)
    nobody = organizer.post(f"{PATH}/new", data={**message, "category": "robots", "step": "preview"}).text
    empty = organizer.post(f"{PATH}/new", data={"text": " ", "step": "send"})
    organizer.post(f"{PATH}/new", data={**message, "step": "send"})

    assert "Send to 2 companies" in preview
    assert before == []
    assert ("0 companies" in nobody, "Send to 0" in nobody, empty.status_code) == (True, False, 422)
    assert {each.name for each in list_threads(edition.id)} == {"First", "Second"}


def test_messages_when_opened_without_the_permission_then_refused(
    sign_in: SignIn, edition: EditionFacts, now: datetime
) -> None:
    slug, manager = make_company(edition, now), sign_in(Role.PROGRAM_MANAGER)

    assert [manager.get(f"{PATH}{path}").status_code for path in ("", "/new", f"/{slug}")] == [403] * 3
