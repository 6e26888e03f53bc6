"""From an opened call to a confirmed speaker, in a real browser; the speaker writes in Chinese on a phone."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.program.models import Session
from expo.proposals.queries import ProposalFilter, list_proposals, list_speakers
from expo.proposals.rules import ProposalState
from tests.journeys.browser import open_browser, serve, sign_in_cookie
from tests.journeys.speaking import (
    accept_invitation,
    begin_first_proposal,
    expect_to_fit,
    invite_co_speaker,
    open_phone,
)
from tests.make import make_edition_beginning

pytestmark = [pytest.mark.browser, pytest.mark.long]

TITLE = "人人可用的数据"


@pytest.fixture
def open_edition(app: Flask) -> EditionFacts:
    """An expo in three months."""
    return make_edition_beginning(utcnow(), days_ahead=90, contact_email="hello@example.org")


def test_call_when_opened_then_a_talk_is_proposed_shared_accepted_and_confirmed(
    app: Flask, open_edition: EditionFacts
) -> None:
    now = utcnow()
    organizer = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, open_edition.id, organizer, Role.ORGANIZER, now)

    with serve(app) as address, open_browser() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=address, locale="en-GB")
        context.add_cookies([sign_in_cookie(app, address, organizer)])
        desk = context.new_page()
        _open_call(desk)

        author = open_phone(browser, address)
        _propose(author)
        co_speaker = open_phone(browser, address)
        accept_invitation(co_speaker, TITLE)

        code = list_proposals(open_edition.id, ProposalFilter())[0].code
        db.session.rollback()
        _accept(desk, code)
        author.goto("/zh/speaker")
        author.get_by_role("link", name="确认出席").click()
        author.get_by_role("button", name="确认").click()
        expect(author.locator("[data-flashes]")).to_contain_text("您已确认出席")

    (proposal,) = list_proposals(open_edition.id, ProposalFilter())
    assert (proposal.state, proposal.title) == (ProposalState.CONFIRMED, {"zh": TITLE})
    assert [each.has_accepted for each in list_speakers([proposal.id])[proposal.id]] == [True, True]
    assert db.session.scalars(select(Session.state).where(Session.proposal_id == proposal.id)).all() == ["draft"]


def _open_call(page: Page) -> None:
    page.goto("/en/organizer/calls")
    page.get_by_role("link", name="New call").click()
    page.locator("#title-en").fill("Talks 2027")
    page.locator("#title-zh").fill("演讲征集")
    page.get_by_role("button", name="Create call").click()
    page.get_by_label("Type of the new question").select_option("single_choice")
    page.get_by_role("button", name="Add question").click()
    page.locator("#label-en").fill("Live demo?")
    page.locator("#label-zh").fill("有现场演示吗？")
    page.get_by_role("button", name="Add options").click()
    for number, (english, chinese) in enumerate((("Yes", "是"), ("No", "否")), 1):
        page.locator(f"#options-en-{number}").fill(english)
        page.locator(f"#options-zh-{number}").fill(chinese)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Type of the new question").select_option("text")
    page.get_by_role("button", name="Add question").click()
    page.locator("#label-en").fill("What do you need?")
    page.locator("#label-zh").fill("需要哪些设备？")
    page.get_by_label("An answer is required").check()
    page.locator("#conditions-1-field").select_option("live_demo")
    page.locator("#conditions-1-answer").select_option("live_demo:yes")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Only if “Live demo?” is: Yes")


def _propose(page: Page) -> None:
    begin_first_proposal(page, "演讲征集", "王芳", "wangfang@example.org")
    page.locator("#title-zh").fill(TITLE)
    expect(page.locator("[data-saved]")).to_contain_text("草稿已于")
    page.locator("#abstract-zh").fill("开放数据如何帮助每一个人。")
    page.locator("#language").select_option("zh")
    needed = page.get_by_label("需要哪些设备？")
    expect(needed).to_be_hidden()
    page.get_by_label("是", exact=True).check()
    expect(needed).to_be_visible()
    page.get_by_role("button", name="提交议题").click()
    expect(page.locator("#question-errors")).to_contain_text("需要哪些设备？")
    page.get_by_label("需要哪些设备？").fill("两块屏幕")
    page.get_by_role("button", name="提交议题").click()
    expect(page.locator("[data-flashes]")).to_contain_text("议题已提交")
    expect_to_fit(page)
    invite_co_speaker(page, "李雷", "lilei@example.org")


def _accept(page: Page, code: str) -> None:
    page.goto(f"/en/organizer/proposals/{code}")
    expect(page.locator("main")).to_contain_text("两块屏幕")
    page.get_by_role("link", name="Accept", exact=True).click()
    expect(page.locator("pre")).to_contain_text(TITLE)
    page.get_by_role("button", name="Accept proposal").click()
    expect(page.locator("[data-flashes]")).to_contain_text("Accepted")
