"""Acts on an attendee's agenda."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from expo.accounts.rules import Actor, Permission
from expo.infra.db import atomic, db
from expo.program.errors import SessionMissing
from expo.program.models import AgendaEntry, Session
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own


def add_to_agenda(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Add a session to an attendee's agenda, for themselves or by staff. Idempotent.

    Raises AttendeeMissing, SessionMissing.
    """
    _require_agenda(actor, edition_id, attendee_id)
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    with atomic():
        db.session.execute(
            insert(AgendaEntry)
            .values(attendee_id=attendee_id, session_id=_session_id(edition_id, slug), added_at=now)
            .on_conflict_do_nothing()
        )


def remove_from_agenda(actor: Actor, edition_id: int, attendee_id: int, slug: str) -> None:
    """Remove a session from an attendee's agenda, if it is there. Raises AttendeeMissing, SessionMissing."""
    _require_agenda(actor, edition_id, attendee_id)
    with atomic():
        db.session.execute(
            delete(AgendaEntry).where(
                AgendaEntry.attendee_id == attendee_id, AgendaEntry.session_id == _session_id(edition_id, slug)
            )
        )


def _require_agenda(actor: Actor, edition_id: int, attendee_id: int) -> None:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])


def _session_id(edition_id: int, slug: str) -> int:
    session_id = db.session.scalar(select(Session.id).where(Session.edition_id == edition_id, Session.slug == slug))
    if session_id is None:
        raise SessionMissing
    return session_id
