"""Jobs of meetings."""

from datetime import datetime, timedelta
from typing import Any

from expo.flows.meetings import send_answer_reminders, send_meeting_reminders, settle_meetings
from expo.infra.jobs import job_handler


@job_handler("meetings.settle", every=timedelta(minutes=1))
def settle(_payload: dict[str, Any], now: datetime) -> None:
    """Expire unanswered requests, and free meetings to which nobody came."""
    settle_meetings(now)


@job_handler("meetings.send_reminders", every=timedelta(minutes=5))
def send_reminders(_payload: dict[str, Any], now: datetime) -> None:
    """Queue the reminders of meetings that begin soon, and of requests that soon expire without an answer."""
    send_meeting_reminders(now)
    send_answer_reminders(now)
