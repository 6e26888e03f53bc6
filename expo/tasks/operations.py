"""Maintenance jobs."""

from datetime import datetime, timedelta
from typing import Any

from expo.accounts.services.sessions import delete_ended_sessions
from expo.infra.files import delete_orphans
from expo.infra.idempotency import delete_expired_idempotency_keys
from expo.infra.jobs import job_handler

IDEMPOTENCY_KEY_LIFETIME = timedelta(hours=24)


@job_handler("operations.heartbeat", every=timedelta(minutes=1))
def heartbeat(_payload: dict[str, Any], _now: datetime) -> None:
    """Do nothing; `/readyz` checks that this job was run."""


@job_handler("operations.forget_idempotency_keys", every=timedelta(hours=1))
def delete_old_idempotency_keys(_payload: dict[str, Any], now: datetime) -> None:
    """Delete stored responses of API writes after they expire."""
    delete_expired_idempotency_keys(now - IDEMPOTENCY_KEY_LIFETIME)


@job_handler("operations.forget_sessions", every=timedelta(hours=6))
def delete_old_sessions(_payload: dict[str, Any], now: datetime) -> None:
    """Delete expired sessions."""
    delete_ended_sessions(now)


@job_handler("operations.delete_orphaned_files", every=timedelta(days=1))
def delete_orphaned_files(_payload: dict[str, Any], now: datetime) -> None:
    """Delete the bytes of files that have had no row for a day."""
    delete_orphans(now)
