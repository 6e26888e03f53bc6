"""Scans as devices send them, and what comes of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from expo.questions.rules import Given

# A device that was offline for longer has a wrong clock.
LONGEST_OFFLINE = timedelta(days=30)


class LeadOutcome(StrEnum):
    """What came of a scan: a lead, or why not."""

    SAVED = "saved"
    UNREADABLE = "unreadable"
    FORGED = "forged"
    OTHER_EDITION = "other_edition"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    UNKNOWN_CODE = "unknown_code"
    # The visitor no longer shares their details with this company.
    WITHDRAWN = "withdrawn"
    # The team deleted the lead after this scan.
    DELETED = "deleted"


@dataclass(frozen=True)
class LeadEntry:
    """A scan with what was noted about it, as a device sends it: again after every change, and repeated at will."""

    scan_id: str
    scanned_at: datetime
    # When the rest was entered; later entries for the same scan replace earlier ones.
    changed_at: datetime
    # The badge's QR text, and the same as typed on a US keyboard layout; or the code under it.
    token: str = ""
    keys: str = ""
    code: str = ""
    # None leaves what is there.
    note: str | None = None
    rating: int | None = None
    answers: Mapping[str, Given] | None = None


def clamp_time(moment: datetime, now: datetime) -> datetime:
    """Return a device's time as far as it can be true."""
    return min(max(moment, now - LONGEST_OFFLINE), now)
