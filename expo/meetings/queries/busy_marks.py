"""Reads of the times that people keep free of meetings."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.infra.db import db
from expo.meetings.models import BusyMark


@dataclass(frozen=True)
class BusyMarkRow:
    """A time kept free."""

    id: int
    starts_at: datetime
    ends_at: datetime


def list_busy_marks(attendee_id: int) -> list[BusyMarkRow]:
    """Return the times that an attendee keeps free, in order."""
    rows = db.session.execute(
        select(BusyMark.id, BusyMark.starts_at, BusyMark.ends_at)
        .where(BusyMark.attendee_id == attendee_id)
        .order_by(BusyMark.starts_at)
    )
    return [BusyMarkRow(*row) for row in rows]
