"""A hub in this process, its centre in another, and the network between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from expo.app import create_app
from expo.checkin.queries.hubs import UnsentScans, count_unsent, find_hub
from expo.flows.hubs import Centre as CentreApi, CentreError, connect_hub, synchronize
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.schema import metadata
from tests.conftest import lenient_settings
from tests.flows.hub_centre import EVERYBODY, PART, PEOPLE, SECRET_EMAIL
from tests.flows.hubs import Centre, make_scan, post_scan, run_centre
from tests.journeys.bad_network import Network, open_network


@dataclass
class Hall:
    """A hall with its hub. Each test has badges of its own."""

    hub: Flask
    centre: Centre
    network: Network
    address: str
    badges: Iterator[str]

    def read_database(self) -> bytes:
        db.session.remove()
        folder = self.centre.folder.parent
        return b"".join(path.read_bytes() for path in sorted(folder.glob("hub.sqlite3*")))


@pytest.fixture(scope="module")
def _hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("hub")
    with run_centre(folder / "centre") as centre, open_network(centre.url) as (network, address):
        app = create_app(lenient_settings(f"sqlite:///{folder}/hub.sqlite3", folder))
        with app.app_context():
            metadata.create_all(db.engine)
            connect_hub(address, centre.world["hub_code"], "http://hub.local:8000", "Hall 1")
        yield Hall(app, centre, network, address, iter(centre.world["badges"]))
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def hall(_hall: Hall) -> Iterator[Hall]:
    """A hall whose hub has copied the centre."""
    _hall.network.is_up, _hall.network.is_bad = True, False
    with _hall.hub.app_context():
        _copy_all()
        yield _hall
        db.session.remove()


def _copy_all() -> list[int]:
    """Copy the centre, and return how many attendees were left after each part."""
    left = []
    for _ in range(PEOPLE):
        outcome = synchronize(utcnow)
        assert outcome.error == ""
        left.append(outcome.left)
        if not outcome.left:
            break
    return left


def _post(app: Flask, token: str, path: str, body: Any) -> TestResponse:
    return app.test_client().post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})


def _verdict(app: Flask, token: str, scan: dict[str, Any]) -> tuple[str, str | None]:
    answer = _post(app, token, "/scans", scan).get_json()
    return answer["verdict"], answer["reason"]


def test_hub_when_the_centre_is_gone_then_two_doors_admit_once_and_everything_arrives_once(hall: Hall) -> None:
    hub, centre = hall.hub, hall.centre
    east, west = centre.world["gates"]
    badge, other, mistake = next(hall.badges), next(hall.badges), next(hall.badges)
    hall.network.is_up = False

    first, second, apart, taken_back = make_scan(badge), make_scan(badge, "west"), make_scan(other), make_scan(mistake)
    verdicts = [_verdict(hub, east, first), _verdict(hub, west, second), _verdict(hub, east, apart)]
    _verdict(hub, east, taken_back)
    _post(hub, east, f"/scans/{taken_back['scan_id']}/undo", {})
    # The same person at a gate that reaches the centre.
    post_scan(centre.url, centre.world["elsewhere"], make_scan(other, "west"))
    lost = synchronize(utcnow)
    hall.network.is_up = True
    back, again = synchronize(utcnow), synchronize(utcnow)

    assert verdicts == [("admitted", None), ("refused", "already_admitted"), ("admitted", None)]
    assert (bool(lost.error), lost.sent) == (True, 0)
    assert (back.error, back.sent, again.error, again.sent) == ("", 4, "", 0)
    assert count_unsent() == UnsentScans(0, None)
    stored = centre.rows(
        "SELECT scan_id, verdict, reason, decided, device.name, undone_at IS NULL FROM scan "
        "JOIN device ON device.id = scan.device_id WHERE hub_id IS NOT NULL ORDER BY scan.id"
    )
    ours = {each["scan_id"] for each in (first, second, apart, taken_back)}  # the hall has those of other tests, too
    assert [each for each in stored if each[0] in ours] == [
        (first["scan_id"], "admitted", None, "device", "East", 1),
        (second["scan_id"], "refused", "already_admitted", "device", "West", 1),
        (apart["scan_id"], "admitted", None, "device", "East", 1),
        (taken_back["scan_id"], "admitted", None, "device", "East", 0),
    ]
    assert centre.list_double_entries() == [("East", "Online gate")]
    heard = centre.rows("SELECT name FROM device WHERE name IN ('East', 'West') AND last_seen_at > enrolled_at")
    assert sorted(heard) == [("East",), ("West",)]


def test_hub_when_the_network_loses_and_repeats_and_cuts_then_each_scan_arrives_once(hall: Hall) -> None:
    badges = [next(hall.badges) for _ in range(4)]
    scans = [make_scan(badge, direction=direction) for direction in ("entry", "exit") for badge in badges]
    hall.network.is_bad = True
    for each in scans:
        _verdict(hall.hub, hall.centre.world["gates"][0], each)

    for _ in range(200):
        synchronize(utcnow, batch=2)
        if not count_unsent().count and len(hall.network.faults) == 5:
            break

    assert hall.network.faults == {"lose the request", "lose the answer", "cut the answer", "delay", "repeat"}
    sent = [each["scan_id"] for each in scans]
    stored = hall.centre.rows("SELECT scan_id, verdict FROM scan")
    assert sorted(each for each in stored if each[0] in sent) == sorted((each, "admitted") for each in sent)


def test_hub_when_somebody_came_in_elsewhere_then_refused_after_the_next_copy(hall: Hall) -> None:
    badge = next(hall.badges)
    post_scan(hall.centre.url, hall.centre.world["elsewhere"], make_scan(badge, "west"))

    _copy_all()
    assert _verdict(hall.hub, hall.centre.world["gates"][0], make_scan(badge)) == ("refused", "already_admitted")


def test_hub_when_a_checkpoint_asks_for_an_add_on_then_judged_by_what_was_copied(hall: Hall) -> None:
    world, east = hall.centre.world, hall.centre.world["gates"][0]
    dinner = [{"code": "dinner", "name": {"en": "Gala dinner"}}]
    hall.network.is_up = False

    def enter(badge: str) -> tuple[str, str | None, list[object], list[object]]:
        answer = _post(hall.hub, east, "/scans", make_scan(badge, "gala")).get_json()
        return answer["verdict"], answer["reason"], answer["add_ons"], answer["missing_add_ons"]

    answers = [enter(world[name]) for name in ("diner", "latecomer")]
    hall.network.is_up = True
    assert synchronize(utcnow).error == ""
    hall.centre.book(world["latecomer_id"], "dinner")
    assert synchronize(utcnow).error == ""
    hall.network.is_up = False
    booked = enter(world["latecomer"])
    hall.network.is_up = True
    assert synchronize(utcnow).error == ""

    assert answers == [("admitted", None, dinner, []), ("refused", "rule", [], dinner)]
    assert booked == ("admitted", None, dinner, [])
    stored = hall.centre.rows(
        "SELECT verdict, reason, disagrees FROM scan JOIN checkpoint ON checkpoint.id = checkpoint_id "
        "WHERE checkpoint.code = 'gala' ORDER BY scan.id"
    )
    assert stored == [("admitted", None, None), ("refused", "rule", None), ("admitted", None, None)]


def test_hub_when_copied_then_no_addresses_and_no_private_keys(hall: Hall) -> None:
    there, here = hall.centre.read_database(), hall.read_database()

    keys = [row[0] for row in hall.centre.rows("SELECT encrypted_private_key FROM signing_key")]
    secrets = [SECRET_EMAIL.encode(), *keys]
    assert [each in there for each in secrets] == [True] * len(secrets)
    assert [each in here for each in secrets] == [False] * len(secrets)


def test_devices_when_quiet_at_their_hub_then_in_contact_for_the_centre(hall: Hall) -> None:
    east = hall.centre.world["gates"][0]
    before = hall.centre.rows("SELECT last_seen_at FROM device WHERE name = 'East'")
    heartbeat = {"device_time": utcnow().isoformat(), "queue": 3, "version": "7", "checkpoint": "east"}
    assert _post(hall.hub, east, "/door/heartbeat", heartbeat).status_code == 200

    assert synchronize(utcnow).error == ""

    after = hall.centre.rows("SELECT last_seen_at FROM device WHERE name = 'East'")
    stored = hall.centre.rows(
        "SELECT queue_length, device.version, checkpoint.code FROM device "
        "JOIN checkpoint ON checkpoint.id = device.checkpoint_id WHERE device.name = 'East'"
    )
    assert (after > before, stored) == (True, [(3, "7", "east")])


def test_first_copy_when_cut_between_two_parts_then_goes_on_after_the_last_one_stored(
    hall: Hall, tmp_path: Path
) -> None:
    centre, network, badge = hall.centre, hall.network, next(hall.badges)
    app = create_app(lenient_settings(f"sqlite:///{tmp_path}/hub.sqlite3", tmp_path))
    with app.app_context():
        metadata.create_all(db.engine)
        connect_hub(hall.address, centre.world["other_hub_code"], "http://hub-2.local:8000", "Hall 2")
        first = synchronize(utcnow)
        network.is_up = False
        lost, before = synchronize(utcnow), find_hub()
        network.is_up = True
        # In the meantime somebody enters elsewhere.
        post_scan(centre.url, centre.world["elsewhere"], make_scan(badge, "west"))
        left, after = _copy_all(), find_hub()
        _copy_all()
        verdict = _verdict(app, centre.world["gates"][0], make_scan(badge))
        tables = ("attendee", "badge", "scan WHERE verdict = 'admitted'")
        counted = [db.session.execute(text(f"SELECT count(*) FROM {each}")).scalar_one() for each in tables]  # noqa: S608
        db.session.remove()
        db.engine.dispose()

    assert (first.left, bool(lost.error), left) == (EVERYBODY - PART, True, [EVERYBODY - 2 * PART, 0])
    assert before is not None
    assert after is not None
    assert (before.edition_id, before.copied_at, after.edition_id) == (None, None, 1)
    assert counted == [centre.rows(f"SELECT count(*) FROM {each}")[0][0] for each in tables]  # noqa: S608
    assert verdict == ("refused", "already_admitted")


def test_hub_copy_when_somebody_else_asks_then_refused(hall: Hall) -> None:
    with pytest.raises(CentreError, match="403 device_call_refused"):
        CentreApi(hall.centre.url, hall.centre.world["gates"][0]).copy(None)


def test_hub_when_the_code_was_used_then_says_so_and_stays_as_it_is(hall: Hall) -> None:
    with pytest.raises(CentreError, match="422 enrolment_code_wrong"):
        connect_hub(hall.address, hall.centre.world["hub_code"], "http://hub.local:8000", "Hall 2")

    found = find_hub()
    assert found is not None
    assert (found.name, found.is_connected) == ("Hall 1", True)
