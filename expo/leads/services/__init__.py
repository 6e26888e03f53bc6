"""Acts on leads."""

from expo.leads.services.leads import LeadChange, delete_lead, edit_lead, set_status
from expo.leads.services.licences import licence_missing
from expo.leads.services.notes import add_note, delete_note
from expo.leads.services.questions import add_question, change_question, move_question, remove_question
from expo.leads.services.scans import LeadAnswer, record_scans
from expo.leads.services.withdrawals import empty_withdrawn_leads, merge_withdrawals, resume_sharing, stop_sharing

__all__ = [
    "LeadAnswer",
    "LeadChange",
    "add_note",
    "add_question",
    "change_question",
    "delete_lead",
    "delete_note",
    "edit_lead",
    "empty_withdrawn_leads",
    "licence_missing",
    "merge_withdrawals",
    "move_question",
    "record_scans",
    "remove_question",
    "resume_sharing",
    "set_status",
    "stop_sharing",
]
