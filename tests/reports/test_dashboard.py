"""The dashboard's figures, on both databases, against what was done by hand."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.checkin.rules import Direction
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts
from expo.editions.services import add_room
from expo.flows.registration import cancel_registration
from expo.infra.db import atomic, db
from expo.program.models import AgendaEntry, Session
from expo.reports.dashboard import (
    CountryCount,
    DayCount,
    HourCount,
    QuotaFill,
    RoomFill,
    SessionFill,
    count_arrivals_by_hour,
    count_countries,
    count_refusals,
    count_registrations_by_day,
    count_ticket_types,
    get_headline_figures,
    get_open_decisions,
    list_arrival_days,
    list_quota_fills,
    list_room_fills,
    list_session_fills,
)
from expo.reports.doors import list_recent_refusals
from tests.conftest import make_edition
from tests.make import (
    MadeAttendee,
    attendee_request,
    make_attendee,
    make_registration,
    make_ticket_type,
    order_request,
)

MORNING = datetime(2027, 5, 26, 0, 10, tzinfo=UTC)


def pass_door(
    edition: EditionFacts, made: MadeAttendee, moment: datetime, door: str = "north", token: str | None = None
) -> None:
    request = ScanRequest(str(uuid.uuid4()), token or made.token, door, Direction.ENTRY, moment)
    scan(SYSTEM, edition.id, request, moment)


def test_head_figures_when_people_register_and_come_then_counted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, slug="expo-2028", year=2028)
    make_attendee(other, now, email="x@example.org")
    create_checkpoint(SYSTEM, edition.id, "north", CheckpointRequest(name={"en": "North"}), now)
    create_checkpoint(SYSTEM, edition.id, "south", CheckpointRequest(name={"en": "South"}), now)
    make_attendee(edition, now - timedelta(days=10), email="a@example.org", country="FR")
    here = make_attendee(edition, now - timedelta(days=1), email="b@example.org", country="CN")
    gone = make_attendee(edition, now - timedelta(days=1), email="c@example.org", country="DE")
    cancel_registration(SYSTEM, edition.id, gone.id, now)
    make_ticket_type(edition, now, "press", requires_approval=True)
    make_ticket_type(edition, now, "delegate", price_cents=100)
    make_registration(edition, now, order_request(attendee_request("press"), source="desk"))
    make_registration(edition, now, order_request(attendee_request("delegate"), source="desk"))
    make_registration(edition, now, order_request(attendee_request("visitor")))
    pass_door(edition, here, MORNING)
    pass_door(edition, here, MORNING, "south")
    figures = get_headline_figures(SYSTEM, edition, now)
    assert (figures.confirmed, figures.confirmed_last_week, figures.confirmed_week_before) == (3, 2, 1)
    assert (figures.countries, figures.arrived, figures.awaiting_approval) == (2, 1, 1)
    assert (figures.unconfirmed, figures.unpaid_orders) == (1, 1)
    assert get_headline_figures(SYSTEM, edition, MORNING + timedelta(minutes=30)).arrived_last_hour == 1


def test_registrations_by_day_when_days_are_empty_then_the_line_has_no_gap(
    each_app: Flask, edition: EditionFacts
) -> None:
    late = datetime(2027, 3, 1, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    make_attendee(edition, late, email="a@example.org")
    make_attendee(edition, late + timedelta(minutes=2), email="b@example.org")
    make_attendee(edition, late + timedelta(days=2), email="c@example.org")
    assert count_registrations_by_day(SYSTEM, edition) == [
        DayCount(date(2027, 3, 1), 1, 1),
        DayCount(date(2027, 3, 2), 1, 2),
        DayCount(date(2027, 3, 3), 1, 3),
    ]


def test_countries_and_tickets_when_counted_then_the_most_first_and_by_type(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for number, country in enumerate(("FR", "CN", "CN")):
        make_attendee(edition, now, email=f"{number}@example.org", country=country)
    make_ticket_type(edition, now, "press", places=5, band=3)
    assert count_countries(SYSTEM, edition) == [CountryCount("CN", 2), CountryCount("FR", 1)]
    assert [(each.code, each.band, each.count) for each in count_ticket_types(SYSTEM, edition)] == [
        ("visitor", 0, 3),
        ("press", 3, 0),
    ]
    assert list_quota_fills(SYSTEM, edition) == [QuotaFill("press places", 0, 5)]


def test_arrivals_when_scanned_around_midnight_then_in_the_hour_and_day_of_the_expo(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "north", CheckpointRequest(name={"en": "North"}), now)
    made = [make_attendee(edition, now, email=f"{number}@example.org") for number in range(3)]
    pass_door(edition, made[0], MORNING)
    pass_door(edition, made[1], MORNING + timedelta(minutes=49))
    pass_door(edition, made[2], MORNING + timedelta(minutes=51))
    pass_door(edition, made[2], MORNING + timedelta(minutes=52))
    eight = datetime(2027, 5, 26, 8, tzinfo=edition.zone)
    assert count_arrivals_by_hour(SYSTEM, edition, date(2027, 5, 26)) == [
        HourCount(eight, "north", 2),
        HourCount(eight + timedelta(hours=1), "north", 1),
    ]
    assert count_arrivals_by_hour(SYSTEM, edition, date(2027, 5, 27)) == []
    assert list_arrival_days(SYSTEM, edition) == [date(2027, 5, 26)]
    assert count_refusals(SYSTEM, edition) == [("already_admitted", 1)]
    [refusal] = list_recent_refusals(SYSTEM, edition)
    assert (refusal.attendee_code, refusal.checkpoint_code) == (made[2].code, "north")


def test_fills_when_sessions_and_rooms_have_people_then_the_most_wanted_first(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room_id = add_room(SYSTEM, edition.id, "a", {"en": "Room A"}, capacity=40)
    create_checkpoint(SYSTEM, edition.id, "a", CheckpointRequest(name={"en": "Door A"}, room_id=room_id), now)
    made = [make_attendee(edition, now, email=f"{number}@example.org") for number in range(2)]
    with atomic():
        for number, slug in enumerate(("quiet", "loud", "empty")):
            db.session.add(
                Session(
                    edition_id=edition.id, slug=slug, title={"en": slug}, room_id=room_id if number else None, source={}
                )
            )
        db.session.flush()
        ids = {row.slug: row.id for row in db.session.query(Session)}
        for attendee, slug in ((made[0], "loud"), (made[1], "loud"), (made[0], "quiet")):
            db.session.add(AgendaEntry(attendee_id=attendee.id, session_id=ids[slug], added_at=now))
    pass_door(edition, made[0], MORNING, "a")
    assert list_session_fills(SYSTEM, edition) == [
        SessionFill("loud", {"en": "loud"}, {"en": "Room A"}, 2, 40),
        SessionFill("quiet", {"en": "quiet"}, None, 1, None),
    ]
    assert list_room_fills(SYSTEM, edition) == [RoomFill({"en": "Room A"}, 1, 40)]


def test_decisions_when_an_order_is_about_to_expire_then_counted_only_then(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_registration(edition, now)
    counts = [
        get_open_decisions(SYSTEM, edition, now + timedelta(hours=hours)).expiring_orders for hours in (0, 35, 37)
    ]
    assert counts == [0, 0, 1]


@pytest.mark.parametrize("report", [count_countries, list_quota_fills, list_session_fills, list_recent_refusals])
def test_reports_when_the_actor_may_not_read_figures_then_refused(
    report: Callable[[Actor, EditionFacts], object], app: Flask, edition: EditionFacts
) -> None:
    with pytest.raises(PermissionMissing):
        report(ANONYMOUS, edition)


def test_arrivals_when_after_midnight_of_the_last_day_then_of_that_day(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    create_checkpoint(SYSTEM, edition.id, "north", CheckpointRequest(name={"en": "North"}), now)
    pass_door(edition, make_attendee(edition, now), datetime(2027, 5, 28, 16, 30, tzinfo=UTC))

    days = list_arrival_days(SYSTEM, edition)

    assert days == [edition.ends_on]
    counts = count_arrivals_by_hour(SYSTEM, edition, edition.ends_on)
    assert [(each.hour.isoformat(), each.count) for each in counts] == [("2027-05-29T00:00:00+08:00", 1)]
    assert count_arrivals_by_hour(SYSTEM, edition, edition.ends_on + timedelta(days=1)) == []
