"""A lead from the booth to the file: scanned without a network, noted, sent once, and withdrawn by the visitor.

Beside it, a guest is checked in to a meeting by the same phone without a network.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.leads.models import Lead, LeadNote, LeadScan
from expo.leads.rules import Question
from expo.leads.services import add_question
from expo.meetings.models import Meeting, MeetingParticipant
from expo.questions.rules import FieldKind
from tests.exhibitors import exhibitor_id_of
from tests.journeys.bad_network import Network, open_network
from tests.journeys.browser import open_browser, open_playwright, serve, sign_in_cookie
from tests.journeys.door_phone import Phone, expect_unsent, open_phone
from tests.make import MadeAttendee, make_attendee
from tests.web.door.phone import type_like_a_scanner
from tests.web.exhibitor.leads.booths import Booth, make_booth

pytestmark = pytest.mark.browser

SYNC = "window.dispatchEvent(new Event('online'))"


@pytest.fixture
def booth(app: Flask, edition: EditionFacts, now: datetime) -> Booth:
    made = make_booth(app, edition, now)
    add_question(
        made.member, edition.id, made.slug, Question(FieldKind.SINGLE_CHOICE, "Budget", ("Small", "Large")), now
    )
    db.session.rollback()
    return made


@pytest.fixture
def phone(booth: Booth, tmp_path: Path) -> Iterator[tuple[Phone, Network, str]]:
    """The phone of a member who is signed in, behind a network, and the address of the network."""
    with (
        open_playwright() as playwright,
        serve(booth.app) as server,
        open_network(server) as (network, address),
        open_phone(playwright, tmp_path / "profile", address) as phone,
    ):
        phone.sign_in(booth.app, booth.member.id or 0)
        yield phone, network, address


@pytest.fixture
def guest(booth: Booth, now: datetime) -> MadeAttendee:
    """Somebody who has a meeting with the company at this moment."""
    guest, begins = make_attendee(booth.edition, now, name="Ann"), utcnow()
    with atomic():
        meeting = Meeting(
            edition_id=booth.edition.id,
            code="NOW",
            request_key="NOW",
            exhibitor_id=exhibitor_id_of(booth.edition, booth.slug),
            state="scheduled",
            initiator="guest",
            place="booth",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=25),
            created_at=now,
            changed_at=now,
        )
        db.session.add(meeting)
        db.session.flush()
        db.session.add(MeetingParticipant(meeting_id=meeting.id, side="guest", attendee_id=guest.id, state="joined"))
    db.session.rollback()
    return guest


def _open_scanner(phone: Phone, booth: Booth, page_name: str = "leads/scan") -> Page:
    page = phone.context.new_page()
    page.goto(f"/en/exhibitor/{booth.slug}/{page_name}")
    expect(page.locator("html")).to_have_attribute("data-booth", "ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def _check_in_offline(phone: Phone, booth: Booth, guest: MadeAttendee) -> None:
    """Scan the badge of the guest of a meeting, on a page that was never opened before."""
    page = _open_scanner(phone, booth, "meetings/check-in")
    type_like_a_scanner(page, guest.token)
    expect(page.get_by_role("heading", name="Badge scanned")).to_be_visible()
    expect(page.locator("#arrived-text")).to_contain_text("is checked in as soon as this scan is sent")
    expect_unsent(page, 1)


def _send_check_in(phone: Phone, booth: Booth) -> None:
    """Open the page again, which sends the scan."""
    page = phone.context.new_page()
    with page.expect_response("**/meetings/check-in/scans") as sent:
        page.goto(f"/en/exhibitor/{booth.slug}/meetings/check-in")
    assert [each["message"] for each in sent.value.json()["answers"]] == ["Ann is checked in."]
    page.close()


def _stop_sharing(booth: Booth, address: str) -> None:
    """Stop sharing on a device of the visitor's own: answers to what `/me` loads would sign the member out."""
    with open_browser() as browser:
        context = browser.new_context(base_url=address, locale="en-GB", service_workers="block")
        context.add_cookies([sign_in_cookie(booth.app, address, booth.visitor.attendee.person_id)])
        page = context.new_page()
        page.goto("/en/me/")
        page.get_by_role("button", name="Stop sharing with Yunshang").click()
        expect(page.get_by_role("button", name="Undo: share with Yunshang again")).to_be_visible()


def test_lead_when_scanned_offline_then_arrives_once_with_its_note_and_leaves_with_the_visitor(
    booth: Booth, guest: MadeAttendee, phone: tuple[Phone, Network, str]
) -> None:
    device, network, address = phone
    page = _open_scanner(device, booth)
    network.is_up = False
    page = _open_scanner(device, booth)  # without a network, from what the device has stored

    type_like_a_scanner(page, "N" * 122)
    expect(page.locator("#refused-word")).to_have_text("Not a badge")
    page.locator("#refused-next").click()
    type_like_a_scanner(page, booth.visitor.token)
    expect(page.get_by_role("heading", name="Lead saved")).to_be_visible()
    page.get_by_label("4 stars").check(force=True)
    page.get_by_label("Large").check()
    page.get_by_label("Note").fill("Wants a demo on Friday")
    page.locator("#saved").get_by_role("button", name="Next badge").click()
    expect_unsent(page, 1)
    _check_in_offline(device, booth, guest)
    device.kill_and_restart()
    device.sign_in(booth.app, booth.member.id or 0)  # the cookie of a test ends with its browser
    page = _open_scanner(device, booth)
    expect_unsent(page, 1)
    network.is_up = True
    page.evaluate(SYNC)
    expect_unsent(page, 0)
    _send_check_in(device, booth)

    db.session.rollback()
    assert len(db.session.scalars(select(LeadScan)).all()) == 1
    assert [each.text for each in db.session.scalars(select(LeadNote))] == ["Wants a demo on Friday"]
    assert db.session.scalars(select(Meeting.state)).all() == ["held"]
    (lead,) = db.session.scalars(select(Lead)).all()
    assert (lead.rating, list(lead.answers.values())) == (4, ["Large"])
    db.session.rollback()
    page.goto(booth.path)
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    assert "王芳" in booth.browser.get(f"{booth.path}/export.csv").text

    _stop_sharing(booth, address)

    page.goto(booth.path)
    expect(page.get_by_role("link", name="No longer shared")).to_be_visible()
    expect(page.get_by_text("王芳")).to_have_count(0)
    file = booth.browser.get(f"{booth.path}/export.csv").text
    assert "王芳" not in file
    assert "Wants a demo" not in file
    assert len(file.strip().splitlines()) == 2
