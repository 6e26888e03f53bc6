"""Notes which participants were reminded of their meeting."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from expo.infra.db import atomic, db
from expo.meetings.models import MeetingParticipant


def record_reminded(participant_ids: Sequence[int], starts_at: datetime) -> list[int]:
    """Note that participants are being reminded of a time, and return those who were not reminded of it before."""
    with atomic():
        noted = db.session.scalars(
            update(MeetingParticipant)
            .where(
                MeetingParticipant.id.in_(participant_ids),
                MeetingParticipant.reminded_of.is_distinct_from(starts_at),
            )
            .values(reminded_of=starts_at)
            .returning(MeetingParticipant.id)
            .execution_options(synchronize_session=False)
        )
        return list(noted)
