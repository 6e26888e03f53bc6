"""Reads of the messages about a meeting."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.infra.db import db
from expo.meetings.models import MeetingMessage
from expo.meetings.rules import Side


@dataclass(frozen=True)
class MessageRow:
    """A message as shown."""

    side: str
    author_name: str
    text: str
    created_at: datetime


def list_messages(meeting_id: int) -> list[MessageRow]:
    """Return the messages about a meeting, oldest first."""
    rows = db.session.execute(
        select(MeetingMessage.side, MeetingMessage.author_name, MeetingMessage.text, MeetingMessage.created_at)
        .where(MeetingMessage.meeting_id == meeting_id)
        .order_by(MeetingMessage.id)
    )
    return [MessageRow(*row) for row in rows]


def count_messages_since(meeting_id: int, side: Side, since: datetime) -> int:
    """Return how many messages a side wrote after a moment."""
    query = select(func.count()).where(
        MeetingMessage.meeting_id == meeting_id,
        MeetingMessage.side == side.value,
        MeetingMessage.created_at > since,
    )
    return db.session.scalar(query) or 0
