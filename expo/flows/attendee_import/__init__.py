"""Import attendees: read a file, preview its rows without writing, and register them in batches."""

from expo.flows.attendee_import.batches import apply_batches, start_import
from expo.flows.attendee_import.decisions import Evaluation, evaluate_rows, evaluate_run
from expo.flows.attendee_import.tables import COLUMNS, CONSTANT_FIELDS, AttendeeTable, read_table_of

__all__ = [
    "COLUMNS",
    "CONSTANT_FIELDS",
    "AttendeeTable",
    "Evaluation",
    "apply_batches",
    "evaluate_rows",
    "evaluate_run",
    "read_table_of",
    "start_import",
]
