"""Feedback on sessions, for people who were there: on whose agenda it is, with a seat, or scanned at the room."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.flows.seats import list_scanned
from expo.program import services
from expo.program.queries import get_session, may_have_attended


def give_feedback(
    actor: Actor, edition_id: int, attendee_id: int, slug: str, rating: int, comment: str, now: datetime
) -> None:
    """Store or change an attendee's feedback. Raises what the service raises."""
    was_scanned = attendee_id in list_scanned(edition_id, get_session(edition_id, slug).row, now)
    services.give_feedback(actor, edition_id, attendee_id, slug, rating, comment, now, was_scanned=was_scanned)


def has_attended(edition_id: int, attendee_id: int, slug: str, now: datetime) -> bool:
    """Whether an attendee may give feedback on a session once it is over."""
    row = get_session(edition_id, slug).row
    return may_have_attended(attendee_id, row.id) or attendee_id in list_scanned(edition_id, row, now)
