"""Acts on feedback: an attendee rates a session."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission
from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db, lock
from expo.program.models import SessionFeedback
from expo.program.queries import get_session, may_have_attended
from expo.program.rules import MAX_COMMENT, RATINGS, FeedbackWindow, feedback_window
from expo.pure.fields import clean_text
from expo.registration.models import Attendee
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import AttendeeState, require_own


def give_feedback(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    slug: str,
    rating: int,
    comment: str,
    now: datetime,
    *,
    was_scanned: bool,
) -> None:
    """Store an attendee's feedback on a session, or change it within a day.

    Only for attendees with the session on their agenda, with a seat, or who were scanned at its room. Raises
    AttendeeMissing, SessionMissing, Invalid `rating_invalid`, and Conflict `feedback_not_yet`, `feedback_given`,
    `feedback_closed` or `feedback_not_attended`.
    """
    if rating not in RATINGS:
        raise Invalid("rating_invalid", field="rating")
    comment = clean_text(comment)
    if len(comment) > MAX_COMMENT:
        raise Invalid("text_too_long", field="comment", maximum=MAX_COMMENT)
    with atomic():
        lock(Attendee, attendee_id)
        attendee = get_attendee_by_id(edition_id, attendee_id)
        require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
        session = get_session(edition_id, slug).row
        is_guest = not was_scanned and not may_have_attended(attendee_id, session.id)
        if attendee.state is not AttendeeState.CONFIRMED or session.is_cancelled or is_guest:
            raise Conflict("feedback_not_attended")
        given = db.session.get(SessionFeedback, (session.id, attendee_id), populate_existing=True)
        window = feedback_window(session.ends_at, given.given_at if given else None, now)
        if window is FeedbackWindow.NOT_YET:
            raise Conflict("feedback_not_yet")
        if window is FeedbackWindow.GIVEN:
            raise Conflict("feedback_given")
        if window is FeedbackWindow.CLOSED:
            raise Conflict("feedback_closed")
        if given is None:
            given = SessionFeedback(session_id=session.id, attendee_id=attendee_id, given_at=now)
            db.session.add(given)
        given.rating, given.comment, given.changed_at = rating, comment, now
