"""Reads of feedback: ratings and comments of sessions, without the names of those who gave them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, func, select

from expo.infra.db import db
from expo.program.models import AgendaEntry, SeatHold, Session, SessionFeedback, SessionSpeaker, Speaker
from expo.program.queries.sessions import SessionRow, is_public, list_sessions_by_id
from expo.program.rules import RATINGS, SeatState


@dataclass(frozen=True)
class OwnFeedback:
    """What an attendee said about a session."""

    rating: int
    comment: str
    given_at: datetime


@dataclass(frozen=True)
class FeedbackComment:
    """A comment with its rating, but without its author."""

    rating: int
    comment: str


@dataclass(frozen=True)
class SessionRatings:
    """How often each rating was given to a session, from 1 to 5."""

    session: SessionRow
    counts: tuple[int, ...]
    comments: tuple[FeedbackComment, ...]

    @property
    def total(self) -> int:
        """How many people gave feedback."""
        return sum(self.counts)

    @property
    def average(self) -> float:
        """The mean rating; 0 without feedback."""
        return sum(rating * count for rating, count in zip(RATINGS, self.counts, strict=True)) / max(self.total, 1)


def find_own_feedback(attendee_id: int, session_id: int) -> OwnFeedback | None:
    """Return the feedback of an attendee on a session, if they gave any."""
    found = db.session.get(SessionFeedback, (session_id, attendee_id), populate_existing=True)
    return OwnFeedback(found.rating, found.comment, found.given_at) if found else None


def may_have_attended(attendee_id: int, session_id: int) -> bool:
    """Whether an attendee had a session on their agenda or a seat in it."""
    if db.session.get(AgendaEntry, (attendee_id, session_id)) is not None:
        return True
    hold = db.session.get(SeatHold, (attendee_id, session_id), populate_existing=True)
    return hold is not None and hold.state in (SeatState.HELD, SeatState.USED)


def list_sessions_to_rate(attendee_id: int, edition_id: int, since: datetime, now: datetime) -> list[SessionRow]:
    """Return the sessions of an attendee that ended since a moment and have no feedback from them, latest first."""
    on_agenda = select(AgendaEntry.session_id).where(AgendaEntry.attendee_id == attendee_id)
    seats = select(SeatHold.session_id).where(
        SeatHold.attendee_id == attendee_id, SeatHold.state.in_([SeatState.HELD.value, SeatState.USED.value])
    )
    given = select(SessionFeedback.session_id).where(SessionFeedback.attendee_id == attendee_id)
    query = (
        select(Session.id)
        .where(*is_public(edition_id), Session.ends_at <= now, Session.ends_at > since)
        .where(Session.id.in_(on_agenda) | Session.id.in_(seats), Session.id.not_in(given))
        .where(Session.state == "published")
        .order_by(Session.ends_at.desc(), Session.id)
    )
    return list_sessions_by_id(edition_id, db.session.scalars(query).all())


def count_rated_sessions(edition_id: int) -> int:
    """Return how many sessions have feedback."""
    is_rated = exists().where(SessionFeedback.session_id == Session.id)
    return db.session.scalar(select(func.count(Session.id)).where(*is_public(edition_id), is_rated)) or 0


def list_ratings(edition_id: int, limit: int | None = None, offset: int = 0) -> list[SessionRatings]:
    """Return the ratings of each session that has feedback, without comments, most feedback first."""
    columns = [func.sum(case((SessionFeedback.rating == rating, 1), else_=0)) for rating in RATINGS]
    rows = db.session.execute(
        select(SessionFeedback.session_id, *columns)
        .join(Session, Session.id == SessionFeedback.session_id)
        .where(*is_public(edition_id))
        .group_by(SessionFeedback.session_id)
        .order_by(func.count().desc(), SessionFeedback.session_id)
        .limit(limit)
        .offset(offset)
    )
    counts = {session_id: tuple(row) for session_id, *row in rows}
    return [SessionRatings(row, counts[row.id], ()) for row in list_sessions_by_id(edition_id, list(counts))]


def get_ratings(session: SessionRow) -> SessionRatings:
    """Return the ratings and comments of a session, ordered by rating: their time could reveal who wrote them."""
    rows = db.session.execute(
        select(SessionFeedback.rating, SessionFeedback.comment)
        .where(SessionFeedback.session_id == session.id)
        .order_by(SessionFeedback.rating, SessionFeedback.comment)
    ).all()
    counts = tuple(sum(1 for rating, _ in rows if rating == wanted) for wanted in RATINGS)
    return SessionRatings(session, counts, tuple(FeedbackComment(rating, text) for rating, text in rows if text))


def list_ratings_of_speaker(edition_id: int, person_id: int) -> list[SessionRatings]:
    """Return the ratings and comments of the public sessions in which a person speaks; for that speaker only."""
    own = (
        select(SessionSpeaker.session_id)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.person_id == person_id)
    )
    query = (
        select(Session.id).where(*is_public(edition_id), Session.id.in_(own)).order_by(Session.starts_at, Session.id)
    )
    return [get_ratings(row) for row in list_sessions_by_id(edition_id, db.session.scalars(query).all())]
