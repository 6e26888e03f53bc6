"""Scans and devices stored as rows, for tests of what is counted later."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.checkin.models import Checkpoint, Device, Scan
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from tests.domains.checkin.doors import OPENING


def store_scan(
    edition: EditionFacts, attendee_id: int | None, at: datetime, checkpoint: str = "main", **values: Any
) -> int:
    """Store an admission, unless `values` say otherwise, and return the row's id."""
    checkpoint_id = db.session.scalar(
        select(Checkpoint.id).where(Checkpoint.edition_id == edition.id, Checkpoint.code == checkpoint)
    )
    row: dict[str, Any] = {
        "scan_id": str(uuid.uuid4()),
        "direction": "entry",
        "verdict": "admitted",
        "scanned_at": at,
        "received_at": at,
        "actor_kind": "device",
        "actor_id": 1,
        **values,
    }
    with atomic() as session:
        scan = Scan(edition_id=edition.id, checkpoint_id=checkpoint_id, attendee_id=attendee_id, **row)
        session.add(scan)
        session.flush()
        return scan.id


def store_device(edition: EditionFacts, name: str = "Phone 1", seen_at: datetime = OPENING, **values: Any) -> int:
    """Store a device of a steward that was in contact at a moment, and return its id."""
    with atomic() as session:
        device = Device(
            edition_id=edition.id,
            name=name,
            profile="steward",
            created_at=OPENING,
            enrolled_at=OPENING,
            last_seen_at=seen_at,
            **values,
        )
        session.add(device)
        session.flush()
        return device.id
