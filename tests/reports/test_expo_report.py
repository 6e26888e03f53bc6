"""The organizers' report on exhibitors: counts of one edition, for those who may read them."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor, Permission
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, ExhibitorBooth, ExhibitorTopic
from expo.infra.db import atomic, db
from expo.meetings.models import MeetingParticipant
from expo.meetings.rules import MeetingState
from expo.profiles.models import AttendeeTopic
from expo.reports.expo_report import get_expo_report
from tests.conftest import make_edition
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.floor_plans import make_hall
from tests.make import make_attendee
from tests.stored_activity import store_lead, store_meeting, store_views


def reader(edition: EditionFacts, *permissions: Permission) -> Actor:
    return Actor("person", 1, edition.id, frozenset(permissions))


@pytest.fixture
def yunshang(app: Flask, edition: EditionFacts) -> int:
    return exhibitor_id_of(edition, make_exhibitor(edition))


@pytest.fixture
def visitor(edition: EditionFacts, now: datetime) -> int:
    return make_attendee(edition, now).id


def test_report_when_another_edition_has_everything_too_then_only_this_one_counts(
    edition: EditionFacts, yunshang: int, visitor: int, now: datetime
) -> None:
    next_year = make_edition(now, slug="expo-2028", year=2028)
    other = exhibitor_id_of(next_year, make_exhibitor(next_year))
    stranger = make_attendee(next_year, now, email="later@example.org").id
    for count, (expo, company, person) in enumerate(((edition, yunshang, visitor), (next_year, other, stranger)), 1):
        for _ in range(count):
            store_meeting(expo, company, person, now, MeetingState.HELD)
        store_views(company, now, 10 * count)
        store_lead(company, person, now, scans=count)
    store_meeting(edition, yunshang, visitor, now, MeetingState.CANCELLED)
    with atomic():
        for rating, row in zip(
            (4, 5, 1), db.session.scalars(select(MeetingParticipant).order_by(MeetingParticipant.id)), strict=False
        ):
            row.rating = rating

    report = get_expo_report(reader(edition, Permission.REPORTS_READ), edition, now)

    assert report.states == {MeetingState.HELD: 1, MeetingState.CANCELLED: 1}
    assert (report.requests, report.matches, report.acceptance) == (2, 1, 1)
    assert (report.ratings, report.rating) == (1, 4)
    assert [(each.id, each.views, each.leads, each.visits, each.meetings) for each in report.companies] == [
        (yunshang, 10, 1, 1, 1)
    ]
    assert sum(each.visits for each in report.halls) == 1


def test_demand_when_nobody_offers_a_topic_or_a_subtopic_then_it_is_unmet(
    edition: EditionFacts, yunshang: int, visitor: int, now: datetime
) -> None:
    with atomic():
        db.session.add(ExhibitorTopic(exhibitor_id=yunshang, topic="vector-databases", weight=1, is_chosen=True))
        hidden = exhibitor_id_of(edition, make_exhibitor(edition, "Hidden", is_hidden=True))
        db.session.add(ExhibitorTopic(exhibitor_id=hidden, topic="data-lineage", weight=1, is_chosen=True))
        for topic in ("databases", "data-lineage"):
            db.session.add(AttendeeTopic(attendee_id=visitor, topic=topic))

    report = get_expo_report(reader(edition, Permission.EXHIBITORS_READ), edition, now)

    assert [(each.topic, each.sought, each.offers) for each in report.demand] == [
        ("data-lineage", 1, 0),
        ("databases", 1, 1),
    ]
    assert [each.topic for each in report.unmet] == ["data-lineage"]


def test_halls_when_a_booth_has_no_company_then_it_is_empty_unless_sold(
    edition: EditionFacts, yunshang: int, visitor: int, now: datetime
) -> None:
    hall = make_hall(edition, now)
    with atomic():
        booths = [
            Booth(edition_id=edition.id, hall_id=hall, code=code, state=state)
            for code, state in (("A1", "sold"), ("A2", "free"), ("A3", "held"), ("A4", "sold"))
        ]
        db.session.add_all(booths)
        db.session.flush()
        db.session.add(ExhibitorBooth(exhibitor_id=yunshang, booth_id=booths[0].id))
    store_lead(yunshang, visitor, now, scans=3)

    (line,) = get_expo_report(reader(edition, Permission.REPORTS_READ), edition, now).halls

    assert (line.booths, line.empty, line.held, line.visits) == (4, ("A2", "A3"), 1, 3)


def test_fairness_when_one_company_has_everything_then_gini_is_high(
    edition: EditionFacts, yunshang: int, now: datetime
) -> None:
    for number in range(3):
        make_exhibitor(edition, f"Other {number}")
    store_views(yunshang, now, 12)

    views = get_expo_report(reader(edition, Permission.REPORTS_READ), edition, now).views

    assert (views.gini, views.share_of_largest, views.without) == (0.75, 1, 3)


def test_report_when_an_exhibitor_or_attendee_asks_then_refused(
    edition: EditionFacts, yunshang: int, now: datetime
) -> None:
    owner = make_member(edition, "yunshang", now)
    visitor = Actor("person", make_attendee(edition, now).attendee.person_id, edition.id)

    for actor in (owner, visitor, reader(make_edition(now, slug="expo-2028", year=2028), Permission.REPORTS_READ)):
        with pytest.raises(PermissionMissing):
            get_expo_report(actor, edition, now)
