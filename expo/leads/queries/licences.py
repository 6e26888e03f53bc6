"""Reads of lead licences: how many members may scan, and who does."""

from sqlalchemy import select

from expo.exhibitors.models import Exhibitor, Package
from expo.infra.db import db
from expo.leads.models import LeadScan


def count_licences(exhibitor_id: int) -> int | None:
    """Return how many members of a company may scan; None if all may, because it has no package."""
    return db.session.scalar(
        select(Package.lead_licences)
        .join(Exhibitor, Exhibitor.package_id == Package.id)
        .where(Exhibitor.id == exhibitor_id)
    )


def list_licensed(exhibitor_id: int) -> set[int]:
    """Return the members who use a licence: those who have scanned a badge."""
    rows = db.session.scalars(
        select(LeadScan.member_id)
        .where(LeadScan.exhibitor_id == exhibitor_id, LeadScan.member_id.is_not(None))
        .distinct()
    )
    return {member_id for member_id in rows if member_id is not None}
