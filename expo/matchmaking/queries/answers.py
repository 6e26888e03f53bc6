"""How requests for meetings were answered: by companies, and by people."""

from collections.abc import Iterator

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import aliased

from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.matchmaking.rules import Floats, TargetKind, willingness
from expo.matchmaking.rules.vectors import Side as Candidates
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingState, ParticipantState, Side

# What was cancelled may have been accepted or not, so it tells nothing. Requests that nobody answered were refused.
ACCEPTED = frozenset({MeetingState.SCHEDULED.value, MeetingState.HELD.value, MeetingState.NO_SHOW.value})
REFUSED = frozenset({MeetingState.DECLINED.value, MeetingState.EXPIRED.value})


def read_willingness(edition: EditionFacts, kind: TargetKind, candidates: Candidates) -> Floats:
    """Return how readily each candidate accepts who asks for a meeting, 0 to 1; the average is one half."""
    answers = _list_of_companies(edition.id) if kind is TargetKind.EXHIBITOR else _list_of_people(edition.id)
    return willingness(
        ((who, candidates.row[target], yes) for who, target, yes in answers if target in candidates.row),
        len(candidates),
    )


def _list_of_companies(edition_id: int) -> Iterator[tuple[object, int, bool]]:
    """Yield who asked a company, which, and whether it accepted."""
    rows = db.session.execute(
        select(MeetingParticipant.attendee_id, Meeting.exhibitor_id, Meeting.state)
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .where(
            Meeting.edition_id == edition_id,
            Meeting.exhibitor_id.is_not(None),
            Meeting.initiator == Side.GUEST.value,
            Meeting.state.in_(ACCEPTED | REFUSED),
            MeetingParticipant.is_initiator,
        )
        .order_by(Meeting.id)
    )
    for asking, exhibitor_id, state in rows:
        if exhibitor_id is not None:
            yield asking, exhibitor_id, state in ACCEPTED


def _list_of_people(edition_id: int) -> Iterator[tuple[object, int, bool]]:
    """Yield who asked a person, a company or somebody else, whom, and whether they accepted; of a group, each guest."""
    asked, asking = aliased(MeetingParticipant), aliased(MeetingParticipant)
    is_company = and_(Meeting.initiator == Side.HOST.value, Meeting.exhibitor_id.is_not(None))
    rows = db.session.execute(
        select(
            is_company,
            case((is_company, Meeting.exhibitor_id), else_=asking.attendee_id),
            asked.attendee_id,
            asked.state,
            Meeting.state,
        )
        .select_from(Meeting)
        .join(asked, asked.meeting_id == Meeting.id)
        .outerjoin(asking, and_(asking.meeting_id == Meeting.id, asking.is_initiator))
        .where(
            Meeting.edition_id == edition_id,
            Meeting.state.in_(ACCEPTED | REFUSED),
            asked.side != Meeting.initiator,
            asked.attendee_id.is_not(None),
            or_(Meeting.exhibitor_id.is_(None), is_company),
        )
        .order_by(Meeting.id, asked.id)
    )
    for by_company, who, attendee_id, answer, state in rows:
        if attendee_id is not None:
            accepted = state in ACCEPTED and answer == ParticipantState.JOINED.value
            yield (bool(by_company), who), attendee_id, accepted
