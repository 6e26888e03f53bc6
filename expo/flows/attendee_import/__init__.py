"""Import attendees: read a file, preview its rows without writing, and register them in batches."""

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
