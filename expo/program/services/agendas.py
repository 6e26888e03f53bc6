"""Acts on an attendee's agenda."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission
from expo.infra.db import atomic, db
from expo.infra.inserting import insert_missing
from expo.program.errors import SessionMissing
from expo.program.models import AgendaEntry, Session
from expo.program.queries import is_public
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own

# More sessions than a device can star.
MAX_MERGED = 500


def add_to_agenda(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Add a session to an attendee's agenda, for themselves or by staff. Idempotent.

    Raises AttendeeMissing, SessionMissing.
    """
    _require_agenda(actor, edition_id, attendee_id)
    with atomic():
        insert_agenda_entries(attendee_id, [_session_id(edition_id, slug)], now)


def merge_into_agenda(actor: Actor, edition_id: int, attendee_id: int, slugs: Sequence[str], now: datetime) -> int:
    """Add the sessions that an attendee starred before signing in, and return how many were new. Idempotent.

    Unknown sessions are skipped: they were removed since. Raises AttendeeMissing.
    """
    _require_agenda(actor, edition_id, attendee_id)
    with atomic():
        query = select(Session.id).where(*is_public(edition_id), Session.slug.in_(slugs[:MAX_MERGED]))
        return insert_agenda_entries(attendee_id, db.session.scalars(query).all(), now)


def remove_from_agenda(actor: Actor, edition_id: int, attendee_id: int, slug: str) -> None:
    """Remove a session from an attendee's agenda, if it is there. Raises AttendeeMissing, SessionMissing."""
    _require_agenda(actor, edition_id, attendee_id)
    with atomic():
        db.session.execute(
            delete(AgendaEntry).where(
                AgendaEntry.attendee_id == attendee_id, AgendaEntry.session_id == _session_id(edition_id, slug)
            )
        )


def insert_agenda_entries(attendee_id: int, session_ids: Sequence[int], now: datetime) -> int:
    """Add sessions to an agenda in the open transaction, and return how many were new."""
    rows = [{"attendee_id": attendee_id, "session_id": each, "added_at": now} for each in session_ids]
    return insert_missing(AgendaEntry, rows)


def _require_agenda(actor: Actor, edition_id: int, attendee_id: int) -> None:
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])


def _session_id(edition_id: int, slug: str) -> int:
    session_id = db.session.scalar(select(Session.id).where(*is_public(edition_id), Session.slug == slug))
    if session_id is None:
        raise SessionMissing
    return session_id
