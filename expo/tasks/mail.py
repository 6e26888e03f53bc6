"""Mail jobs."""

from datetime import datetime, timedelta
from typing import Any

from expo.flows.email_delivery import send_email_with_attachments
from expo.infra.jobs import KEEP_DONE_SHORTLY, Priority, job_handler
from expo.mail.services import SEND_AWAITED_JOB, SEND_JOB, requeue_unsent_emails


@job_handler(SEND_AWAITED_JOB, keep_done=KEEP_DONE_SHORTLY, priority=Priority.HIGH)
@job_handler(SEND_JOB, keep_done=KEEP_DONE_SHORTLY, priority=Priority.LOW)
def send(payload: dict[str, Any], now: datetime) -> None:
    """Send one e-mail; the job is retried later if the mail server does not respond."""
    # Jobs queued by earlier versions name it differently.
    send_email_with_attachments(payload.get("email_id") or payload["letter_id"], now)


@job_handler("mail.send_left_overs", every=timedelta(minutes=10))
def send_left_over(_payload: dict[str, Any], now: datetime) -> None:
    """Queue e-mails again whose sending was interrupted."""
    requeue_unsent_emails(now)
