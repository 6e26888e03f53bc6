"""When participants check in and are reminded. Pure."""

from datetime import datetime, timedelta

CHECK_IN_FROM = timedelta(minutes=30)
CHECK_IN_UNTIL = timedelta(hours=4)
REMIND_BEFORE = timedelta(minutes=30)


def is_check_in_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Return whether participants of a meeting can be checked in now."""
    return starts_at - CHECK_IN_FROM <= now <= ends_at + CHECK_IN_UNTIL
