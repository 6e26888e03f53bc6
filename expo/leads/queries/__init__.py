"""Reads of leads."""

from expo.leads.queries.leads import LeadRow, find_lead_by_id, get_lead, list_leads
from expo.leads.queries.notes import NoteRow, list_notes
from expo.leads.queries.questions import list_questions
from expo.leads.queries.scans import ScanRow, list_scanners, list_scans
from expo.leads.queries.withdrawals import Collector, list_collectors

__all__ = [
    "Collector",
    "LeadRow",
    "NoteRow",
    "ScanRow",
    "find_lead_by_id",
    "get_lead",
    "list_collectors",
    "list_leads",
    "list_notes",
    "list_questions",
    "list_scanners",
    "list_scans",
]
