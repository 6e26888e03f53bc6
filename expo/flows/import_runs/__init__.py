"""Import runs of files that are imported as a whole: read and previewed by the worker, then applied in one transaction.

Attendees are imported in batches instead, by `flows/attendee_import`.
"""

from expo.flows.import_runs.exhibitors import apply_exhibitors, evaluate_exhibitors, start_exhibitor_import
from expo.flows.import_runs.schedules import apply_schedule, evaluate_schedule, start_schedule_import
from expo.flows.import_runs.starters import find_starter
from expo.flows.import_runs.stopping import stop_import

__all__ = [
    "apply_exhibitors",
    "apply_schedule",
    "evaluate_exhibitors",
    "evaluate_schedule",
    "find_starter",
    "start_exhibitor_import",
    "start_schedule_import",
    "stop_import",
]
