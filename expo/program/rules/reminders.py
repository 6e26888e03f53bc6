"""Rules of reminders: when an e-mail about one's sessions is due. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The hours of the day, in the expo's time zone, in which the reminder of the next day's sessions is sent.
EVENING_BEGINS, EVENING_ENDS = time(18), time(22)
REMIND_BEFORE = timedelta(minutes=30)
# A reminder that comes later than this is of no use.
LATEST_BEFORE = timedelta(minutes=5)


def evening_window(now: datetime, zone: ZoneInfo) -> date | None:
    """Return the day whose sessions people are reminded of now; None outside the evening."""
    local = now.astimezone(zone)
    if not EVENING_BEGINS <= local.time() < EVENING_ENDS:
        return None
    return local.date() + timedelta(days=1)
