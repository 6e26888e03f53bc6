"""What is known of scanners: where they may be, their busiest quarter, and what this means for the zones."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.checkin.models import DeviceCheckpoint
from expo.checkin.queries.arrivals import list_quarter_counts
from expo.checkin.queries.control_room import bound_people, read_control_facts
from expo.checkin.queries.occupancy import judge_scanners, list_scanners
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic
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

    (state,) = judge_scanners(list_scanners(edition.id, OPENING), counts, 4)

    assert (state.busiest_rate, state.most_people) == (3 / 15, 4)


def test_bounds_when_a_device_is_out_of_contact_then_its_zone_and_the_site_are_uncertain(
    edition: EditionFacts, now: datetime
) -> None:
    north = make_checkpoint(edition, now, "north")
    make_checkpoint(edition, now, "south")
    for code in ("north", "south"):
        scan_once(edition, make_attendee(edition, now).token, code)
    store_device(edition, checkpoint_id=north, queue_length=2)

    site, zones = bound_people(edition, read_control_facts(edition, OPENING))

    assert site == Bounds(2, 0, 4)
    assert zones == {"north": Bounds(1, 0, 3), "south": Bounds(1, 1, 1)}
