"""The report of one exhibitor: the same numbers as in its lists, and nothing about another company."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.models import ExhibitorTopic
from expo.exhibitors.rules import MemberRole
from expo.infra.db import atomic, db
from expo.leads.queries import list_leads
from expo.meetings.queries import Party, list_meetings
from expo.meetings.rules import MeetingState
from expo.profiles.models import AttendeeTopic, Profile
from expo.reports.exhibitor_report import MIN_COMPANIES, ComparedFigure, get_exhibitor_report
from tests.conftest import make_edition
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import make_attendee
from tests.stored_activity import store_lead, store_meeting, store_views


@pytest.fixture
def slug(app: Flask, edition: EditionFacts) -> str:
    return make_exhibitor(edition)


@pytest.fixture
def owner(edition: EditionFacts, slug: str, now: datetime) -> Actor:
    return make_member(edition, slug, now)


def test_report_when_leads_are_withdrawn_and_meetings_cancelled_then_it_agrees_with_the_lists(
    edition: EditionFacts, slug: str, owner: Actor, now: datetime
) -> None:
    company = exhibitor_id_of(edition, slug)
    visitors = [make_attendee(edition, now, email=f"v{n}@example.org").id for n in range(4)]
    store_lead(company, visitors[0], now)
    store_lead(company, visitors[1], now, scans=2)
    store_lead(company, visitors[2], now, withdrawn_at=now, withdrawal_reason="visitor")
    store_lead(company, visitors[3], now, deleted_at=now)
    for state in MeetingState:
        store_meeting(edition, company, visitors[0], now, state)
    store_meeting(edition, company, visitors[1], now, MeetingState.HELD)

    report = get_exhibitor_report(owner, edition, slug, now)

    leads = list_leads(company, edition.zone)
    meetings = list_meetings(Party(owner, edition.id, "", exhibitor_id=company))
    assert report.counts.leads == sum(not each.withdrawn_at for each in leads) == 2
    assert report.counts.leads + report.counts.withdrawn == len(leads) == 3
    assert report.counts.visits == 4  # of the withdrawn lead too, not of the deleted one
    assert sum(report.states.values()) == len(meetings) == len(MeetingState) + 1
    kept = [each for each in meetings if each.state in (MeetingState.SCHEDULED, MeetingState.HELD)]
    assert (report.counts.meetings, len(kept)) == (3, 3)
    assert (sum(line.leads.own for line in report.hours), sum(line.meetings.own for line in report.hours)) == (2, 3)
    # Scheduled, held twice and a no-show, of these and one declined and one expired.
    assert report.acceptance == 4 / 6


def test_report_when_there_are_enough_companies_then_a_median_and_no_figure_of_another_company(
    edition: EditionFacts, slug: str, owner: Actor, now: datetime
) -> None:
    store_views(exhibitor_id_of(edition, slug), now, 7)
    store_views(exhibitor_id_of(edition, slug), now - timedelta(days=2), 1)
    for number in range(1, MIN_COMPANIES):
        other = make_exhibitor(edition, f"Other {number}")
        store_views(exhibitor_id_of(edition, other), now, number * 10)
    hidden = make_exhibitor(edition, "Hidden", is_hidden=True)
    store_views(exhibitor_id_of(edition, hidden), now, 999)

    report = get_exhibitor_report(owner, edition, slug, now)

    hour, today = now.astimezone(edition.zone).hour, now.astimezone(edition.zone).date()
    assert report.totals["views"] == ComparedFigure(8, 20)
    assert report.hours[hour].views == ComparedFigure(8, 20)
    # A day without views is in the chart too.
    assert report.days == [(today - timedelta(days=2), 1), (today - timedelta(days=1), 0), (today, 7)]
    assert "999" not in repr(report)


def test_report_when_there_are_few_companies_then_no_median(
    edition: EditionFacts, slug: str, owner: Actor, now: datetime
) -> None:
    for number in range(1, MIN_COMPANIES - 1):
        store_views(exhibitor_id_of(edition, make_exhibitor(edition, f"Other {number}")), now, 90)

    report = get_exhibitor_report(owner, edition, slug, now)

    assert {each.median for each in report.totals.values()} == {None}
    assert "90" not in repr(report.totals) + repr(report.hours)


def test_topics_when_a_visitor_did_not_agree_to_be_found_then_they_are_not_counted(
    edition: EditionFacts, slug: str, owner: Actor, now: datetime
) -> None:
    company = exhibitor_id_of(edition, slug)
    visible, invisible = (make_attendee(edition, now, email=f"{name}@example.org").id for name in ("a", "b"))
    with atomic():
        db.session.add(ExhibitorTopic(exhibitor_id=company, topic="databases", weight=1, is_chosen=True))
        for attendee_id in (visible, invisible):
            db.session.add(AttendeeTopic(attendee_id=attendee_id, topic="databases"))
        db.session.add(
            Profile(attendee_id=visible, edition_id=edition.id, key="ann", visibility="exhibitors", updated_at=now)
        )
    store_lead(company, visible, now)
    store_lead(company, invisible, now)

    (line,) = get_exhibitor_report(owner, edition, slug, now).topics

    assert (line.topic, line.leads, line.meetings, line.median_leads) == ("databases", 1, 0, None)


def test_report_when_somebody_else_asks_then_they_learn_nothing(
    edition: EditionFacts, slug: str, now: datetime
) -> None:
    store_views(exhibitor_id_of(edition, slug), now, 5)
    colleague = make_member(edition, slug, now, "Wang Wei", MemberRole.REPRESENTATIVE)
    stranger = make_member(edition, make_exhibitor(edition, "Other"), now)
    visitor = Actor("person", make_attendee(edition, now).attendee.person_id, edition.id)
    next_year = make_edition(now, slug="expo-2028", year=2028)
    namesake = make_member(next_year, make_exhibitor(next_year), now, "Zhao Min")

    with pytest.raises(PermissionMissing):
        get_exhibitor_report(colleague, edition, slug, now)
    for actor in (stranger, visitor, namesake):
        with pytest.raises(ExhibitorMissing):
            get_exhibitor_report(actor, edition, slug, now)
    assert get_exhibitor_report(namesake, next_year, slug, now).counts.views == 0
