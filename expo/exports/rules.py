"""States of an export run and how long its file exists. Pure."""

from datetime import timedelta
from enum import StrEnum

FILE_LIFETIME = timedelta(hours=1)
# The worker is given so long; then the run counts as failed.
LONGEST_RUN = timedelta(hours=1)
# What is left of a run, such as that it expired, is deleted after this time.
RUN_LIFETIME = timedelta(days=1)


class ExportState(StrEnum):
    """Where an export run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
