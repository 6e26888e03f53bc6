"""Rules of leads. Pure."""

from expo.leads.rules.leads import MAX_RATING, FollowUp, LeadEvent, LeadFilter, is_later
from expo.leads.rules.notes import MAX_NOTE_LENGTH, check_note
from expo.leads.rules.questions import (
    MAX_OPTIONS,
    MAX_QUESTIONS,
    QUESTION_KINDS,
    AnswerSheet,
    Question,
    check_question,
    key_of,
    read_answers,
    show_answer,
)
from expo.leads.rules.scans import LeadEntry, LeadOutcome, clamp_time
from expo.leads.rules.withdrawals import UNDO_FOR, WithdrawalReason, may_undo

__all__ = [
    "MAX_NOTE_LENGTH",
    "MAX_OPTIONS",
    "MAX_QUESTIONS",
    "MAX_RATING",
    "QUESTION_KINDS",
    "UNDO_FOR",
    "AnswerSheet",
    "FollowUp",
    "LeadEntry",
    "LeadEvent",
    "LeadFilter",
    "LeadOutcome",
    "Question",
    "WithdrawalReason",
    "check_note",
    "check_question",
    "clamp_time",
    "is_later",
    "key_of",
    "may_undo",
    "read_answers",
    "show_answer",
]
