"""Acts on the times that people keep free of meetings."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db, lock
from expo.meetings.models import BusyMark
from expo.meetings.queries import Party
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee

MAX_MARKS = 100
MAX_LENGTH = timedelta(hours=24)


def mark_busy(party: Party, starts_at: datetime, ends_at: datetime) -> None:
    """Keep a time free of meetings. Idempotent. Meetings that are scheduled stay.

    Marks may overlap; of two that begin at the same time the longer one counts.

    Raises AttendeeMissing, Invalid `period_reversed` or `busy_mark_too_long`, Conflict `busy_marks_too_many`.
    """
    if ends_at <= starts_at:
        raise Invalid("period_reversed", field="ends_at")
    if ends_at - starts_at > MAX_LENGTH:
        raise Invalid("busy_mark_too_long", field="ends_at")
    with atomic():
        if party.attendee_id is None or lock(Attendee, party.attendee_id) is None:
            raise AttendeeMissing
        known = db.session.scalars(
            select(BusyMark).where(BusyMark.attendee_id == party.attendee_id, BusyMark.starts_at == starts_at)
        ).one_or_none()
        if known is not None:
            known.ends_at = max(known.ends_at, ends_at)
            db.session.flush()
            return
        count = select(func.count()).where(BusyMark.attendee_id == party.attendee_id)
        if (db.session.scalar(count) or 0) >= MAX_MARKS:
            raise Conflict("busy_marks_too_many", maximum=MAX_MARKS)
        db.session.add(BusyMark(attendee_id=party.attendee_id, starts_at=starts_at, ends_at=ends_at))
        db.session.flush()


def remove_busy_mark(party: Party, mark_id: int) -> None:
    """Allow meetings again at a time kept free. Idempotent."""
    with atomic():
        db.session.execute(
            delete(BusyMark).where(BusyMark.id == mark_id, BusyMark.attendee_id == party.attendee_id),
            execution_options={"synchronize_session": False},
        )
