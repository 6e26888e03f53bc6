"""When a visitor stops sharing their details with a company. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

# How long everything comes back when a visitor changes their mind; then it is deleted.
UNDO_FOR = timedelta(minutes=15)


class WithdrawalReason(StrEnum):
    """Why an exhibitor has nothing but an empty row."""

    VISITOR = "visitor"
    # Staff did it, because the visitor asked them to.
    ON_REQUEST = "on_request"


def may_undo(withdrawn_at: datetime | None, now: datetime) -> bool:
    """Return whether what was noted about the visitor would come back."""
    return withdrawn_at is not None and now < withdrawn_at + UNDO_FOR
