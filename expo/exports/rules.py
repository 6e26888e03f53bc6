"""States of an export run and the lifetime of its file. Pure."""

from datetime import timedelta
from enum import StrEnum

FILE_LIFETIME = timedelta(hours=1)
# How long the worker may take before the run counts as failed.
LONGEST_RUN = timedelta(hours=1)
# After this time the rest of a run, such as the fact that it expired, is deleted.
RUN_LIFETIME = timedelta(days=1)


class ExportState(StrEnum):
    """The state of an export run."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
