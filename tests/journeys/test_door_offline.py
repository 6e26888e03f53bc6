"""The scanner without a network: it decides alone, loses nothing, duplicates nothing, and leaves nothing behind."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.badges.services import revoke_badge
from expo.checkin.models import Scan
from expo.checkin.queries.devices import list_devices
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import revoke_device
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from tests.domains.checkin.devices import make_code
from tests.journeys.bad_network import Network, open_network
from tests.journeys.browser import open_playwright, serve
from tests.journeys.camera import camera_arguments, qr_picture, write_film
from tests.journeys.door_phone import Phone, expect_unsent, open_device, open_light_phone, open_phone
from tests.make import MadeAttendee, make_attendees
from tests.web.door.phone import open_door, scan_all_offline, type_like_a_scanner, wait_for_verdict
from tests.web.door.test_scanner import attendee, open_edition

__all__ = ["attendee", "open_edition"]

pytestmark = pytest.mark.browser

# 500 scans: each of the guests this often, most with a handheld scanner. Some more hold their badge before the camera.
GUESTS, ROUNDS = 250, 2
BEFORE_CAMERA = 6
FEW_SCANS = 12
SYNC = "window.dispatchEvent(new Event('online'))"
# The ids of the scans that the phone stores.
_QUEUED = """() => new Promise((resolve) => {
  indexedDB.open("expo-door").onsuccess = ({ target }) => {
    const request = target.result.transaction("queue").objectStore("queue").getAllKeys();
    request.onsuccess = () => { target.result.close(); resolve(request.result); };
  };
})"""
# From now on there is no room for another scan.
_FILL_UP = """() => {
  const { put } = IDBObjectStore.prototype;
  window.hasRoom = false;
  IDBObjectStore.prototype.put = function (...its) {
    if (this.name === "queue" && !window.hasRoom) throw new DOMException("no room", "QuotaExceededError");
    return put.apply(this, its);
  };
}"""


@dataclass(frozen=True)
class Door:
    """A steward's phone behind a network."""

    app: Flask
    network: Network
    phone: Phone
    steward: int


@pytest.fixture
def steward(app: Flask, open_edition: EditionFacts, attendee: MadeAttendee) -> int:
    """Somebody who may scan, where an attendee may come in."""
    steward = ensure_person("steward@example.org", "Steward", "en", utcnow())
    grant_role(SYSTEM, open_edition.id, steward, Role.STEWARD, utcnow())
    db.session.rollback()
    return steward


@pytest.fixture
def door(app: Flask, steward: int) -> Iterator[Door]:
    """The phone of the steward."""
    with serve(app) as server, open_network(server) as (network, address), open_light_phone(address) as phone:
        phone.sign_in(app, steward)
        yield Door(app, network, phone, steward)


@pytest.fixture
def before_camera(open_edition: EditionFacts) -> list[MadeAttendee]:
    """People who hold their badges before the camera, one after the other."""
    return _make_attendees(open_edition, BEFORE_CAMERA, "Before camera")


@pytest.fixture
def killable_door(app: Flask, steward: int, before_camera: list[MadeAttendee], tmp_path: Path) -> Iterator[Door]:
    """The phone of the steward, which can be killed, with a camera."""
    pictures = [qr_picture(each.token) for each in before_camera]
    film = write_film(tmp_path / "badges.mjpeg", pictures)
    with (
        serve(app) as server,
        open_network(server) as (network, address),
        open_playwright() as playwright,
        open_phone(playwright, tmp_path / "profile", address, camera_arguments(film)) as phone,
    ):
        phone.sign_in(app, steward)
        yield Door(app, network, phone, steward)


def _make_attendees(edition: EditionFacts, count: int, name: str = "Guest") -> list[MadeAttendee]:
    made = make_attendees(edition, utcnow(), [f"{name} {number}" for number in range(count)])
    db.session.rollback()
    return made


def _rows() -> list[Scan]:
    db.session.rollback()
    return list(db.session.scalars(select(Scan).order_by(Scan.id)))


def _scan_all(page: Page, guests: list[MadeAttendee], unsent: int = 0) -> None:
    for number, guest in enumerate(guests, unsent + 1):
        type_like_a_scanner(page, guest.token)
        expect_unsent(page, number)


def _sync_until_sent(page: Page) -> None:
    while not page.evaluate(f"{SYNC}, document.documentElement.dataset.unsent === '0'"):
        page.wait_for_timeout(100)


