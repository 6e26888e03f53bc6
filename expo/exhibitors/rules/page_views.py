"""How views of companies' pages are counted. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

# A viewer counts once for a company within this time.
VIEW_SECONDS = 3600


def start_of_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return when the hour of a moment began, by the clocks of a zone: some differ from UTC by half an hour."""
    return moment.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(moment.tzinfo)
