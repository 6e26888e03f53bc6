"""Reads of leads: each with the contact details that the visitor shares at this moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from expo.infra.db import db
from expo.leads.errors import LeadMissing
from expo.leads.models import Lead, LeadNote, LeadScan
from expo.leads.queries.notes import NoteRow, list_notes
from expo.leads.queries.scans import ScanRow, list_scans
from expo.leads.rules import FollowUp, LeadFilter
from expo.profiles.queries import list_contacts
from expo.profiles.rules import Contact
from expo.pure.names import fold


@dataclass(frozen=True)
class LeadRow:
    """A lead as its company sees it; after a withdrawal nothing about the visitor is left in it."""

    id: int
    exhibitor_id: int
    code: str
    contact: Contact
    scans: tuple[ScanRow, ...]
    notes: tuple[NoteRow, ...]
    rating: int | None
    status: FollowUp
    answers: dict[str, Any]
    first_at: datetime | None
    last_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str
    version: int

    @property
    def title(self) -> str:
        """What the lead is called: the name, else the company, else its code."""
        return self.contact.name or self.contact.company or self.code

    @property
    def members(self) -> tuple[str, ...]:
        """Who scanned the badge, each once, in the order of their first scan."""
        return tuple(dict.fromkeys(each.member for each in self.scans if each.member))


def list_leads(exhibitor_id: int, zone: ZoneInfo, filters: LeadFilter | None = None) -> list[LeadRow]:
    """Return the leads of a company, the last visit first. `zone` decides which day a visit belongs to."""
    rows = _read(
        Lead.exhibitor_id == exhibitor_id,
        scans_of=LeadScan.exhibitor_id == exhibitor_id,
        notes_of=LeadNote.lead_id.in_(select(Lead.id).where(Lead.exhibitor_id == exhibitor_id)),
    )
    if filters is None or filters == LeadFilter():
        return rows
    conditions = _conditions(filters, zone)
    # A withdrawn lead has nothing that a filter could find.
    return [row for row in rows if row.withdrawn_at is None and all(holds(row) for holds in conditions)]


def get_lead(exhibitor_id: int, code: str) -> LeadRow:
    """Return a lead of a company. Raises LeadMissing."""
    lead_id = db.session.scalar(select(Lead.id).where(Lead.exhibitor_id == exhibitor_id, Lead.code == code))
    row = find_lead_by_id(lead_id) if lead_id is not None else None
    if row is None:
        raise LeadMissing
    return row


def find_lead_by_id(lead_id: int) -> LeadRow | None:
    """Return a lead, or None if it was deleted; for deliveries that know its company."""
    rows = _read(Lead.id == lead_id, scans_of=LeadScan.lead_id == lead_id, notes_of=LeadNote.lead_id == lead_id)
    return rows[0] if rows else None


def _read(
    condition: ColumnElement[bool], *, scans_of: ColumnElement[bool], notes_of: ColumnElement[bool]
) -> list[LeadRow]:
    leads = db.session.scalars(
        select(Lead).where(condition, Lead.deleted_at.is_(None)).order_by(Lead.last_at.desc(), Lead.id.desc()),
        execution_options={"populate_existing": True},
    ).all()
    shared = select(Lead.attendee_id).where(condition, Lead.withdrawn_at.is_(None), Lead.deleted_at.is_(None))
    contacts = list_contacts(shared)
    scans, notes = list_scans(scans_of), list_notes(notes_of)
    return [
        _empty_row(each)
        if each.withdrawn_at
        else _row(each, contacts[each.attendee_id], tuple(scans.get(each.id, ())), tuple(notes.get(each.id, ())))
        for each in leads
    ]


def _row(lead: Lead, contact: Contact, scans: tuple[ScanRow, ...], notes: tuple[NoteRow, ...]) -> LeadRow:
    return LeadRow(
        lead.id,
        lead.exhibitor_id,
        lead.code,
        contact,
        scans,
        notes,
        lead.rating,
        FollowUp(lead.status),
        dict(lead.answers),
        lead.first_at,
        lead.last_at,
        None,
        "",
        lead.version,
    )


def _empty_row(lead: Lead) -> LeadRow:
    return LeadRow(
        lead.id,
        lead.exhibitor_id,
        lead.code,
        Contact(),
        (),
        (),
        None,
        FollowUp.NEW,
        {},
        None,
        None,
        lead.withdrawn_at,
        lead.withdrawal_reason,
        lead.version,
    )


def _conditions(filters: LeadFilter, zone: ZoneInfo) -> list[Callable[[LeadRow], bool]]:
    found: list[Callable[[LeadRow], bool]] = []
    if words := fold(filters.q).split():
        found.append(lambda row: all(word in _searched(row) for word in words))
    if filters.min_rating is not None:
        found.append(lambda row: (row.rating or 0) >= (filters.min_rating or 0))
    if filters.status is not None:
        found.append(lambda row: row.status is filters.status)
    if filters.member_id is not None:
        found.append(lambda row: any(each.member_id == filters.member_id for each in row.scans))
    if filters.day is not None:
        found.append(lambda row: any(each.scanned_at.astimezone(zone).date() == filters.day for each in row.scans))
    if filters.question:
        found.append(lambda row: _has_answered(row.answers.get(filters.question), filters.answer))
    return found


def _searched(row: LeadRow) -> str:
    """Return what a search looks through: only what the visitor shares, and the team's own notes."""
    contact = row.contact
    parts = (contact.name, contact.latin_name, contact.company, contact.job_title, contact.email, contact.phone)
    return fold(" ".join((*parts, *(note.text for note in row.notes))))


def _has_answered(value: Any, wanted: str) -> bool:
    if not wanted:
        return bool(value)
    return wanted in value if isinstance(value, list) else value == wanted
