"""The report of arrivals: who is registered for a day, who came, and how many lanes that takes."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.checkin.queries.alarms import ControlRoomRow
from expo.checkin.services.alarms import change_control_room
from expo.editions.queries import EditionFacts
from expo.reports.arrivals import count_registered, get_arrivals
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_scan
from tests.make import make_attendee, make_registration, make_ticket_type


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    return make_edition(now)


def test_registered_when_tickets_are_for_some_days_then_counted_on_those(edition: EditionFacts, now: datetime) -> None:
    first, second, third = edition.days
    make_ticket_type(edition, now, "day-2", valid_from=second, valid_days=1)
    for code in ("visitor", "day-2", "day-2"):
        make_attendee(edition, now, code)
    make_registration(edition, now)  # not confirmed
    make_attendee(make_edition(now, slug="other"), now)

    assert [count_registered(edition.id, day) for day in (first, second, third)] == [1, 3, 1]


def test_report_when_people_came_then_expected_is_corrected_and_lanes_follow(
    edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, "north")
    make_checkpoint(edition, now, "south")
    people = [make_attendee(edition, now).id for _ in range(8)]
    for number, person in enumerate(people[:6]):
        code = "south" if number == 5 else "north"
        store_scan(edition, person, OPENING - timedelta(minutes=20), code)
    change_control_room(SYSTEM, edition.id, ControlRoomRow(show_percent=50, scan_seconds=300), now)

    report = get_arrivals(SYSTEM, edition, edition.starts_on, OPENING)

    assert (report.registered, report.planned, report.arrived, report.planned_by_now) == (8, 4, 6, 2)
    assert report.scale > 1
    assert report.expected == 8  # no more than are registered
    assert [(gate.code, round(gate.share, 2)) for gate in report.gates] == [("north", 0.83), ("south", 0.17)]
    busiest = report.busiest
    assert busiest is not None
    assert (busiest.arrived, busiest.is_over, busiest.lanes[0] > busiest.lanes[1] > 0) == (6, True, True)


def test_report_when_the_day_has_not_begun_then_only_planned_for_equal_entrances(
    edition: EditionFacts, now: datetime
) -> None:
    for code in ("north", "south"):
        make_checkpoint(edition, now, code)
    make_attendee(edition, now)

    report = get_arrivals(SYSTEM, edition, edition.ends_on, OPENING)

    assert [gate.share for gate in report.gates] == [0.5, 0.5]
    assert {quarter.arrived for quarter in report.quarters} == {None}
    assert (report.arrived, report.scale) == (0, 1)


def test_report_when_not_allowed_then_refused(edition: EditionFacts) -> None:
    with pytest.raises(PermissionMissing):
        get_arrivals(ANONYMOUS, edition, edition.starts_on, OPENING)
