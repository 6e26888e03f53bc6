"""Entries per quarter of an hour, and the first of each person on a day."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from expo.checkin.queries.arrivals import (
    QuarterCount,
    find_last_scan,
    list_first_arrivals,
    list_quarter_counts,
)
from expo.checkin.queries.attendance import DeviceAttendance, get_attendance, list_attendance_by_day
from expo.editions.queries import EditionFacts
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import make_attendee

DAY = (OPENING - timedelta(hours=10), OPENING + timedelta(hours=14))


def _after(minutes: int) -> datetime:
    return OPENING + timedelta(minutes=minutes)


@pytest.fixture
def both_editions(each_app: Flask, now: datetime) -> tuple[EditionFacts, EditionFacts]:
    """Two expos on the same days with the same checkpoint and a scan each; only the first is asked for."""
    own, other = make_edition(now), make_edition(now, slug="other")
    for edition in (own, other):
        make_checkpoint(edition, now)
    store_scan(other, make_attendee(other, now).id, _after(1))
    return own, other


def test_quarters_when_two_devices_scan_then_counted_by_device_direction_and_verdict(
    both_editions: tuple[EditionFacts, EditionFacts], now: datetime
) -> None:
    edition, _other = both_editions
    person, device = make_attendee(edition, now).id, store_device(edition)
    store_scan(edition, person, _after(1), device_id=device)
    store_scan(edition, person, _after(14), device_id=device, direction="exit")
    store_scan(edition, person, _after(14), device_id=device, undone_at=_after(15))
    store_scan(edition, person, _after(15), verdict="refused", reason="revoked")

    counts = list_quarter_counts(edition.id, *DAY)

    door = counts[0].checkpoint_id
    assert counts == [
        QuarterCount(door, device, OPENING, entries=1, exits=1, refused=0, last_at=_after(14), people=1),
        QuarterCount(door, None, _after(15), entries=0, exits=0, refused=1, last_at=_after(15)),
    ]
    assert (counts[0].scans, find_last_scan(edition.id)) == (2, _after(15))


def test_first_arrivals_when_people_enter_again_then_each_counts_once_where_they_came_first(
    both_editions: tuple[EditionFacts, EditionFacts], now: datetime
) -> None:
    edition, _other = both_editions
    south = make_checkpoint(edition, now, "south")
    early, late = (make_attendee(edition, now).id for _ in range(2))
    store_scan(edition, early, _after(20))
    store_scan(edition, early, _after(2), "south")
    store_scan(edition, late, _after(31))
    store_scan(edition, late, OPENING - timedelta(days=1))  # the day before does not count

    arrivals = list_first_arrivals(edition.id, *DAY)

    assert {who: (each.checkpoint_id == south, each.quarter) for who, each in arrivals.items()} == {
        early: (True, OPENING),
        late: (False, _after(30)),
    }


def test_attendance_when_somebody_uses_two_checkpoints_then_one_person_of_their_zone_and_of_the_site(
    both_editions: tuple[EditionFacts, EditionFacts], now: datetime
) -> None:
    edition, _other = both_editions
    first, second = make_checkpoint(edition, now, "north"), make_checkpoint(edition, now, "south")
    person = make_attendee(edition, now).id
    store_scan(edition, person, _after(1), "north")
    store_scan(edition, person, _after(2), "north", direction="exit")
    store_scan(edition, person, _after(3), "south")

    found = get_attendance(edition.id, *DAY)

    assert found.devices == [
        DeviceAttendance(first, None, people=1, entries=1, exits=1, refused=0),
        DeviceAttendance(second, None, people=1, entries=1, exits=0, refused=0),
    ]
    assert (found.people_by_checkpoint, sorted(found.people_by_zone.values()), found.people) == (
        {first: 1, second: 1},
        [1, 1],
        1,
    )


def test_attendance_by_day_when_scanned_at_night_then_counted_for_the_day_before(
    both_editions: tuple[EditionFacts, EditionFacts], now: datetime
) -> None:
    edition, _other = both_editions
    person = make_attendee(edition, now).id
    store_scan(edition, person, OPENING)
    store_scan(edition, person, datetime(2027, 5, 26, 19, 59, tzinfo=UTC))  # 3:59 on the 27th
    store_scan(edition, person, datetime(2027, 5, 26, 20, 0, tzinfo=UTC))

    rows = list_attendance_by_day(edition.id, edition.door_calendar, edition.days)

    assert [(each.day.day, each.checkpoint_code, each.people, each.entries) for each in rows] == [
        (26, "main", 1, 2),
        (27, "main", 1, 1),
    ]
