"""Jobs of the programme."""

import time
from datetime import datetime, timedelta
from typing import Any

from expo.flows.publishing import NOTIFY_JOB, notify_people, publish_due
from expo.flows.reminders import send_reminders
from expo.flows.seats import settle_all_seats
from expo.flows.speaker_ticket_runs import RUN_JOB, continue_ticket_run
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs import KEEP_DONE_SHORTLY, job_handler

# Between two tickets, SQLite's other writers get their turn.
PAUSE_SECONDS = 0.02


@job_handler(NOTIFY_JOB)
def notify_version(payload: dict[str, Any], now: datetime) -> None:
    """Write the e-mails about a version. If run twice, nobody gets a second one."""
    notify_people(payload["version_id"], now)


@job_handler("program.publish_due", every=timedelta(minutes=1))
def publish_due_timetables(_payload: dict[str, Any], now: datetime) -> None:
    """Publish the drafts whose time has come."""
    publish_due(now)


@job_handler("program.settle_seats", every=timedelta(minutes=1))
def settle_seats(_payload: dict[str, Any], _now: datetime) -> None:
    """Offer freed seats to waiting lists, expire offers, and release the seats of people who did not come."""
    settle_all_seats(utcnow)


@job_handler("program.send_reminders", every=timedelta(minutes=5))
def send_due_reminders(_payload: dict[str, Any], now: datetime) -> None:
    """Queue the reminders that attendees asked for."""
    send_reminders(now)


@job_handler(RUN_JOB, keep_done=KEEP_DONE_SHORTLY)
def issue_speaker_tickets(payload: dict[str, Any], _now: datetime) -> None:
    """Give tickets to the speakers of a run, from the first who is not done."""
    continue_ticket_run(payload, utcnow, _let_others_write)


def _let_others_write() -> None:
    if db.engine.dialect.name == "sqlite":
        time.sleep(PAUSE_SECONDS)
