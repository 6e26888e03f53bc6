"""The states of a delivery, and when it is tried again. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# What the test button sends.
TEST_EVENT = "webhook.test"
# After the first attempt, and after each repetition: two days in all.
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=15),
    timedelta(hours=24),
)
MAX_ATTEMPTS = len(_WAITS) + 1
# What an endpoint's page shows, and how long deliveries are kept.
DELIVERY_LIFETIME = timedelta(days=30)


class DeliveryState(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    # Every attempt failed; only its owner can have it sent again.
    FAILED = "failed"


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again after this many attempts; None to give up."""
    return now + _WAITS[attempts - 1] if attempts < MAX_ATTEMPTS else None
