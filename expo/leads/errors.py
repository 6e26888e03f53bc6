"""Errors of leads.

Codes: `lead_missing`, `lead_withdrawn`, `lead_note_missing`, `lead_note_too_long`, `lead_note_empty`,
`lead_question_missing`, `lead_question_invalid`, `lead_questions_too_many`, `lead_licence_missing`,
`leads_not_approved`, `sharing_not_resumable`.
"""

from expo.errors import Conflict, Missing


class LeadMissing(Missing):
    """This company has no such lead."""

    def __init__(self) -> None:
        super().__init__("lead_missing")


class LeadWithdrawn(Conflict):
    """The visitor no longer shares their details with this company."""

    def __init__(self) -> None:
        super().__init__("lead_withdrawn")
