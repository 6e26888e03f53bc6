"""What a visitor sees: who scanned their badge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.exhibitors.models import Exhibitor
from expo.infra.db import db
from expo.leads.models import Lead, LeadScan


@dataclass(frozen=True)
class Collector:
    """A company that scanned an attendee's badge."""

    attendee_id: int
    slug: str
    name: str
    first_at: datetime
    last_at: datetime
    visits: int
    # Set while nothing is shared with this company.
    withdrawn_at: datetime | None


def list_collectors(attendee_ids: Sequence[int]) -> list[Collector]:
    """Return the companies that scanned the badges of these attendees, the last scan first."""
    visits = (
        select(LeadScan.lead_id, func.count().label("visits"))
        .join(Lead, Lead.id == LeadScan.lead_id)
        .where(Lead.attendee_id.in_(attendee_ids))
        .group_by(LeadScan.lead_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Lead.attendee_id,
            Exhibitor.slug,
            Exhibitor.name,
            Lead.first_at,
            Lead.last_at,
            func.coalesce(visits.c.visits, 0),
            Lead.withdrawn_at,
        )
        .join(Exhibitor, Exhibitor.id == Lead.exhibitor_id)
        .outerjoin(visits, visits.c.lead_id == Lead.id)
        .where(Lead.attendee_id.in_(attendee_ids), Lead.deleted_at.is_(None))
        .order_by(Lead.last_at.desc(), Lead.id.desc())
    )
    return [Collector(*row) for row in rows]
