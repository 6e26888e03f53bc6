"""Reads of visits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expo.exhibitors.models import Member
from expo.infra.db import db
from expo.leads.models import LeadScan


@dataclass(frozen=True)
class ScanRow:
    """A visit, and the member who scanned the badge."""

    scan_id: str
    scanned_at: datetime
    member_id: int | None
    member: str


def list_scans(*conditions: ColumnElement[bool]) -> dict[int, list[ScanRow]]:
    """Return visits by lead id, oldest first."""
    rows = db.session.execute(
        select(LeadScan.lead_id, LeadScan.scan_id, LeadScan.scanned_at, LeadScan.member_id, Member.name, Member.email)
        .outerjoin(Member, Member.id == LeadScan.member_id)
        .where(*conditions)
        .order_by(LeadScan.scanned_at, LeadScan.scan_id)
    )
    found: dict[int, list[ScanRow]] = {}
    for lead_id, scan_id, scanned_at, member_id, name, email in rows:
        found.setdefault(lead_id, []).append(ScanRow(scan_id, scanned_at, member_id, name or email or ""))
    return found


def list_scanners(exhibitor_id: int) -> list[tuple[int, str]]:
    """Return the members who scanned a badge for a company, as (id, name), by name."""
    rows = db.session.execute(
        select(Member.id, Member.name, Member.email)
        .where(Member.id.in_(select(LeadScan.member_id).where(LeadScan.exhibitor_id == exhibitor_id)))
        .order_by(Member.name, Member.id)
    )
    return [(member_id, name or email) for member_id, name, email in rows]
