"""What attendees did about companies, people and sessions.

A domain below whose rows tell about taste gets a function here; `SOURCES` lists them.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Integer, Select, bindparam, literal, select, union_all
from sqlalchemy.orm import aliased

from expo.exhibitors.models import Exhibitor, ExhibitorFavourite
from expo.infra.db import db
from expo.leads.models import Lead
from expo.matchmaking.models import CompanyDismissal, Dismissal
from expo.matchmaking.rules import Signal, SignalKind, TargetKind
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingState, ParticipantState, Side
from expo.program.models import AgendaEntry, SeatHold, Session, SessionFeedback
from expo.program.rules import SeatState

# From this rating on, a session was liked; up to the other, it was not.
LIKED_RATING, DISLIKED_RATING = 4, 2
# The latest acts of a person say what they look for now.
LATEST = 200
_EDITION, _ATTENDEE = bindparam("edition_id", type_=Integer), bindparam("attendee_id", type_=Integer)

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


def _list_sessions(edition_id: int, attendee_id: int) -> list[Signal]:
    """Return the sessions that somebody starred, and those to whose rooms they came with a seat."""
    return [
        Signal(attendee_id, TargetKind.SESSION, target, SignalKind(kind), at)
        for target, at, kind in db.session.execute(_query_of_sessions(), _values(edition_id, attendee_id))
    ]


@cache
def _query_of_sessions() -> CompoundSelect[Any]:
    """Return the query of all attendees, built once: putting it together takes longer than running it."""
    starred = (
        select(AgendaEntry.session_id, AgendaEntry.added_at, literal(SignalKind.STARRED.value))
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(AgendaEntry.attendee_id == _ATTENDEE, Session.edition_id == _EDITION)
    )
    visited = (
        select(SeatHold.session_id, SeatHold.changed_at, literal(SignalKind.VISITED.value))
        .join(Session, Session.id == SeatHold.session_id)
        .where(
            SeatHold.attendee_id == _ATTENDEE,
            SeatHold.state == SeatState.USED.value,
            Session.edition_id == _EDITION,
        )
    )
    return union_all(starred, visited)


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
    """Return what became of the meetings with companies and people: requested or met, or declined by this person."""
    rows = db.session.execute(_query_of_meetings(), _values(edition_id, attendee_id))
    found = []
    for exhibitor_id, other_id, state, at, asked, answer in rows:
        kind = _kind_of_meeting(MeetingState(state), ParticipantState(answer), asked=asked)
        if kind is not None and exhibitor_id is not None:
            found.append(Signal(attendee_id, TargetKind.EXHIBITOR, exhibitor_id, kind, at))
        elif kind is not None and other_id is not None:
            found.append(Signal(attendee_id, TargetKind.ATTENDEE, other_id, kind, at))
    return found


@cache
def _query_of_meetings() -> Select[*tuple[Any, ...]]:
    """Return the query of all attendees, built once."""
    own, other = aliased(MeetingParticipant), aliased(MeetingParticipant)
    of_people = (other.meeting_id == Meeting.id) & (other.side != own.side) & Meeting.exhibitor_id.is_(None)
    return (
        select(Meeting.exhibitor_id, other.attendee_id, Meeting.state, Meeting.changed_at, own.is_initiator, own.state)
        .join(own, own.meeting_id == Meeting.id)
        .outerjoin(other, of_people)
        .where(own.attendee_id == _ATTENDEE, Meeting.edition_id == _EDITION)
    )


def _values(edition_id: int, attendee_id: int) -> dict[str, int]:
    return {"edition_id": edition_id, "attendee_id": attendee_id}


def list_met_visitors(exhibitor_id: int) -> list[int]:
    """Return the visitors who need not be suggested to a company: they have a meeting with it, or one was declined."""
    query = (
        select(MeetingParticipant.attendee_id)
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .where(
            Meeting.exhibitor_id == exhibitor_id,
            Meeting.state.not_in([MeetingState.CANCELLED.value, MeetingState.EXPIRED.value]),
            MeetingParticipant.side == Side.GUEST.value,
            MeetingParticipant.attendee_id.is_not(None),
        )
        .distinct()
    )
    return [attendee_id for attendee_id in db.session.scalars(query) if attendee_id is not None]


def _kind_of_meeting(state: MeetingState, answer: ParticipantState, *, asked: bool) -> SignalKind | None:
    """Return what a meeting says; in a group everybody answers for themselves."""
    if answer is ParticipantState.DECLINED:
        return SignalKind.REFUSED
    if answer is ParticipantState.INVITED and state is not MeetingState.DECLINED:
        return None
    if state in (MeetingState.SCHEDULED, MeetingState.HELD):
        return SignalKind.MET
    if asked:
        return SignalKind.REQUESTED
    return SignalKind.REFUSED if state is MeetingState.DECLINED else None


SOURCES: tuple[Source, ...] = (
    _list_sessions,
    _list_ratings,
    _list_dismissals,
    _list_favourites,
    _list_booth_visits,
    _list_meetings,
)
