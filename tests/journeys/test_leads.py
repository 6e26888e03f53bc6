"""A lead from the booth to the file: scanned without a network, noted, sent once, and withdrawn by the visitor."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.leads.models import Lead, LeadNote, LeadScan
from expo.leads.rules import Question
from expo.leads.services import add_question
from expo.questions.rules import FieldKind
from tests.journeys.bad_network import Network, open_network
from tests.journeys.browser import open_playwright, serve
from tests.journeys.door_phone import Phone, expect_unsent, open_phone
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
def phone(booth: Booth, tmp_path: Path) -> Iterator[tuple[Phone, Network]]:
    """The phone of a member who is signed in, behind a network."""
    with (
        open_playwright() as playwright,
        serve(booth.app) as server,
        open_network(server) as (network, address),
        open_phone(playwright, tmp_path / "profile", address) as phone,
    ):
        phone.sign_in(booth.app, booth.member.id or 0)
        yield phone, network


def _open_scanner(phone: Phone, booth: Booth) -> Page:
    page = phone.context.new_page()
    page.goto(f"{booth.path}/scan")
    expect(page.locator("html")).to_have_attribute("data-booth", "ready")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page


def test_lead_when_scanned_offline_then_arrives_once_with_its_note_and_leaves_with_the_visitor(
    booth: Booth, phone: tuple[Phone, Network]
) -> None:
    device, network = phone
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
    device.kill_and_restart()
    device.sign_in(booth.app, booth.member.id or 0)  # the cookie of a test ends with its browser
    page = _open_scanner(device, booth)
    expect_unsent(page, 1)
    network.is_up = True
    page.evaluate(SYNC)
    expect_unsent(page, 0)

    db.session.rollback()
    assert len(db.session.scalars(select(LeadScan)).all()) == 1
    assert [each.text for each in db.session.scalars(select(LeadNote))] == ["Wants a demo on Friday"]
    (lead,) = db.session.scalars(select(Lead)).all()
    assert (lead.rating, list(lead.answers.values())) == (4, ["Large"])
    db.session.rollback()
    page.goto(booth.path)
    expect(page.get_by_role("link", name="王芳")).to_be_visible()
    assert "王芳" in booth.browser.get(f"{booth.path}/export.csv").text

    device.context.clear_cookies()
    device.sign_in(booth.app, booth.visitor.attendee.person_id)
    page.goto("/en/me/")
    page.get_by_role("button", name="Stop sharing with Yunshang").click()
    expect(page.get_by_role("button", name="Undo: share with Yunshang again")).to_be_visible()

    device.context.clear_cookies()
    device.sign_in(booth.app, booth.member.id or 0)
    page.goto(booth.path)
    expect(page.get_by_role("link", name="No longer shared")).to_be_visible()
    expect(page.get_by_text("王芳")).to_have_count(0)
    file = booth.browser.get(f"{booth.path}/export.csv").text
    assert "王芳" not in file
    assert "Wants a demo" not in file
    assert len(file.strip().splitlines()) == 2
