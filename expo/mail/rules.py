"""States of an e-mail, and how long sending is retried. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# After this time a worker that claimed an e-mail and stopped responding loses its claim.
SENDING_LEASE = timedelta(minutes=4)
GIVE_UP_AFTER = timedelta(hours=48)
# The sending job retries for less than this; afterwards the sweep starts a new one.
UNSENT_AFTER = timedelta(hours=1)


# Somebody is waiting for these e-mails at a screen, so they are sent before all others.
AWAITED_MESSAGES = frozenset({"accounts/sign_in", "registration/confirm"})


class EmailState(StrEnum):
    """The state of an e-mail. `kept`: no mail server is configured; it can be read in the outbox."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    KEPT = "kept"
    FAILED = "failed"


def is_given_up(created_at: datetime, now: datetime) -> bool:
    """Whether an e-mail that could not be sent is not retried any further."""
    return now - created_at >= GIVE_UP_AFTER
