"""What attendees did about companies, people and sessions.

A domain below whose rows tell about taste gets a function here; `SOURCES` lists them.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from expo.infra.db import db
from expo.matchmaking.models import CompanyDismissal, Dismissal
from expo.matchmaking.rules import Signal, SignalKind, TargetKind
from expo.program.models import AgendaEntry, Session, SessionFeedback

# From this rating on, a session was liked; up to the other, it was not.
LIKED_RATING, DISLIKED_RATING = 4, 2
# The latest acts of a person say what they look for now.
LATEST = 200

Source = Callable[[int, int], Sequence[Signal]]


def list_signals(edition_id: int, attendee_id: int) -> list[Signal]:
    """Return what an attendee did, latest first."""
    found = [signal for source in SOURCES for signal in source(edition_id, attendee_id)]
    return sorted(found, key=lambda signal: (signal.at, signal.target_id), reverse=True)[:LATEST]


def list_dismissed(attendee_id: int, kind: TargetKind) -> list[int]:
    """Return the targets of a kind that an attendee is not interested in, latest first."""
    query = (
        select(Dismissal.target_id)
        .where(Dismissal.attendee_id == attendee_id, Dismissal.target_kind == kind.value)
        .order_by(Dismissal.at.desc(), Dismissal.target_id)
    )
    return list(db.session.scalars(query))


def list_dismissed_visitors(exhibitor_id: int) -> list[int]:
    """Return the visitors that a company is not interested in."""
    query = select(CompanyDismissal.attendee_id).where(CompanyDismissal.exhibitor_id == exhibitor_id)
    return list(db.session.scalars(query))


def _list_stars(edition_id: int, attendee_id: int) -> list[Signal]:
    rows = db.session.execute(
        select(AgendaEntry.session_id, AgendaEntry.added_at)
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(AgendaEntry.attendee_id == attendee_id, Session.edition_id == edition_id)
    )
    return [Signal(attendee_id, TargetKind.SESSION, target, SignalKind.STARRED, at) for target, at in rows]


def _list_ratings(edition_id: int, attendee_id: int) -> list[Signal]:
    rows = db.session.execute(
        select(SessionFeedback.session_id, SessionFeedback.rating, SessionFeedback.changed_at)
        .join(Session, Session.id == SessionFeedback.session_id)
        .where(SessionFeedback.attendee_id == attendee_id, Session.edition_id == edition_id)
    )
    return [
        Signal(
            attendee_id,
            TargetKind.SESSION,
            target,
            SignalKind.RATED_WELL if rating >= LIKED_RATING else SignalKind.REFUSED,
            at,
        )
        for target, rating, at in rows
        if rating >= LIKED_RATING or rating <= DISLIKED_RATING
    ]


def _list_dismissals(_edition_id: int, attendee_id: int) -> list[Signal]:
    rows = db.session.execute(
        select(Dismissal.target_kind, Dismissal.target_id, Dismissal.at).where(Dismissal.attendee_id == attendee_id)
    )
    return [Signal(attendee_id, TargetKind(kind), target, SignalKind.DISMISSED, at) for kind, target, at in rows]


SOURCES: tuple[Source, ...] = (_list_stars, _list_ratings, _list_dismissals)
