"""Importing attendees: reading a file, judging its rows without writing, and registering them batch by batch."""

from expo.flows.attendee_import.batches import apply_batches, start_import
from expo.flows.attendee_import.decisions import Judgement, judge_rows, judge_run
from expo.flows.attendee_import.tables import COLUMNS, CONSTANT_FIELDS, AttendeeTable, read_table_of

__all__ = [
    "COLUMNS",
    "CONSTANT_FIELDS",
    "AttendeeTable",
    "Judgement",
    "apply_batches",
    "judge_rows",
    "judge_run",
    "read_table_of",
    "start_import",
]
