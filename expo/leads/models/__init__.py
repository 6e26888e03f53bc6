"""Tables of leads: the lead, its scans and notes, and the questions of a company."""

from expo.leads.models.leads import Lead
from expo.leads.models.notes import LeadNote
from expo.leads.models.questions import LeadQuestion
from expo.leads.models.scans import LeadScan

__all__ = ["Lead", "LeadNote", "LeadQuestion", "LeadScan"]
