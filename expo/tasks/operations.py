"""Jobs that keep an installation itself in order."""

from datetime import datetime, timedelta
from typing import Any

from expo.accounts.services.sessions import forget_ended_sessions
from expo.infra.idempotency import forget_idempotency_keys
from expo.infra.jobs import job_handler

KEEP_IDEMPOTENCY_KEYS = timedelta(hours=24)


@job_handler("operations.heartbeat", every=timedelta(minutes=1))
def beat(_payload: dict[str, Any], _now: datetime) -> None:
    """Do nothing: that this was done is what `/readyz` looks for."""


@job_handler("operations.forget_idempotency_keys", every=timedelta(hours=1))
def forget_old_idempotency_keys(_payload: dict[str, Any], now: datetime) -> None:
    """Forget the answers kept for API writes after their time."""
    forget_idempotency_keys(now - KEEP_IDEMPOTENCY_KEYS)


@job_handler("operations.forget_sessions", every=timedelta(hours=6))
def forget_old_sessions(_payload: dict[str, Any], now: datetime) -> None:
    """Delete the rows of sessions that have expired."""
    forget_ended_sessions(now)
