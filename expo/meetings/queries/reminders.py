"""Reads of meetings whose participants are to be reminded."""

from datetime import datetime

from sqlalchemy import select

from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingState, ParticipantState


def list_meetings_to_remind(edition_id: int, after: datetime, until: datetime) -> list[int]:
    """Return the scheduled meetings that begin between two moments and still need a reminder for somebody."""
    query = (
        select(Meeting.id)
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            Meeting.edition_id == edition_id,
            Meeting.state == MeetingState.SCHEDULED.value,
            Meeting.starts_at > after,
            Meeting.starts_at <= until,
            MeetingParticipant.state == ParticipantState.JOINED.value,
            MeetingParticipant.reminded_of.is_distinct_from(Meeting.starts_at),
        )
        .distinct()
        .order_by(Meeting.id)
    )
    return list(db.session.scalars(query))
