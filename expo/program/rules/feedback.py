"""Rules of feedback: when it can be given and changed. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

RATINGS = (1, 2, 3, 4, 5)
MAX_COMMENT = 2000
# How long after a session feedback can be given, and for how long it can be changed afterwards.
GIVE_FEEDBACK_FOR = timedelta(days=14)
CHANGE_FEEDBACK_FOR = timedelta(days=1)


class FeedbackWindow(StrEnum):
    """Whether an attendee can give or change feedback on a session now."""

    NOT_YET = "not_yet"
    OPEN = "open"
    # They gave it already, and the time for changes is over.
    GIVEN = "given"
    CLOSED = "closed"


def feedback_window(ends_at: datetime | None, given_at: datetime | None, now: datetime) -> FeedbackWindow:
    """Return whether feedback can be given now, or changed if it was given."""
    if ends_at is None or now < ends_at:
        return FeedbackWindow.NOT_YET
    if given_at is not None:
        return FeedbackWindow.OPEN if now < given_at + CHANGE_FEEDBACK_FOR else FeedbackWindow.GIVEN
    return FeedbackWindow.OPEN if now < ends_at + GIVE_FEEDBACK_FOR else FeedbackWindow.CLOSED
