"""Reads of agendas: which sessions attendees want to see."""

from sqlalchemy import func, select

from expo.infra.db import db
from expo.program.models import AgendaEntry, Session
from expo.program.queries.sessions import SessionRow, read_sessions, session_query


def list_agenda(attendee_id: int, edition_id: int) -> list[SessionRow]:
    """Return the sessions that an attendee wants to see, by time."""
    chosen = select(AgendaEntry.session_id).where(AgendaEntry.attendee_id == attendee_id)
    return read_sessions(session_query(edition_id).where(Session.id.in_(chosen)))


def has_in_agenda(attendee_id: int, session_id: int) -> bool:
    """Whether an attendee wants to see a session."""
    return db.session.get(AgendaEntry, (attendee_id, session_id)) is not None


def count_agendas(edition_id: int) -> dict[int, int]:
    """Return the number of attendees who want to see each session, by session id."""
    rows = db.session.execute(
        select(AgendaEntry.session_id, func.count())
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(Session.edition_id == edition_id)
        .group_by(AgendaEntry.session_id)
    )
    return {session_id: count for session_id, count in rows}  # noqa: C416 - a row is not a pair to mypy
