"""Jobs of check-in."""

from datetime import datetime, timedelta
from typing import Any

from expo.checkin.services.days import end_days
from expo.flows.alarms import check_alarms
from expo.infra.jobs import job_handler


@job_handler("checkin.end_days", every=timedelta(minutes=10))
def end_past_days(_payload: dict[str, Any], now: datetime) -> None:
    """Check out everyone who is still checked in from an earlier day."""
    end_days(now)


@job_handler("checkin.check_alarms", every=timedelta(minutes=1))
def check_alarms_of_control_rooms(_payload: dict[str, Any], now: datetime) -> None:
    """Raise and clear the alarms of expos that take place now."""
    check_alarms(now)
