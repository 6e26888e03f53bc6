"""When an alarm is raised and when it is cleared. Pure.

A level is left only a little below the threshold that raised it, so that an alarm does not come and go with every
person at the door.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

# Percentage points below a threshold at which it is no longer exceeded.
SLACK = 3


def fullness(inside: int, capacity: int) -> float:
    """Return how full a zone is in percent."""
    return 100 * inside / capacity if capacity else 0.0


def level_reached(percent: float, thresholds: Sequence[int], before: int = 0) -> int:
    """Return how many of the ascending `thresholds` are exceeded, if `before` were exceeded so far."""
    return sum(percent >= threshold - (SLACK if number < before else 0) for number, threshold in enumerate(thresholds))


def is_silent(last_scan: datetime | None, others: Sequence[datetime], now: datetime, silence: timedelta) -> bool:
    """Return whether a gate that was in use has been silent for so long while others were scanning.

    A gate without any scan today is not in use yet.
    """
    if last_scan is None or now - last_scan < silence:
        return False
    return any(now - each < silence for each in others)


def is_queue_old(oldest: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Return whether a device has held a scan for longer than the limit."""
    return oldest is not None and now - oldest >= limit
