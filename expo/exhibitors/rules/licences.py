"""Lead licences: who may scan badges, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ScanRight:
    """When a member got a lead licence and lost it again; nobody needs one at a company without a package."""

    is_limited: bool
    licensed_at: datetime | None = None
    unlicensed_at: datetime | None = None

    @property
    def is_held(self) -> bool:
        """Whether the member may scan now."""
        return not self.is_limited or (self.licensed_at is not None and self.unlicensed_at is None)

    def covers(self, moment: datetime) -> bool:
        """Return whether a scan made at a moment counts; devices without a network send it later.

        What was scanned before the licence was assigned counts, too: it waited on the device for it.
        """
        if self.is_held:
            return True
        return self.licensed_at is not None and self.unlicensed_at is not None and moment <= self.unlicensed_at
