"""Jobs of webhooks."""

from datetime import datetime, timedelta
from typing import Any

from expo.flows.webhook_delivery import deliver_webhook
from expo.infra.jobs import KEEP_DONE_SHORTLY, Priority, job_handler
from expo.webhooks.services import DELIVER_JOB, delete_old_deliveries, queue_due_deliveries


@job_handler(DELIVER_JOB, keep_done=KEEP_DONE_SHORTLY, priority=Priority.LOW)
def deliver(payload: dict[str, Any], now: datetime) -> None:
    """Make one attempt at a delivery; later attempts are jobs of their own."""
    deliver_webhook(payload["delivery_id"], now)


@job_handler("webhooks.deliver_due", every=timedelta(minutes=1))
def deliver_due(_payload: dict[str, Any], now: datetime) -> None:
    """Begin the attempts that are due."""
    queue_due_deliveries(now)


@job_handler("webhooks.forget", every=timedelta(hours=6))
def forget_deliveries(_payload: dict[str, Any], now: datetime) -> None:
    """Delete old deliveries."""
    delete_old_deliveries(now)
