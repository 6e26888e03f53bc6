"""Jobs of check-in."""

from datetime import datetime, timedelta
from typing import Any

from expo.checkin.services.days import end_days
from expo.infra.jobs import job_handler


@job_handler("checkin.end_days", every=timedelta(minutes=10))
def end_past_days(_payload: dict[str, Any], now: datetime) -> None:
    """Check out everyone who is still checked in from an earlier day."""
    end_days(now)
