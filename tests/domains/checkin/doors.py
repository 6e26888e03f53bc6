"""Builders for tests at the door."""

import uuid
from datetime import UTC, datetime
from typing import Any

from expo.accounts.rules import SYSTEM, Actor, Permission
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.rules import Direction
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts

# Ten in the morning of the first day, in Guiyang.
OPENING = datetime(2027, 5, 26, 2, 0, tzinfo=UTC)


def scanner(edition: EditionFacts, *more: Permission) -> Actor:
    """A device at a door of this edition."""
    return Actor("api_token", 1, edition_id=edition.id, permissions=frozenset({Permission.SCAN, *more}), label="gate 1")


def make_checkpoint(edition: EditionFacts, now: datetime, code: str = "main", **values: Any) -> int:
    """Open a checkpoint."""
    request = CheckpointRequest(name={"en": f"{code.title()} entrance", "zh": "主入口"}, **values)
    return create_checkpoint(SYSTEM, edition.id, code, request, now)


def make_request(token: str, checkpoint: str = "main", **values: Any) -> ScanRequest:
    """Scan at the opening, unless told otherwise."""
    wanted: dict[str, Any] = {
        "scan_id": str(uuid.uuid4()),
        "direction": Direction.ENTRY,
        "scanned_at": OPENING,
        **values,
    }
    return ScanRequest(token_text=token, checkpoint_code=checkpoint, **wanted)


def scan_once(edition: EditionFacts, token: str, checkpoint: str = "main", **values: Any) -> ScanAnswer:
    """Scan a text as a device that may only scan, and return the answer."""
    actor = values.pop("actor", None) or scanner(edition)
    return scan(actor, edition.id, make_request(token, checkpoint, **values), OPENING)
