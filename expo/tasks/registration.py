"""Jobs of registration."""

from datetime import datetime, timedelta
from typing import Any

from expo.infra.clock import utcnow
from expo.infra.jobs import job_handler
from expo.registration.services import expire_unconfirmed_orders


@job_handler("registration.expire_unconfirmed", every=timedelta(minutes=5))
def expire_unconfirmed(_payload: dict[str, Any], _now: datetime) -> None:
    """Release the places of orders that were not confirmed in time."""
    expire_unconfirmed_orders(utcnow)
