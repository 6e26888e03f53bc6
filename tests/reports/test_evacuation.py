"""Everybody is listed once, in the zone they entered last; people who may have left are marked."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.checkin.queries.occupancy import count_inside_site
from expo.checkin.rules import Direction
from expo.editions.queries import EditionFacts
from expo.pure.occupancy import Bounds
from expo.reports.evacuation import get_evacuation_list
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.domains.checkin.stored_scans import store_device
from tests.make import make_attendee


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    edition = make_edition(now)
    for code in ("site", "hall"):
        make_checkpoint(edition, now, code)
    return edition


def _scan(edition: EditionFacts, token: str, *steps: tuple[str, str, int]) -> None:
    for code, direction, minutes in steps:
        at = OPENING + timedelta(minutes=minutes)
        scan_once(edition, token, code, direction=Direction(direction), scanned_at=at)


def test_list_when_people_are_in_several_zones_then_each_once_in_the_last(edition: EditionFacts, now: datetime) -> None:
    names = ("In the hall", "On the site", "Back on the site", "Gone")
    tokens = [make_attendee(edition, now, name=name).token for name in names]
    _scan(edition, tokens[0], ("site", "entry", 0), ("hall", "entry", 5))
    _scan(edition, tokens[1], ("site", "entry", 0))
    _scan(edition, tokens[2], ("site", "entry", 0), ("hall", "entry", 5), ("hall", "exit", 6))
    _scan(edition, tokens[3], ("site", "entry", 0), ("site", "exit", 6))

    found = get_evacuation_list(SYSTEM, edition, OPENING + timedelta(minutes=10))

    assert {zone.code: [each.name for each in zone.occupants] for zone in found.zones} == {
        "site": ["Back on the site", "On the site"],
        "hall": ["In the hall"],
    }
    assert (found.people, found.doubtful, found.site) == (3, 0, Bounds(3, 3, 3))


def test_list_when_somebody_left_the_site_from_a_hall_then_they_may_have_left(
    edition: EditionFacts, now: datetime
) -> None:
    _scan(
        edition,
        make_attendee(edition, now).token,
        ("site", "entry", 0),
        ("hall", "entry", 5),
        ("site", "exit", 30),
    )

    found = get_evacuation_list(SYSTEM, edition, OPENING + timedelta(minutes=40))

    assert [(zone.code, [each.may_have_left for each in zone.occupants]) for zone in found.zones] == [
        ("site", []),
        ("hall", [True]),
    ]
    assert count_inside_site(edition.id) == 0


@pytest.mark.parametrize(("minutes", "may_have_left"), [(239, False), (240, True)])
def test_list_when_somebody_was_not_seen_for_hours_then_they_may_have_left(
    edition: EditionFacts,
    now: datetime,
    minutes: int,
    may_have_left: bool,  # noqa: FBT001 - as parametrized
) -> None:
    _scan(edition, make_attendee(edition, now).token, ("site", "entry", 0))

    found = get_evacuation_list(SYSTEM, edition, OPENING + timedelta(minutes=minutes), "site")

    assert [each.may_have_left for each in found.zones[0].occupants] == [may_have_left]


def test_list_when_a_device_is_out_of_contact_then_others_may_be_inside(edition: EditionFacts) -> None:
    store_device(edition, queue_length=5)

    found = get_evacuation_list(SYSTEM, edition, OPENING)

    assert (found.site, [zone.bounds for zone in found.zones]) == (Bounds(0, 0, 5), [Bounds(0, 0, 5)] * 2)


def test_list_when_of_another_expo_or_without_permission_then_nobody(edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, slug="other")
    _scan(edition, make_attendee(edition, now).token, ("site", "entry", 0))

    assert get_evacuation_list(SYSTEM, other, OPENING).people == 0
    with pytest.raises(PermissionMissing):
        get_evacuation_list(ANONYMOUS, edition, OPENING)
