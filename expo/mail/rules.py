"""States of a letter, and how long sending is tried. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# A worker that took a letter and fell silent has lost it after this time.
SENDING_LEASE = timedelta(minutes=4)
GIVE_UP_AFTER = timedelta(hours=48)
# The sending job tries on its own for less than this; after it the sweep begins it anew.
LEFT_OVER_AFTER = timedelta(hours=1)


class LetterState(StrEnum):
    """Where a letter stands. `kept`: no mail server is configured, it can be read in the outbox."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"


def is_given_up(created_at: datetime, now: datetime) -> bool:
    """Whether a letter that could not be sent so far is not tried again."""
    return now - created_at >= GIVE_UP_AFTER