def test_scans_when_500_are_made_offline_and_the_browser_is_killed_then_each_arrives_once_over_a_bad_network(
    killable_door: Door, open_edition: EditionFacts, before_camera: list[MadeAttendee]
) -> None:
    door = killable_door
    guests = _make_attendees(open_edition, GUESTS)
    page = open_device(door.phone.context)
    type_like_a_scanner(page, guests[0].token)
    wait_for_verdict(page, tone="yes", name="Guest 0")
    expect_unsent(page, 0)

    door.network.is_up = False
    scan_all_offline(page, [each.token for each in guests[1:]] + [each.token for each in guests] * (ROUNDS - 1))
    expect(page.locator("#network")).to_contain_text("Offline")
    page.get_by_role("button", name="Next badge").click()
    page.get_by_role("button", name="Start scanning").click()
    for each in before_camera:
        wait_for_verdict(page, tone="yes", name=each.attendee.name)
    made = page.evaluate(_QUEUED)
    door.phone.kill_and_restart()
    page = open_device(door.phone.context)
    stored = page.evaluate(_QUEUED)  # the camera may have read a badge once more
    assert set(made) <= set(stored)
    expect_unsent(page, len(stored))
    door.network.is_up = door.network.is_bad = True
    _sync_until_sent(page)

    rows = _rows()
    assert sorted(each.scan_id for each in rows[1:]) == sorted(stored)
    verdicts = Counter((each.attendee_id, each.verdict) for each in rows)
    assert {each: count for each, count in verdicts.items() if each[1] == "admitted"} == {
        (each.id, "admitted"): 1 for each in [*guests, *before_camera]
    }
    assert [verdicts[each.id, "refused"] for each in guests] == [ROUNDS - 1] * GUESTS
    assert door.network.faults


