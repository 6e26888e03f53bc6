"""Acts on the times that people keep free of meetings."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db, lock
from expo.infra.inserting import insert_new
from expo.meetings.models import BusyMark
from expo.meetings.queries import Party
from expo.registration.errors import AttendeeMissing
from expo.registration.models import Attendee

MAX_MARKS = 100
MAX_LENGTH = timedelta(hours=24)


def mark_busy(party: Party, starts_at: datetime, ends_at: datetime) -> None:
    """Keep a time free of meetings. Idempotent. Meetings that are scheduled stay.

    Raises AttendeeMissing, Invalid `period_reversed` or `busy_mark_too_long`, Conflict `busy_marks_too_many`.
    """
    if ends_at <= starts_at:
        raise Invalid("period_reversed", field="ends_at")
    if ends_at - starts_at > MAX_LENGTH:
        raise Invalid("busy_mark_too_long", field="ends_at")
    with atomic():
        if party.attendee_id is None or lock(Attendee, party.attendee_id) is None:
            raise AttendeeMissing
        own = BusyMark.attendee_id == party.attendee_id
        if (db.session.scalar(select(func.count()).where(own)) or 0) >= MAX_MARKS:
            raise Conflict("busy_marks_too_many", maximum=MAX_MARKS)
        values = {"attendee_id": party.attendee_id, "starts_at": starts_at, "ends_at": ends_at}
        insert_new(BusyMark, "attendee_id", "starts_at", **values)


def remove_busy_mark(party: Party, mark_id: int) -> None:
    """Allow meetings again at a time kept free. Idempotent."""
    with atomic():
        db.session.execute(
            delete(BusyMark).where(BusyMark.id == mark_id, BusyMark.attendee_id == party.attendee_id),
            execution_options={"synchronize_session": False},
        )
