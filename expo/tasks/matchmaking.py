"""Jobs of matchmaking."""

from datetime import datetime, timedelta
from typing import Any

from expo.accounts.rules import SYSTEM
from expo.editions.queries import find_current_edition
from expo.infra.jobs import job_handler
from expo.matchmaking.services import balance_exposure


@job_handler("matchmaking.balance_exposure", every=timedelta(hours=1))
def balance_recommendations(_payload: dict[str, Any], now: datetime) -> None:
    """Spread the recommendations of the current edition over all companies and people."""
    edition = find_current_edition()
    if edition is not None:
        balance_exposure(SYSTEM, edition, now)
