"""Acts on reminders: which e-mails an attendee wants, and the secret address of their calendar feed."""

import secrets
from datetime import datetime

from expo.accounts.rules import Actor, Permission
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_missing
from expo.program.models import Reminders, SentReminder
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own


def choose_reminders(
    actor: Actor, edition_id: int, attendee_id: int, *, in_the_evening: bool, before_sessions: bool
) -> None:
    """Store which e-mails an attendee wants. Raises AttendeeMissing."""
    with atomic():
        found = _own_reminders(actor, edition_id, attendee_id)
        found.in_the_evening, found.before_sessions = in_the_evening, before_sessions


def create_calendar_address(actor: Actor, edition_id: int, attendee_id: int) -> str:
    """Give an attendee's calendar feed a new secret address instead of the previous one. Raises AttendeeMissing."""
    with atomic():
        found = _own_reminders(actor, edition_id, attendee_id)
        found.calendar_key = secrets.token_urlsafe(24)
        return found.calendar_key


def revoke_calendar_address(actor: Actor, edition_id: int, attendee_id: int) -> None:
    """Turn off an attendee's calendar feed; its address stops working. Raises AttendeeMissing."""
    with atomic():
        _own_reminders(actor, edition_id, attendee_id).calendar_key = None


def record_reminder(attendee_id: int, subject: str, now: datetime) -> bool:
    """Record that a reminder is being written in the open transaction; False if it was written before."""
    with atomic():
        values = {"attendee_id": attendee_id, "subject": subject, "sent_at": now}
        return insert_missing(SentReminder, [values]) == 1


def _own_reminders(actor: Actor, edition_id: int, attendee_id: int) -> Reminders:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
    insert_missing(Reminders, [{"attendee_id": attendee_id}])
    return db.session.get_one(Reminders, attendee_id, populate_existing=True)
