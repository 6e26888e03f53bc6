import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Actor, Role
from expo.accounts.services import ensure_person, grant_role
from expo.checkin.queries.devices import list_devices
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import Heartbeat, store_heartbeat
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from tests.conftest import make_edition
from tests.domains.checkin.devices import make_device
from tests.domains.checkin.doors import make_checkpoint
from tests.sessions import browser_of


def _browser(app: Flask, edition: EditionFacts, now: datetime, role: Role = Role.ORGANIZER) -> FlaskClient:
    person = ensure_person(f"{role.value}@example.org", "Organizer", "en", now)
    grant_role(SYSTEM, edition.id, person, role, now)
    return browser_of(app, person, edition.id)


def test_page_when_there_is_no_device_then_says_how_to_begin(app: Flask, edition: EditionFacts, now: datetime) -> None:
    page = _browser(app, edition, now).get("/organizer/devices")

    assert "No devices yet" in page.text


def test_page_when_opened_without_permission_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    browser = _browser(app, edition, now, Role.DESK)

    answers = [browser.get(path).status_code for path in ("/organizer/devices", "/organizer/devices/export.csv")]

    assert answers == [403, 403]


def test_devices_when_several_are_added_then_numbered_and_each_code_enrols_one(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "north")
    browser = _browser(app, edition, now)
    form = {"name": "Gate", "profile": "supervisor", "checkpoints": "north", "count": "3"}

    page = browser.post("/organizer/devices/new", data=form)
    codes = re.findall(r"/door/enrol#([\w-]+)", page.text)
    names = [
        app.test_client().post("/api/v1/door/enrol", json={"code": code}).get_json()["device"]["name"] for code in codes
    ]

    found = [(each.name, each.profile, each.checkpoints) for each in list_devices(edition.id)]
    assert found == [(f"Gate {number}", Profile.SUPERVISOR, ("north",)) for number in (1, 2, 3)]
    assert sorted(names) == ["Gate 1", "Gate 2", "Gate 3"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.text.count('class="qr-code"') == 3


def test_page_when_a_device_reports_a_wrong_clock_then_warns_and_shows_its_queue(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "north")
    device = make_device(edition, utcnow(), "Gate 1").device
    actor = Actor("device", device.id, edition_id=edition.id)
    at = utcnow()
    heartbeat = Heartbeat(15, 12, at, "2027.5", at + timedelta(seconds=45), "north")
    store_heartbeat(actor, edition.id, heartbeat, at, is_wiped=False)

    page = _browser(app, edition, now).get("/organizer/devices").text

    for word in ("Gate 1", "Online", "Clock 45 seconds fast", "15%", "2027.5", ">12"):
        assert word in page


def test_device_when_edited_revoked_wiped_and_deleted_then_each_is_done_and_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    device = make_device(edition, utcnow(), "Gate 1").device
    browser = _browser(app, edition, now)
    path = f"/organizer/devices/{device.id}"

    browser.post(f"{path}/edit", data={"name": "North gate", "profile": "kiosk"})
    renamed = list_devices(edition.id)[0]
    asked = browser.get(f"{path}/wipe").text
    browser.post(f"{path}/revoke", data={})
    revoked = list_devices(edition.id)[0]
    browser.post(f"{path}/wipe", data={})
    wiped = list_devices(edition.id)[0]
    history = browser.get(f"{path}/edit").text
    browser.post(f"{path}/delete", data={})

    assert (renamed.name, renamed.profile) == ("North gate", Profile.KIOSK)
    assert "Wipe North gate?" in asked
    assert (revoked.revoked_at is not None, revoked.is_wiped, wiped.is_wiped) == (True, False, True)
    assert "Revoked and wiped the device" in history
    assert list_devices(edition.id) == []


def test_device_when_it_has_unsent_scans_then_revoking_warns_of_them(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    device = make_device(edition, utcnow()).device
    at = utcnow()
    actor = Actor("device", device.id, edition_id=edition.id)
    store_heartbeat(actor, edition.id, Heartbeat(None, 3, at, "", at, None), at, is_wiped=False)

    asked = _browser(app, edition, now).get(f"/organizer/devices/{device.id}/revoke").text

    assert "It can still send the 3 scans that it has not sent yet." in asked


def test_device_when_of_another_edition_then_not_found(app: Flask, edition: EditionFacts, now: datetime) -> None:
    foreign = make_device(make_edition(now, "expo-2028", 2028), utcnow()).device

    browser = _browser(app, edition, now)

    assert browser.get(f"/organizer/devices/{foreign.id}/edit").status_code == 404
    assert browser.post("/organizer/devices/codes", data={"device": foreign.id}).status_code == 404


def test_export_when_downloaded_then_has_the_devices(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_device(edition, utcnow(), "Gate 1")

    table = _browser(app, edition, now).get("/organizer/devices/export.csv").text

    assert "Gate 1,steward,,online," in table


@pytest.mark.usefixtures("pages_of_two")
def test_devices_when_more_than_a_page_then_cut_and_the_page_refreshes_itself(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    organizer, path = _browser(app, edition, now), "/organizer/devices"
    for number in (1, 2, 3):
        make_device(edition, utcnow(), f"Phone {number}")

    first, last = organizer.get(path).text, organizer.get(f"{path}?page=9").text
    part = organizer.get(f"{path}?page=2", headers={"HX-Request": "true"}).text

    counts = [[page.count(f"<bdi>Phone {number}</bdi>") for number in (1, 2, 3)] for page in (first, last, part)]
    assert counts == [[1, 1, 0], [0, 0, 1], [0, 0, 1]]
    assert f'hx-get="{path}?page=2"' in last
