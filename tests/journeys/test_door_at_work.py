"""A device at the door that decides alone: questions, notes, groups, and zones that are full or left for another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.registration.services import set_door_note
from tests.domains.checkin.doors import make_checkpoint
from tests.journeys.bad_network import Network, open_network
from tests.journeys.browser import serve
from tests.journeys.door_phone import Phone, expect_unsent, open_device, open_light_phone
from tests.make import make_attendee, make_ticket_type
from tests.web.door.phone import type_like_a_scanner, wait_for_verdict
from tests.web.door.test_scanner import open_edition

__all__ = ["open_edition"]

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[1] / "vendor" / "axe-core-4.14.1" / "axe.min.js"
CONFIRM: dict[str, Any] = {
    "id": "shoes",
    "kind": "confirm",
    "text": {"en": "Wears safety shoes", "zh": "穿着安全鞋"},
    "choices": [],
    "ticket_types": None,
}


@pytest.fixture
def phone(app: Flask, open_edition: EditionFacts) -> Iterator[tuple[Phone, Network]]:
    """The phone of a steward who is signed in, and the network in front of it."""
    steward = ensure_person("steward@example.org", "Steward", "en", utcnow())
    grant_role(SYSTEM, open_edition.id, steward, Role.STEWARD, utcnow())
    db.session.rollback()
    with (
        serve(app) as server,
        open_network(server) as (network, address),
        open_light_phone(address) as phone,
    ):
        phone.sign_in(app, steward)
        yield phone, network


def _open_offline(phone: tuple[Phone, Network], checkpoint: str) -> Page:
    db.session.rollback()
    page = open_device(phone[0].context, f"/en/door/?checkpoint={checkpoint}&direction=entry")
    phone[1].is_up = False
    return page


def test_question_when_asked_offline_then_admitted_with_the_note_and_the_group_once_answered(
    phone: tuple[Phone, Network], open_edition: EditionFacts
) -> None:
    make_ticket_type(open_edition, utcnow(), "group", party=12)
    guest = make_attendee(open_edition, utcnow(), "group", name="Class 5")
    set_door_note(SYSTEM, open_edition.id, guest.id, "Wheelchair", utcnow())
    make_checkpoint(open_edition, utcnow(), "works", questions=[CONFIRM])
    page = _open_offline(phone, "works")

    type_like_a_scanner(page, guest.token)
    dialog = page.get_by_role("dialog", name="Before they enter")
    expect(dialog).to_contain_text("Class 5")
    dialog.get_by_label("Wears safety shoes").check()
    dialog.get_by_role("button", name="Let in").click()

    expect(page.locator("#verdict-party")).to_have_text("Admits 12")
    expect(page.locator("#verdict-attention")).to_have_text("Wheelchair")
    wait_for_verdict(page, tone="yes", name="Class 5")
    expect_unsent(page, 1)


def test_question_when_dialog_is_closed_then_nobody_is_admitted(
    phone: tuple[Phone, Network], open_edition: EditionFacts
) -> None:
    guest = make_attendee(open_edition, utcnow())
    make_checkpoint(open_edition, utcnow(), "works", questions=[CONFIRM])
    page = _open_offline(phone, "works")

    type_like_a_scanner(page, guest.token)
    page.get_by_role("dialog", name="Before they enter").get_by_role("button", name="Back").click()

    expect(page.locator("#hint")).to_have_text("Ready to scan")
    expect_unsent(page, 0)
    assert _faults_of_dialogs(page) == {}


def _faults_of_dialogs(page: Page) -> dict[str, list[str]]:
    """Return what axe finds in the dialogs, each opened as it is in the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = page.evaluate(
        """async () => {
          const faults = {};
          for (const dialog of document.querySelectorAll("dialog")) {
            dialog.showModal();
            const { violations } = await axe.run(dialog, { resultTypes: ["violations"] });
            dialog.close();
            if (violations.length) faults[dialog.id] = violations.map((each) => `${each.id}: ${each.nodes[0].html}`);
          }
          return faults;
        }"""
    )
    return found


def test_zone_when_full_by_this_device_then_refused_offline(
    phone: tuple[Phone, Network], open_edition: EditionFacts
) -> None:
    first, second = (make_attendee(open_edition, utcnow(), name=name) for name in ("First", "Second"))
    make_checkpoint(open_edition, utcnow(), "small", capacity=1)
    page = _open_offline(phone, "small")

    type_like_a_scanner(page, first.token)
    wait_for_verdict(page, tone="yes", name="First")
    type_like_a_scanner(page, second.token)

    wait_for_verdict(page, tone="no", name="Second", word="Full")


def test_badge_when_newer_than_the_data_then_amber_with_what_to_do(
    phone: tuple[Phone, Network], open_edition: EditionFacts
) -> None:
    make_attendee(open_edition, utcnow())  # with the first badge comes the key that the device trusts
    page = _open_offline(phone, "main")
    guest = make_attendee(open_edition, utcnow())
    db.session.rollback()

    type_like_a_scanner(page, guest.token)

    wait_for_verdict(page, tone="ask", word="Not on this device")
