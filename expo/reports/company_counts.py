"""What each company got: views of its page, favourites, leads, visits and meetings. The reports compare these."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from expo.exhibitors.models import Exhibitor, ExhibitorFavourite, PageView
from expo.exhibitors.queries import is_listed
from expo.infra.db import db
from expo.leads.models import Lead, LeadScan
from expo.meetings.models import Meeting
from expo.meetings.rules import MeetingState

# Meetings that take place: those that were cancelled, and those to which nobody came, do not.
KEPT_STATES = (MeetingState.SCHEDULED, MeetingState.HELD)


@dataclass(frozen=True)
class CompanyCounts:
    """What a company got. `leads` share their details; `withdrawn` ones are empty rows of the same list."""

    id: int
    slug: str
    name: str
    views: int = 0
    favourites: int = 0
    leads: int = 0
    withdrawn: int = 0
    visits: int = 0
    meetings: int = 0


def list_company_counts(edition_id: int, or_company_id: int | None = None) -> list[CompanyCounts]:
    """Return the counts of the companies that visitors may see, and of one more, by name. Six queries in all."""
    wanted = is_listed(edition_id)
    if or_company_id is not None:
        wanted |= Exhibitor.id == or_company_id
    companies = db.session.execute(
        select(Exhibitor.id, Exhibitor.slug, Exhibitor.name).where(wanted).order_by(Exhibitor.name, Exhibitor.id)
    ).all()
    ids = select(Exhibitor.id).where(Exhibitor.edition_id == edition_id)
    views = _sum(PageView.exhibitor_id, func.sum(PageView.count), PageView.exhibitor_id.in_(ids))
    favourites = _sum(ExhibitorFavourite.exhibitor_id, func.count(), ExhibitorFavourite.exhibitor_id.in_(ids))
    leads = _sum(Lead.exhibitor_id, func.count(), Lead.exhibitor_id.in_(ids), *shares_details())
    withdrawn = _sum(
        Lead.exhibitor_id,
        func.count(),
        Lead.exhibitor_id.in_(ids),
        Lead.deleted_at.is_(None),
        Lead.withdrawn_at.is_not(None),
    )
    visits = _sum(LeadScan.exhibitor_id, func.count(), LeadScan.exhibitor_id.in_(ids), is_kept_visit())
    meetings = _sum(Meeting.exhibitor_id, func.count(), Meeting.edition_id == edition_id, is_in(KEPT_STATES))
    return [
        CompanyCounts(
            id=row.id,
            slug=row.slug,
            name=row.name,
            views=views.get(row.id, 0),
            favourites=favourites.get(row.id, 0),
            leads=leads.get(row.id, 0),
            withdrawn=withdrawn.get(row.id, 0),
            visits=visits.get(row.id, 0),
            meetings=meetings.get(row.id, 0),
        )
        for row in companies
    ]


def shares_details() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for leads that share their details: neither deleted nor withdrawn."""
    return (Lead.deleted_at.is_(None), Lead.withdrawn_at.is_(None))


def is_kept_visit() -> ColumnElement[bool]:
    """Return the condition for visits whose lead the company did not delete; a withdrawn one was a visit too."""
    return LeadScan.lead_id.in_(select(Lead.id).where(Lead.deleted_at.is_(None)))


def is_in(states: Iterable[MeetingState]) -> ColumnElement[bool]:
    """Return the condition for meetings in one of these states."""
    return Meeting.state.in_([each.value for each in states])


def _sum(key: Any, value: Any, *where: ColumnElement[bool]) -> dict[int, int]:
    return {
        company_id: int(count)
        for company_id, count in db.session.execute(select(key, value).where(*where).group_by(key))
    }
