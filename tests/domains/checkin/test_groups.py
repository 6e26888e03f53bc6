"""A group ticket admits several people with one scan: capacities, counts and lists count people, not badges."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.alarms import ControlRoomRow
from expo.checkin.queries.attendance import get_attendance, list_attendance_by_day
from expo.checkin.queries.checkpoints import clear_checkpoint_cache
from expo.checkin.queries.figures import count_arrived, list_arrivals_per_hour, list_door_counts
from expo.checkin.queries.occupancy import count_inside_site
from expo.checkin.queries.passages import list_wrong_presences
from expo.checkin.queries.zones import count_inside, list_wrong_counters
from expo.checkin.rules import Direction, Reason, Verdict
from expo.checkin.services.alarms import change_control_room
from expo.checkin.services.days import end_days
from expo.checkin.services.scans import scan_batch
from expo.checkin.services.undo import undo_scan
from expo.checkin.services.zones import ZoneRequest, edit_zone
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.reports.arrivals import get_arrivals
from expo.reports.attendance import get_attendance_report
from expo.reports.control_room import get_board
from expo.reports.dashboard import count_arrivals_by_hour, get_headline_figures
from expo.reports.evacuation import get_evacuation_list, table_of
from expo.reports.expo_report import get_expo_report
from expo.tickets.services import change_ticket_type
from tests.domains.checkin.doors import OPENING, make_checkpoint, make_request, scan_once, scanner
from tests.floor_plans import make_hall
from tests.make import MadeAttendee, make_attendee, make_ticket_type

MINUTE = timedelta(minutes=1)


@pytest.fixture
def school(edition: EditionFacts, now: datetime) -> MadeAttendee:
    """A class of thirty with one badge."""
    make_ticket_type(edition, now, "school", party=30)
    return make_attendee(edition, now, "school", name="Class 9b")


@pytest.fixture
def single(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Single Sam")


def _counter(code: str = "main") -> int:
    return db.session.scalars(select(Zone.inside).where(Zone.code == code)).one()


def test_capacity_when_a_group_enters_then_all_its_members_count(
    edition: EditionFacts, now: datetime, school: MadeAttendee, single: MadeAttendee
) -> None:
    make_checkpoint(edition, now, capacity=30)

    alone = scan_once(edition, single.token)
    crowded = scan_once(edition, school.token, scanned_at=OPENING + MINUTE)
    inside_before = _counter()
    scan_once(edition, single.token, direction=Direction.EXIT, scanned_at=OPENING + 2 * MINUTE)
    fits = scan_once(edition, school.token, scanned_at=OPENING + 3 * MINUTE)
    full = scan_once(edition, single.token, scanned_at=OPENING + 4 * MINUTE)
    inside = _counter()
    scan_once(edition, school.token, direction=Direction.EXIT, scanned_at=OPENING + 5 * MINUTE)

    assert (alone.verdict, fits.verdict) == (Verdict.ADMITTED, Verdict.ADMITTED)
    assert (crowded.reason, full.reason) == (Reason.ZONE_FULL, Reason.ZONE_FULL)
    assert (inside_before, inside, _counter()) == (1, 30, 0)
    assert list_wrong_counters(edition.id) == {}
    assert list_wrong_presences(edition, OPENING + 6 * MINUTE) == []


def test_group_when_it_changes_halls_or_its_scan_is_undone_then_counters_follow(
    edition: EditionFacts, now: datetime, school: MadeAttendee
) -> None:
    for code in ("one", "two"):
        make_checkpoint(edition, now, code, capacity=100)
        edit_zone(SYSTEM, edition.id, code, ZoneRequest({"en": code}, capacity=100, exclusive_group="halls"), now)

    requests = [make_request(school.token, "one"), make_request(school.token, "two", scanned_at=OPENING + MINUTE)]
    scan_batch(scanner(edition), edition.id, requests, OPENING + MINUTE)
    moved = (_counter("one"), _counter("two"))
    undo_scan(scanner(edition), edition.id, requests[1].scan_id, OPENING + MINUTE)

    assert moved == (0, 30)
    assert (_counter("one"), _counter("two")) == (30, 0)


def test_group_when_entered_then_every_number_counts_its_members(
    edition: EditionFacts, now: datetime, school: MadeAttendee, single: MadeAttendee
) -> None:
    make_checkpoint(edition, now, "gate")
    make_checkpoint(edition, now, "hall")
    for minute, (made, door) in enumerate([(school, "gate"), (single, "gate"), (school, "hall")]):
        scan_once(edition, made.token, door, scanned_at=OPENING + minute * MINUTE)
    later = OPENING + timedelta(hours=1)

    found = get_attendance(edition.id, OPENING, later)
    days = list_attendance_by_day(edition.id, edition.door_calendar, [edition.starts_on])
    report = get_attendance_report(SYSTEM, edition, later, edition.starts_on)
    doors = {each.code: (each.inside, each.arrived) for each in list_door_counts(edition.id, later)}

    assert count_inside(edition.id) == {"gate": 31, "hall": 30}
    assert (count_inside_site(edition.id), count_arrived(edition.id)) == (31, 31)
    assert doors == {"gate": (31, 31), "hall": (30, 30)}
    assert (found.people, sorted(found.people_by_zone.values())) == (31, [30, 31])
    assert sorted(found.people_by_checkpoint.values()) == [30, 31]
    assert sorted((each.people, each.entries) for each in found.devices) == [(30, 30), (31, 31)]
    assert [(each.checkpoint_code, each.people, each.entries) for each in days] == [("gate", 31, 31), ("hall", 30, 30)]
    assert [(each.level, each.people, each.entries) for each in report.lines][:2] == [
        ("site", 31, 61),
        ("zone", 31, 31),
    ]
    assert report.quarters[0][1] == {"gate": 31, "hall": 30}
    hours = list_arrivals_per_hour(edition.id, OPENING, later)
    assert [(each.checkpoint_code, each.entries) for each in hours] == [("gate", 31), ("hall", 30)]
    board = get_board(SYSTEM, edition, later)
    assert (board.site.counted, {each.code: each.entries for each in board.gates}) == (31, {"gate": 31, "hall": 30})


def test_evacuation_list_when_a_group_is_inside_then_says_how_many_it_is(
    edition: EditionFacts, now: datetime, school: MadeAttendee, single: MadeAttendee
) -> None:
    make_checkpoint(edition, now)
    for made in (school, single):
        scan_once(edition, made.token)

    found = get_evacuation_list(SYSTEM, edition, OPENING + timedelta(hours=5))

    assert (found.people, found.doubtful, found.site.counted) == (31, 31, 31)
    assert [(each.name, each.people) for each in found.zones[0].occupants] == [("Class 9b", 30), ("Single Sam", 1)]
    assert [row[-1] for row in table_of(found, edition)] == ["30", "1"]


def test_arrivals_when_a_group_comes_then_its_members_arrive_and_take_one_scan(
    edition: EditionFacts, now: datetime, school: MadeAttendee, single: MadeAttendee
) -> None:
    make_checkpoint(edition, now)
    change_control_room(SYSTEM, edition.id, ControlRoomRow(scan_seconds=300), now)
    for made in (school, single):
        scan_once(edition, made.token)

    report = get_arrivals(SYSTEM, edition, edition.starts_on, OPENING + timedelta(hours=1))

    assert (report.registered, report.arrived) == (31, 31)
    busiest = report.busiest
    assert busiest is not None
    # Two scans of five minutes in a quarter of an hour; for 31 people it would be more than ten lanes.
    assert (busiest.arrived, busiest.lanes) == (31, (2,))


def test_overview_and_report_when_a_group_comes_then_its_members_are_counted(
    each_app: Flask, edition: EditionFacts, now: datetime, school: MadeAttendee, single: MadeAttendee
) -> None:
    make_checkpoint(edition, now, hall_id=make_hall(edition, now))
    for minute, badge in enumerate((school, single)):
        scan_once(edition, badge.token, scanned_at=OPENING + minute * MINUTE)
    scan_once(edition, school.token, direction=Direction.EXIT, scanned_at=OPENING + 2 * MINUTE)
    scan_once(edition, school.token, scanned_at=OPENING + 3 * MINUTE)

    head = get_headline_figures(SYSTEM, edition, OPENING + 4 * MINUTE)
    hours = count_arrivals_by_hour(SYSTEM, edition, edition.starts_on)
    (hall,) = get_expo_report(SYSTEM, edition, OPENING).halls

    assert (head.arrived, head.arrived_badges, head.arrived_last_hour) == (31, 2, 31)
    assert [each.count for each in hours] == [61]
    assert (hall.people, hall.entries) == (31, 61)


def test_day_when_it_ends_then_the_whole_group_has_left(
    edition: EditionFacts, now: datetime, school: MadeAttendee
) -> None:
    make_checkpoint(edition, now, capacity=100)
    scan_once(edition, school.token)

    ended = end_days(OPENING + timedelta(days=1))

    assert (ended, _counter()) == (30, 0)


def test_group_when_its_size_changes_then_those_inside_stay_as_many_as_entered(
    edition: EditionFacts, now: datetime, school: MadeAttendee
) -> None:
    make_checkpoint(edition, now, capacity=100)
    scan_once(edition, school.token)
    change_ticket_type(SYSTEM, edition.id, school.attendee.ticket_type_id, now, party=20)
    clear_checkpoint_cache(edition.id)

    inside = _counter()
    scan_once(edition, school.token, direction=Direction.EXIT, scanned_at=OPENING + MINUTE)
    left = _counter()
    scan_once(edition, school.token, scanned_at=OPENING + 2 * MINUTE)

    assert (inside, left, _counter()) == (30, 0, 20)
    assert db.session.scalars(select(Presence.people)).all() == [20]
    assert db.session.scalars(select(Scan.party).order_by(Scan.id)).all() == [30, 20, 20]
    assert list_wrong_presences(edition, OPENING + 3 * MINUTE) == []
