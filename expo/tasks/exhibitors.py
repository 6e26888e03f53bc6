"""Jobs of exhibitors."""

from datetime import datetime, timedelta
from typing import Any

from expo.exhibitors.services import purge_application_files, purge_products
from expo.flows.exhibitor_tasks import send_task_reminders
from expo.infra.jobs import job_handler


@job_handler("exhibitors.send_task_reminders", every=timedelta(minutes=30))
def send_due_task_reminders(_payload: dict[str, Any], now: datetime) -> None:
    """Remind companies of tasks before their deadlines."""
    send_task_reminders(now)


@job_handler("exhibitors.purge_products", every=timedelta(days=1))
def purge_deleted_products(_payload: dict[str, Any], now: datetime) -> None:
    """Remove deleted products that can no longer be restored."""
    purge_products(now)


@job_handler("exhibitors.purge_application_files", every=timedelta(days=1))
def purge_abandoned_application_files(_payload: dict[str, Any], now: datetime) -> None:
    """Remove files that were uploaded for applications which were never sent."""
    purge_application_files(now)
