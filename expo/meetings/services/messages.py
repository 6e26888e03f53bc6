"""Acts on messages about meetings. Neither side sees the other's addresses."""

from datetime import datetime, timedelta

from sqlalchemy import select

from expo.errors import Conflict
from expo.infra.db import atomic, db
from expo.meetings.models import MeetingMessage
from expo.meetings.queries import Party, count_messages_since
from expo.meetings.rules import MeetingState, ParticipantState, check_text
from expo.meetings.services.parties import lock_meeting, record
from expo.meetings.services.requests import store_key

MAX_PER_HOUR = 20
# The other side gets at most one e-mail about messages in this time.
MAIL_EVERY = timedelta(minutes=10)
CLOSED_STATES = frozenset({MeetingState.DECLINED, MeetingState.CANCELLED, MeetingState.EXPIRED})


def write_message(party: Party, code: str, text: str, key: str, now: datetime) -> bool:
    """Write to the other side; return whether an e-mail should announce it. Idempotent by the key.

    Raises MeetingMissing, Invalid `meeting_text_empty` or `text_too_long`, Conflict `meeting_closed` or
    `meeting_messages_too_many`.
    """
    text = check_text(text, "text", is_required=True)
    with atomic():
        meeting, row = lock_meeting(party, code)
        side = row.side_of(party)
        if row.state in CLOSED_STATES or row.own_state(party) is ParticipantState.DECLINED:
            raise Conflict("meeting_closed")
        if side is None:
            raise Conflict("meeting_not_your_turn")
        stored = store_key(party, key)
        known = select(MeetingMessage.id).where(
            MeetingMessage.meeting_id == meeting.id, MeetingMessage.request_key == stored
        )
        if db.session.scalar(known) is not None:
            return False
        if count_messages_since(meeting.id, side, now - timedelta(hours=1)) >= MAX_PER_HOUR:
            raise Conflict("meeting_messages_too_many", maximum=MAX_PER_HOUR)
        is_first = count_messages_since(meeting.id, side, now - MAIL_EVERY) == 0
        db.session.add(
            MeetingMessage(
                meeting_id=meeting.id,
                side=side.value,
                author_name=party.name,
                text=text,
                created_at=now,
                request_key=stored,
            )
        )
        db.session.flush()
        record(party, "write", meeting.id, now)
        return is_first
