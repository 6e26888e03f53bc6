"""What attendees did about companies, people and sessions.

A domain below whose rows tell about taste gets a function here; `SOURCES` lists them.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from expo.exhibitors.models import Exhibitor, ExhibitorFavourite
from expo.infra.db import db
from expo.leads.models import Lead
from expo.matchmaking.models import CompanyDismissal, Dismissal
from expo.matchmaking.rules import Signal, SignalKind, TargetKind
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingState
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


def _list_favourites(edition_id: int, attendee_id: int) -> list[Signal]:
    rows = db.session.execute(
        select(ExhibitorFavourite.exhibitor_id, ExhibitorFavourite.added_at)
        .join(Exhibitor, Exhibitor.id == ExhibitorFavourite.exhibitor_id)
        .where(ExhibitorFavourite.attendee_id == attendee_id, Exhibitor.edition_id == edition_id)
    )
    return [Signal(attendee_id, TargetKind.EXHIBITOR, target, SignalKind.STARRED, at) for target, at in rows]


def _list_booth_visits(edition_id: int, attendee_id: int) -> list[Signal]:
    """Return the booths where the badge was scanned; a visitor who stopped sharing did not like the company."""
    rows = db.session.execute(
        select(Lead.exhibitor_id, Lead.last_at, Lead.withdrawn_at)
        .join(Exhibitor, Exhibitor.id == Lead.exhibitor_id)
        .where(Lead.attendee_id == attendee_id, Exhibitor.edition_id == edition_id)
    )
    return [
        Signal(
            attendee_id,
            TargetKind.EXHIBITOR,
            target,
            SignalKind.REFUSED if withdrawn_at else SignalKind.SCANNED,
            withdrawn_at or at,
        )
        for target, at, withdrawn_at in rows
    ]


def _list_meetings(edition_id: int, attendee_id: int) -> list[Signal]:
    """Return what became of the meetings with companies: requested or met, or declined by this person."""
    rows = db.session.execute(
        select(Meeting.exhibitor_id, Meeting.state, Meeting.changed_at, MeetingParticipant.is_initiator)
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            MeetingParticipant.attendee_id == attendee_id,
            Meeting.edition_id == edition_id,
            Meeting.exhibitor_id.is_not(None),
        )
    )
    return [
        Signal(attendee_id, TargetKind.EXHIBITOR, target, kind, at)
        for target, state, at, asked in rows
        if target is not None and (kind := _kind_of_meeting(MeetingState(state), asked=asked)) is not None
    ]


def _kind_of_meeting(state: MeetingState, *, asked: bool) -> SignalKind | None:
    if state in (MeetingState.SCHEDULED, MeetingState.HELD):
        return SignalKind.MET
    if asked:
        return SignalKind.REQUESTED
    return SignalKind.REFUSED if state is MeetingState.DECLINED else None


SOURCES: tuple[Source, ...] = (
    _list_stars,
    _list_ratings,
    _list_dismissals,
    _list_favourites,
    _list_booth_visits,
    _list_meetings,
)
