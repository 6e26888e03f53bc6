"""Jobs of leads."""

from datetime import datetime, timedelta
from typing import Any

from expo.infra.jobs import job_handler
from expo.leads.services import empty_withdrawn_leads


@job_handler("leads.empty_withdrawn", every=timedelta(minutes=5))
def empty_withdrawn(_payload: dict[str, Any], now: datetime) -> None:
    """Delete what was noted about visitors who no longer share their details."""
    while empty_withdrawn_leads(now):
        pass
