"""Reads of meetings whose participants are to be reminded, of the meeting or of an answer."""

from datetime import datetime

from sqlalchemy import exists, select

from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import (
    REMIND_TO_ANSWER_AFTER,
    REMIND_TO_ANSWER_BEFORE,
    UNANSWERED_STATES,
    MeetingState,
    ParticipantState,
)


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


def list_requests_to_remind(edition_id: int, now: datetime) -> list[int]:
    """Return the requests that soon expire without an answer and whose participants have no reminder of that noted."""
    is_noted = exists().where(
        MeetingParticipant.meeting_id == Meeting.id, MeetingParticipant.reminded_of == Meeting.expires_at
    )
    query = (
        select(Meeting.id)
        .where(
            Meeting.edition_id == edition_id,
            Meeting.state.in_([each.value for each in UNANSWERED_STATES]),
            Meeting.awaited != "",
            Meeting.expires_at > now,
            Meeting.expires_at <= now + REMIND_TO_ANSWER_BEFORE,
            Meeting.changed_at <= now - REMIND_TO_ANSWER_AFTER,
            ~is_noted,
        )
        .order_by(Meeting.id)
    )
    return list(db.session.scalars(query))
