"""What is known of scanners: where they may be, their busiest quarter, and what this means for the zones."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import Actor
from expo.checkin.models import Device, DeviceCheckpoint
from expo.checkin.queries.arrivals import list_quarter_counts
from expo.checkin.queries.control_room import estimate_occupancy, read_control_facts
from expo.checkin.queries.occupancy import assess_scanners, list_scanners
from expo.checkin.rules.devices import PROFILE_CALLS, PROFILE_PERMISSIONS, Profile
from expo.checkin.services.hall_devices import HallDevice, store_hall_devices
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from expo.pure.occupancy import Bounds
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import make_attendee


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    return make_edition(now)


def test_scanners_when_listed_then_with_the_zones_they_may_be_at(edition: EditionFacts, now: datetime) -> None:
    north, south = (make_checkpoint(edition, now, code) for code in ("north", "south"))
    store_device(edition, "a: at north", checkpoint_id=north)
    bound = store_device(edition, "b: may use south")
    store_device(edition, "c: anywhere")
    store_device(edition, "d: yesterday", OPENING - timedelta(days=1))
    store_device(make_edition(now, slug="other"), "e: of another expo")
    with atomic() as session:
        session.add(DeviceCheckpoint(device_id=bound, checkpoint_id=south))

    scanners = list_scanners(edition.id, OPENING - timedelta(hours=1))

    assert [(each.name[0], set(each.zones)) for each in scanners] == [
        ("a", {"north"}),
        ("b", {"south"}),
        ("c", {"north", "south"}),
    ]


def test_scanners_when_judged_then_by_their_busiest_quarter(edition: EditionFacts, now: datetime) -> None:
    make_checkpoint(edition, now)
    device = store_device(edition)
    person = make_attendee(edition, now).id
    for minutes in (1, 2, 3, 20):
        store_scan(edition, person, OPENING + timedelta(minutes=minutes), device_id=device)
    counts = list_quarter_counts(edition.id, OPENING, OPENING + timedelta(hours=1))

    (state,) = assess_scanners(list_scanners(edition.id, OPENING), counts, 4)

    assert (state.busiest_rate, state.most_people) == (3 / 15, 4)


def test_bounds_when_a_hub_reports_quiet_devices_then_only_what_they_hold_is_uncertain(
    edition: EditionFacts, now: datetime
) -> None:
    north = make_checkpoint(edition, now, "north")
    quiet, holding = (store_device(edition, name, checkpoint_id=north) for name in ("Quiet", "Holding"))
    other = store_device(make_edition(now, slug="other"), "Elsewhere")
    late = OPENING + timedelta(hours=1)
    silent, _ = estimate_occupancy(edition, read_control_facts(edition, late))
    permissions = PROFILE_PERMISSIONS[Profile.HUB]
    hub = Actor("device", 1, edition_id=edition.id, permissions=permissions, calls=PROFILE_CALLS[Profile.HUB])

    heard = [_heard(quiet, late, 0), _heard(holding, late - timedelta(seconds=20), 2), _heard(other, late, 9)]
    store_hall_devices(hub, edition.id, heard, late)
    db.session.rollback()
    reported, _ = estimate_occupancy(edition, read_control_facts(edition, late))
    store_hall_devices(hub, edition.id, [_heard(holding, late - timedelta(minutes=5), 50)], late)
    db.session.rollback()

    assert (silent.upper, reported.upper) == (6, 2)
    assert estimate_occupancy(edition, read_control_facts(edition, late))[0] == reported
    assert db.session.get_one(Device, other).queue_length == 0


def _heard(device_id: int, at: datetime, queue: int) -> HallDevice:
    return HallDevice(device_id, at, 80, queue, at if queue else None, "1", 5, "north")


def test_bounds_when_a_device_is_out_of_contact_then_its_zone_and_the_site_are_uncertain(
    edition: EditionFacts, now: datetime
) -> None:
    north = make_checkpoint(edition, now, "north")
    make_checkpoint(edition, now, "south")
    for code in ("north", "south"):
        scan_once(edition, make_attendee(edition, now).token, code)
    store_device(edition, checkpoint_id=north, queue_length=2)

    site, zones = estimate_occupancy(edition, read_control_facts(edition, OPENING))

    assert site == Bounds(2, 0, 4)
    assert zones == {"north": Bounds(1, 0, 3), "south": Bounds(1, 1, 1)}
