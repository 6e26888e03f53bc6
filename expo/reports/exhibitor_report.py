"""The report of one exhibitor, compared with the median of all: no other company's own figure is in it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, PageView
from expo.exhibitors.queries import Membership, require_member
from expo.exhibitors.rules import ExhibitorState, TeamAction
from expo.infra.db import db
from expo.leads.models import Lead
from expo.meetings.models import Meeting
from expo.meetings.rules import MeetingState
from expo.pure.shares import median_of
from expo.reports.company_counts import KEPT_STATES, CompanyCounts, is_in, list_company_counts, shares_details
from expo.reports.company_topics import TopicLine, list_topic_lines

# A median of fewer companies would say something about each of them.
MIN_COMPANIES = 5
HOURS_OF_DAY = 24
MEASURES = ("views", "favourites", "leads", "meetings")
AGREED_STATES = (*KEPT_STATES, MeetingState.NO_SHOW)


@dataclass(frozen=True)
class ComparedFigure:
    """A company's own figure, and the median of all; None if there are too few companies."""

    own: int
    median: float | None


@dataclass(frozen=True)
class HourLine:
    """An hour of the day, over all days: views, leads and meetings that began in it."""

    hour: int
    views: ComparedFigure
    leads: ComparedFigure
    meetings: ComparedFigure


@dataclass(frozen=True)
class ExhibitorReport:
    """How an exhibitor did. `totals` are by MEASURES; `states` counts every meeting and request of the company."""

    company: Membership
    at: datetime
    counts: CompanyCounts
    companies: int
    totals: dict[str, ComparedFigure]
    states: dict[MeetingState, int]
    acceptance: float | None
    days: list[tuple[date, int]]
    hours: list[HourLine]
    topics: list[TopicLine]

    @property
    def has_median(self) -> bool:
        """Whether there are enough companies to compare with."""
        return self.companies >= MIN_COMPANIES


def get_exhibitor_report(actor: Actor, edition: EditionFacts, slug: str, now: datetime) -> ExhibitorReport:
    """Return the report of a company, for members of its team who may read it. Raises as `require_member` does."""
    company = require_member(actor, edition.id, slug, TeamAction.READ_REPORTS)
    found = list_company_counts(edition.id, company.exhibitor_id)
    own = next(each for each in found if each.id == company.exhibitor_id)
    is_shown = company.state is ExhibitorState.APPROVED and not company.is_hidden
    listed = [each for each in found if each is not own or is_shown]
    states = _count_states(company.exhibitor_id)
    ids = [each.id for each in listed]
    views = _list_views(edition.id, edition.zone)
    return ExhibitorReport(
        company=company,
        at=now,
        counts=own,
        companies=len(listed),
        totals={name: _compare(getattr(own, name), [getattr(each, name) for each in listed]) for name in MEASURES},
        states=states,
        acceptance=acceptance_of(states),
        days=_count_days(views, company.exhibitor_id),
        hours=[
            HourLine(hour, *figures)
            for hour, figures in enumerate(
                zip(
                    *(
                        _compare_hours(events, company.exhibitor_id, ids)
                        for events in (
                            views,
                            _list_leads(edition.id, edition.zone),
                            _list_meetings(edition.id, edition.zone),
                        )
                    ),
                    strict=True,
                )
            )
        ],
        topics=list_topic_lines(edition.id, company.exhibitor_id, MIN_COMPANIES),
    )


def acceptance_of(states: dict[MeetingState, int]) -> float | None:
    """Return the share of answered requests that were accepted; None without any.

    An expired request counts as not accepted. A cancelled one is left out: it may have been accepted before or not.
    """
    accepted = sum(states.get(each, 0) for each in AGREED_STATES)
    answered = accepted + states.get(MeetingState.DECLINED, 0) + states.get(MeetingState.EXPIRED, 0)
    return accepted / answered if answered else None


def _count_states(exhibitor_id: int) -> dict[MeetingState, int]:
    rows = db.session.scalars(select(Meeting.state).where(Meeting.exhibitor_id == exhibitor_id))
    counts = Counter(rows)
    return {state: counts[state.value] for state in MeetingState if counts[state.value]}


def _compare(own: int, of_all: list[int]) -> ComparedFigure:
    return ComparedFigure(own, median_of(of_all) if len(of_all) >= MIN_COMPANIES else None)


# The company, a moment in the expo's zone, and how much it counts.
Events = list[tuple[int, datetime, int]]


def _list_views(edition_id: int, zone: ZoneInfo) -> Events:
    rows = db.session.execute(
        select(PageView.exhibitor_id, PageView.hour_at, PageView.count)
        .join(Exhibitor, Exhibitor.id == PageView.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
        .order_by(PageView.hour_at)
    )
    return [(exhibitor_id, hour_at.astimezone(zone), count) for exhibitor_id, hour_at, count in rows]


def _list_leads(edition_id: int, zone: ZoneInfo) -> Events:
    rows = db.session.execute(
        select(Lead.exhibitor_id, Lead.first_at)
        .join(Exhibitor, Exhibitor.id == Lead.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id, *shares_details())
    )
    return [(exhibitor_id, first_at.astimezone(zone), 1) for exhibitor_id, first_at in rows]


def _list_meetings(edition_id: int, zone: ZoneInfo) -> Events:
    rows = db.session.execute(
        select(Meeting.exhibitor_id, Meeting.starts_at).where(Meeting.edition_id == edition_id, is_in(KEPT_STATES))
    )
    return [
        (exhibitor_id, starts_at.astimezone(zone), 1)
        for exhibitor_id, starts_at in rows
        if exhibitor_id is not None and starts_at is not None
    ]


def _count_days(views: Events, exhibitor_id: int) -> list[tuple[date, int]]:
    days: Counter[date] = Counter()
    for company_id, moment, count in views:
        if company_id == exhibitor_id:
            days[moment.date()] += count
    # A day without views is shown as one, so that the days of a chart are evenly spaced.
    first, last = min(days, default=date.min), max(days, default=date.min)
    every_day = [first + timedelta(number) for number in range((last - first).days + 1)] if days else []
    return [(day, days[day]) for day in every_day]


def _compare_hours(events: Events, exhibitor_id: int, listed: list[int]) -> list[ComparedFigure]:
    """Return a figure for each hour of the day, over all days."""
    counts: Counter[tuple[int, int]] = Counter()
    for company_id, moment, count in events:
        counts[company_id, moment.hour] += count
    return [
        _compare(counts[exhibitor_id, hour], [counts[each, hour] for each in listed]) for hour in range(HOURS_OF_DAY)
    ]
