"""The report of arrivals: who is registered for a day, who came, and how many lanes that takes."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.checkin.queries.alarms import ControlRoomRow, get_control_room
from expo.checkin.rules.alarms import Curve
from expo.checkin.services.alarms import change_control_room
from expo.editions.queries import EditionFacts
from expo.pure.forecast import default_profile
from expo.reports import arrival_curves
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

    assert [count_registered(edition.id, day) for day in (first, second, third)] == [(1, 1), (3, 3), (1, 1)]


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


def _come(edition: EditionFacts, day: date, hour: int, people: int, now: datetime) -> None:
    """Let so many people come for the first time in the quarter from this hour (in the expo's zone)."""
    for _ in range(people):
        store_scan(edition, make_attendee(edition, now).id, datetime.combine(day, time(hour), edition.zone), "north")


def test_curve_when_days_are_over_then_learned_from_them(
    edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival_curves, "MIN_ARRIVALS", 4)
    before = make_edition(now, "expo-2026", 2026)
    for each in (edition, before):
        make_checkpoint(each, now, "north")
    first, second, third = edition.days
    _come(before, before.days[0], 15, 5, now)
    _come(before, before.days[1], 16, 3, now)  # too few

    curves = {
        (day, wanted): arrival_curves._find_curve(edition, day, wanted) for day in (first, second) for wanted in Curve
    }
    _come(edition, first, 11, 4, now)
    later = {
        (day, wanted): arrival_curves._find_curve(edition, day, wanted)
        for day in (first, second, third)
        for wanted in Curve
    }

    built_in, previous, days = Curve.BUILT_IN, Curve.PREVIOUS_EDITION, Curve.PREVIOUS_DAYS
    assert {wanted: curves[first, wanted].source for wanted in Curve} == {
        Curve.AUTOMATIC: previous,
        days: built_in,
        previous: previous,
        built_in: built_in,
    }
    assert curves[second, Curve.AUTOMATIC].source is built_in
    assert (curves[first, previous].arrivals, curves[first, previous].edition) == (5, before.title)
    # Its first day stays, its second day has this one's first day before it.
    assert [later[day, Curve.AUTOMATIC].source for day in (first, second, third)] == [previous, days, days]
    assert [later[day, days].arrivals for day in (second, third)] == [4, 4]
    default = default_profile()
    learned = {previous: later[first, previous].profile, days: later[second, days].profile}
    assert sum(learned[days]) == pytest.approx(1)
    assert learned[days][44] == pytest.approx((200 * default[44] + 4) / 204)
    assert learned[previous][60] == pytest.approx((200 * default[60] + 5) / 205)


def test_report_when_the_organizer_chose_a_curve_then_planned_by_it(
    edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival_curves, "MIN_ARRIVALS", 1)
    make_checkpoint(edition, now, "north")
    first, second, _third = edition.days
    _come(edition, first, 20, 3, now)

    automatic = get_arrivals(SYSTEM, edition, second, OPENING)
    change_control_room(SYSTEM, edition.id, ControlRoomRow(curve=Curve.BUILT_IN), now)
    chosen = get_arrivals(SYSTEM, edition, second, OPENING)

    assert (automatic.curve.source, chosen.curve.source) == (Curve.PREVIOUS_DAYS, Curve.BUILT_IN)
    assert (len(automatic.quarters), len(chosen.quarters)) == (len(chosen.quarters) + 1, len(chosen.quarters))


def test_settings_when_another_edition_has_some_then_each_has_its_own(edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, "expo-2028", 2028)
    change_control_room(SYSTEM, other.id, ControlRoomRow(show_percent=33), now)

    assert (get_control_room(edition.id), get_control_room(other.id).show_percent) == (ControlRoomRow(), 33)
