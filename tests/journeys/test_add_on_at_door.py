"""A dinner booked on a phone, and the door of its hall: with and without a network, in the steward's language."""

import re

import pytest
from playwright.sync_api import Page, expect

from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts
from expo.flows.registration import confirm_registration
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.registration.queries import AttendeeFilter, search_attendees
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.door_phone import open_device
from tests.journeys.test_door_offline import Door, door, steward
from tests.make import MadeAttendee, make_add_on, make_attendee
from tests.web.door.phone import type_like_a_scanner, wait_for_verdict
from tests.web.door.test_scanner import attendee, open_edition

__all__ = ["attendee", "door", "open_edition", "steward"]

pytestmark = [pytest.mark.browser, pytest.mark.long]

GALA = {"en": "Gala dinner", "zh": "晚宴"}


def _go_on(page: Page) -> None:
    page.locator("button.btn-primary[name=go][value=next]").click()


def _book_on_the_phone(door: Door, edition: EditionFacts) -> str:
    """Register with the dinner, confirm, and return the badge's code."""
    page = door.phone.context.new_page()
    page.goto("/zh/register")
    _go_on(page)
    page.locator("#attendees-0-name").fill("娜娜")
    page.locator("#attendees-0-email").fill("nana@example.org")
    page.locator("input#attendees-0-country").fill("中国")
    _go_on(page)
    page.get_by_label("晚宴").check()
    _go_on(page)
    page.locator("#accept_terms").check()
    _go_on(page)
    expect(page).to_have_url(re.compile("/register/sent$"))
    page.close()
    db.session.rollback()
    [found] = search_attendees(edition.id, AttendeeFilter(q="nana@example.org")).rows
    confirm_registration(found.order_id, utcnow())
    badge = find_badge_of(found.id)
    db.session.rollback()
    assert badge is not None
    return badge.token


def _expect_refusal(page: Page) -> None:
    expect(page.locator("#verdict-word")).to_have_text("未预订")
    expect(page.locator("#verdict-advice")).to_contain_text("晚宴")
    page.locator("#next").click()


def test_gala_when_booked_on_a_phone_then_only_those_who_booked_are_let_in_also_offline(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    now = utcnow()
    make_add_on(open_edition, now, "gala", name=GALA)
    make_checkpoint(open_edition, now, "gala", rule={"add_on": ["gala"]})
    booked = make_attendee(open_edition, now, name="Booked", add_ons=("gala",))
    other = make_attendee(open_edition, now, name="Other")
    db.session.rollback()
    token = _book_on_the_phone(door, open_edition)

    page = open_device(door.phone.context, "/zh/door/?checkpoint=gala&direction=entry")
    type_like_a_scanner(page, token)
    wait_for_verdict(page, tone="yes", name="娜娜", announced="晚宴")
    type_like_a_scanner(page, attendee.token)
    _expect_refusal(page)

    door.network.is_up = False
    type_like_a_scanner(page, booked.token)
    wait_for_verdict(page, tone="yes", name="Booked", announced="晚宴")
    type_like_a_scanner(page, other.token)
    _expect_refusal(page)