def test_scans_when_the_phone_is_full_then_judged_and_sent_from_memory_or_stored_once_there_is_room(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    [second] = _make_attendees(open_edition, 1)
    page = open_device(door.phone.context)
    door.network.is_api_down = True
    page.evaluate(_FILL_UP)

    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes", name=attendee.attendee.name)
    expect(page.locator("#problems")).to_contain_text("Storage full: free some space, and leave this page open")
    expect_unsent(page, 1)
    assert page.evaluate(_QUEUED) == []

    page.evaluate(f"window.hasRoom = true, {SYNC}")
    expect(page.locator("#problems")).not_to_contain_text("Storage full")
    assert len(page.evaluate(_QUEUED)) == 1
    page.evaluate("window.hasRoom = false")
    type_like_a_scanner(page, second.token)
    wait_for_verdict(page, tone="yes", name="Guest 0")
    expect_unsent(page, 2)
    door.network.is_api_down = False
    page.evaluate(SYNC)

    expect_unsent(page, 0)
    assert sorted(each.attendee_id or 0 for each in _rows()) == sorted([attendee.id, second.id])


def test_scans_when_the_network_loses_cuts_and_repeats_then_each_arrives_once(
    door: Door, open_edition: EditionFacts
) -> None:
    guests = _make_attendees(open_edition, FEW_SCANS)
    page = open_device(door.phone.context)
    door.network.is_bad = True

    for guest in guests:
        type_like_a_scanner(page, guest.token)
        wait_for_verdict(page, tone="yes", name=guest.attendee.name)

    _sync_until_sent(page)
    assert sorted(each.attendee_id or 0 for each in _rows()) == sorted(each.id for each in guests)
    assert len(door.network.faults) > 2


def test_badge_when_scanned_twice_offline_then_refused_at_once(door: Door, attendee: MadeAttendee) -> None:
    page = open_device(door.phone.context)
    door.network.is_up = False

    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes", name="张伟")
    page = open_device(door.phone.context)  # what is known of the badge outlives the page
    type_like_a_scanner(page, attendee.token)

    expect(page.locator("#verdict-word")).to_have_text("Already checked in")


def test_page_when_updated_with_unsent_scans_then_new_version_and_none_is_lost(
    door: Door, open_edition: EditionFacts
) -> None:
    guests = _make_attendees(open_edition, 3)
    page = open_device(door.phone.context)
    before = page.evaluate("caches.keys()")
    door.network.is_api_down = True
    _scan_all(page, guests)

    with atomic() as session:
        found = session.get(Edition, open_edition.id)
        assert found is not None
        found.accent_color = "#7c2d12"
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    page.wait_for_function(
        "before => caches.keys().then(names => names.length === 1 && names[0] !== before[0])", arg=before
    )
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")
    expect_unsent(page, 3)
    door.network.is_api_down = False
    page.evaluate(SYNC)

    expect_unsent(page, 0)
    assert sorted(each.attendee_id or 0 for each in _rows()) == sorted(each.id for each in guests)


def test_sign_out_when_scans_are_unsent_then_asked_first_and_wiped_after(door: Door, attendee: MadeAttendee) -> None:
    page = open_device(door.phone.context)
    door.network.is_api_down = True
    type_like_a_scanner(page, attendee.token)
    expect_unsent(page, 1)
    expect(page.locator("#verdict")).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out of this device").click()
    dialog = page.get_by_role("dialog", name="Scans have not been sent")
    expect(dialog).to_contain_text("1 scan is only on this device")
    dialog.get_by_role("button", name="Back").click()
    expect_unsent(page, 1)

    door.network.is_api_down = False
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out of this device").click()

    expect(page.get_by_text("You have signed out.")).to_be_visible()
    assert [each.verdict for each in _rows()] == ["admitted"]
    _expect_nothing_stored(page)


def _expect_nothing_stored(page: Page) -> None:
    page.wait_for_function("() => indexedDB.databases().then(all => all.every(each => each.name !== 'expo-door'))")


def test_device_when_revoked_then_its_data_goes_at_once_and_its_scans_once_they_are_sent(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    page = open_device(door.phone.context)
    door.network.is_api_down = True
    type_like_a_scanner(page, attendee.token)
    expect_unsent(page, 1)
    (device,) = list_devices(open_edition.id)

    revoke_device(SYSTEM, open_edition.id, device.id, utcnow(), wipes=True)
    db.session.rollback()
    door.network.is_api_down = False
    page.evaluate(SYNC)

    expect(page).to_have_url(re.compile(r"/en/door/$"))
    _expect_nothing_stored(page)
    assert [(each.verdict, each.is_after_revocation) for each in _rows()] == [("admitted", True)]


def test_server_when_it_disagrees_then_verdict_turns_and_the_list_says_so(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    page = open_device(door.phone.context)
    door.network.is_up = False
    revoke_badge(SYSTEM, open_edition.id, attendee.id, utcnow())
    db.session.rollback()
    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes", name="张伟")
    expect_unsent(page, 1)
    expect(page.locator("#verdict")).to_be_hidden()

    door.network.is_up = True
    page.evaluate(SYNC)

    expect(page.locator("#verdict-word")).to_have_text("Replaced")
    expect(page.locator("#verdict-advice")).to_contain_text("Corrected by the server")
    page.get_by_role("button", name="Next badge").click()
    expect(page.locator("#problems")).to_have_text("1 corrected by the server")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Last 50 scans").click()
    expect(page.locator("#history-list li")).to_contain_text("Server: Replaced")


def test_clock_when_wrong_then_reported_and_corrected_in_the_scan(door: Door, attendee: MadeAttendee) -> None:
    door.phone.context.add_init_script("{ const now = Date.now; Date.now = () => now() + 600_000; }")
    page = open_device(door.phone.context)
    expect(page.locator("#problems")).to_contain_text("clock is 10 mins fast")

    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes")
    expect_unsent(page, 0)

    (row,) = _rows()
    assert abs(row.received_at - row.scanned_at) < timedelta(minutes=1)
    assert row.device_time is not None
    assert row.device_time - row.scanned_at > timedelta(minutes=9)


def test_storage_when_refused_then_said_and_scans_go_online(door: Door, attendee: MadeAttendee) -> None:
    door.phone.context.add_init_script("delete Object.getPrototypeOf(self).indexedDB; delete self.indexedDB")
    page = open_door(door.phone.context, "/en/door/?checkpoint=main&direction=entry", is_device=True)
    expect(page.locator("#problems")).to_contain_text("This browser cannot store data")

    type_like_a_scanner(page, attendee.token)

    wait_for_verdict(page, tone="yes", name="张伟")
    assert [each.verdict for each in _rows()] == ["admitted"]

    # A browser from 2022 stores, but cannot read what it is sent.
    door.phone.context.add_init_script("delete self.DecompressionStream; delete AbortSignal.any")
    page = open_door(door.phone.context, "/en/door/?checkpoint=main&direction=entry", is_device=True)
    expect(page.locator("#problems")).to_contain_text("This browser cannot store data")
    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="no", word="Already checked in")


def test_undo_when_last_scan_was_a_mistake_then_undone_here_and_on_the_server(
    door: Door, attendee: MadeAttendee
) -> None:
    page = open_device(door.phone.context)
    door.network.is_up = False
    type_like_a_scanner(page, attendee.token)
    wait_for_verdict(page, tone="yes")
    expect(page.locator("#verdict")).to_be_hidden()

    page.get_by_role("button", name="Undo last scan").click()
    page.get_by_role("dialog", name="Undo this scan?").get_by_role("button", name="Undo scan").click()
    expect_unsent(page, 2)
    door.network.is_up = True
    page.evaluate(SYNC)
    expect_unsent(page, 0)
    page = open_device(door.phone.context)
    type_like_a_scanner(page, attendee.token)

    wait_for_verdict(page, tone="yes", name="张伟")


def test_device_when_enrolled_by_link_then_chooses_a_checkpoint_and_scans_without_an_account(
    door: Door, open_edition: EditionFacts, attendee: MadeAttendee
) -> None:
    code = make_code(open_edition, utcnow(), "Gate phone")
    db.session.rollback()
    door.phone.context.clear_cookies()
    page = open_door(door.phone.context, f"/en/door/enrol#{code}", is_device=True)
    expect(page.locator("#enrol-status")).to_have_text("This device is set up: Gate phone")
    expect(page).to_have_url(re.compile("/en/door/enrol$"))

    page.get_by_role("link", name="Choose a checkpoint").click()
    page.get_by_role("link", name="Main entrance: Entry").click()
    expect(page.locator("#place-name")).to_have_text("Main entrance")
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")
    type_like_a_scanner(page, attendee.token)

    wait_for_verdict(page, tone="yes", name="张伟")
    expect_unsent(page, 0)
    (device,) = list_devices(open_edition.id)
    assert [(each.actor_kind, each.actor_id) for each in _rows()] == [("device", device.id)]

    _type_code(page, attendee.code)
    wait_for_verdict(page, tone="ask", word="Short code", name="")
    page.get_by_role("button", name="Next badge").click()
    _open_as_supervisor(page, open_edition)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Search attendees").click()
    page.get_by_label("Name, e-mail, company or code").fill("zhang wie")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_role("dialog", name="Search attendees").get_by_role("button", name="张伟").click()
    wait_for_verdict(page, tone="ask", word="Confirmed", name="张伟")
    page.get_by_role("button", name="Next badge").click()
    page.evaluate("window.verdictsShown.length = 0")
    _type_code(page, f"{attendee.code[:4]}-{attendee.code[4:]}".lower())
    wait_for_verdict(page, tone="ask", word="Confirmed", name="张伟")


def _type_code(page: Page, code: str) -> None:
    page.get_by_label("Badge code").fill(code)
    page.get_by_role("button", name="Check badge").click()


def _open_as_supervisor(page: Page, edition: EditionFacts) -> None:
    code = make_code(edition, utcnow(), "Supervisor phone", profile=Profile.SUPERVISOR)
    db.session.rollback()
    page.goto("about:blank")
    page.goto(f"/en/door/enrol#{code}")
    expect(page.locator("#enrol-status")).to_have_text("This device is set up: Supervisor phone")
    page.goto("/en/door/scanner?checkpoint=main&direction=entry")
    page.wait_for_function("() => document.documentElement.dataset.snapshot !== undefined")


def test_sign_out_when_on_another_page_with_unsent_scans_then_the_scanner_asks_first(
    door: Door, attendee: MadeAttendee
) -> None:
    page = open_device(door.phone.context)
    door.network.is_api_down = True
    type_like_a_scanner(page, attendee.token)
    expect_unsent(page, 1)

    page.goto("/en/program")
    page.get_by_role("button", name="Sign out").click()

    dialog = page.get_by_role("dialog", name="Scans have not been sent")
    expect(dialog).to_contain_text("1 scan is only on this device")
    door.network.is_api_down = False
    dialog.get_by_role("button", name="Send, then sign out").click()
    expect(page.get_by_text("You have signed out.")).to_be_visible()
    assert [each.verdict for each in _rows()] == ["admitted"]
