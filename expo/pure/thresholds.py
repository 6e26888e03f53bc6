"""When an alarm is raised and when it is cleared. Pure.

A level is left only a little below the threshold that raised it, so that an alarm does not come and go with every
person at the door.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

# Percentage points below a threshold at which it is no longer exceeded.
SLACK = 3
# The expected number of scans from which silence is not an accident: in a Poisson process, e^-5 is 0.7 %.
EXPECTED_SCANS = 5
HOUR = timedelta(hours=1)


def fullness(inside: int, capacity: int) -> float:
    """Return how full a zone is in percent."""
    return 100 * inside / capacity if capacity else 0.0


def level_reached(percent: float, thresholds: Sequence[int], before: int = 0) -> int:
    """Return how many of the ascending `thresholds` are exceeded, if `before` were exceeded so far."""
    return sum(percent >= threshold - (SLACK if number < before else 0) for number, threshold in enumerate(thresholds))


def is_silent(
    last_scan: datetime, scans_before: int, others: Sequence[datetime], now: datetime, silence: timedelta
) -> bool:
    """Return whether a gate in use has been silent for so long while others were scanning.

    `scans_before` is its number of scans in the hour before its last one. If that many people still came, the gate
    would have had `EXPECTED_SCANS` by now; that none comes has a probability below one percent then.
    """
    quiet = now - last_scan
    if quiet < silence or scans_before * (quiet / HOUR) < EXPECTED_SCANS:
        return False
    return any(now - each < silence for each in others)


def is_queue_old(oldest: datetime | None, now: datetime, limit: timedelta) -> bool:
    """Return whether a device has held a scan for longer than the limit."""
    return oldest is not None and now - oldest >= limit
