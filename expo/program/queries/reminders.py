"""Reads of reminders: who wants which, and whose calendar an address is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select, union

from expo.infra.db import db
from expo.program.models import AgendaEntry, Reminders, SeatHold, SentReminder, Session
from expo.program.queries.sessions import SessionRow, is_public, read_sessions, session_query
from expo.program.rules import SeatState, SessionState
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState


@dataclass(frozen=True)
class ReminderChoices:
    """How an attendee is reminded. `calendar_key` is the secret in the address of their calendar feed."""

    calendar_key: str | None = None
    in_the_evening: bool = False
    before_sessions: bool = False


def get_reminder_choices(attendee_id: int) -> ReminderChoices:
    """Return how an attendee wants to be reminded; by default not at all."""
    found = db.session.get(Reminders, attendee_id, populate_existing=True)
    if found is None:
        return ReminderChoices()
    return ReminderChoices(found.calendar_key, found.in_the_evening, found.before_sessions)


def find_attendee_of_calendar(edition_id: int, key: str) -> int | None:
    """Return the confirmed attendee whose calendar feed has this secret in its address."""
    return db.session.scalar(
        select(Attendee.id)
        .join(Reminders, Reminders.attendee_id == Attendee.id)
        .where(
            Reminders.calendar_key == key,
            Attendee.edition_id == edition_id,
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
    )


def list_own_program(attendee_id: int, edition_id: int) -> list[SessionRow]:
    """Return the sessions on an attendee's agenda and those in which they have a seat, by time."""
    return read_sessions(session_query(edition_id).where(Session.id.in_(_own_sessions(attendee_id))))


def list_evening_reminders(edition_id: int, day: date, limit: int) -> list[int]:
    """Return attendees who want an e-mail about their sessions of a day, have some, and did not get it yet."""
    wanted = (
        select(Reminders.attendee_id)
        .where(Reminders.in_the_evening, *_unsent(Reminders.attendee_id, day.isoformat()))
        .where(
            select(Session.id)
            .where(
                *is_public(edition_id),
                Session.state == SessionState.PUBLISHED.value,
                Session.day == day,
                Session.id.in_(_own_sessions(Reminders.attendee_id)),
            )
            .exists()
        )
    )
    return _confirmed(wanted, edition_id, limit)


def list_reminders_before(edition_id: int, session_id: int, subject: str, limit: int) -> list[int]:
    """Return attendees who want an e-mail before a session of theirs and did not get it yet."""
    wanted = select(Reminders.attendee_id).where(
        Reminders.before_sessions,
        *_unsent(Reminders.attendee_id, subject),
        select(Session.id)
        .where(Session.id == session_id, Session.id.in_(_own_sessions(Reminders.attendee_id)))
        .exists(),
    )
    return _confirmed(wanted, edition_id, limit)


def list_sessions_between(edition_id: int, first: datetime, last: datetime) -> list[SessionRow]:
    """Return the public sessions, except cancelled ones, that begin between two moments."""
    query = session_query(edition_id).where(
        Session.starts_at >= first, Session.starts_at <= last, Session.state == SessionState.PUBLISHED.value
    )
    return read_sessions(query)


def _own_sessions(attendee_id: Any) -> Any:
    seats = [SeatState.HELD.value, SeatState.USED.value]
    # Within a query about several attendees, each has their own sessions.
    return union(
        select(AgendaEntry.session_id).where(AgendaEntry.attendee_id == attendee_id).correlate(Reminders),
        select(SeatHold.session_id)
        .where(SeatHold.attendee_id == attendee_id, SeatHold.state.in_(seats))
        .correlate(Reminders),
    )


def _unsent(attendee_id: Any, subject: str) -> Sequence[Any]:
    sent = select(SentReminder.attendee_id).where(
        SentReminder.attendee_id == attendee_id, SentReminder.subject == subject
    )
    return (~sent.correlate(Reminders).exists(),)


def _confirmed(wanted: Select[int], edition_id: int, limit: int) -> list[int]:
    query = (
        wanted.join(Attendee, Attendee.id == Reminders.attendee_id)
        .where(Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED.value)
        .order_by(Reminders.attendee_id)
        .limit(limit)
    )
    return list(db.session.scalars(query))
