"""Acts on agreed meetings and old requests: cancel, move, expire."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expo.accounts.rules import SYSTEM
from expo.errors import Conflict
from expo.infra.db import atomic, db, lock
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import Party, get_meeting_by_id
from expo.meetings.rules import (
    OPEN_STATES,
    UNANSWERED_STATES,
    MeetingState,
    ParticipantState,
    Side,
    check_text,
    require_scheduled,
)
from expo.meetings.services.answers import leave_meeting, schedule
from expo.meetings.services.holds import release_time
from expo.meetings.services.parties import change_meeting, lock_meeting, record, require_version
from expo.meetings.services.places import Choice

BATCH = 200


def cancel_meeting(party: Party, code: str, reason: str, now: datetime) -> MeetingState | None:
    """Cancel a meeting, or withdraw a request; return its state, or None if it was cancelled before.

    The time of everybody is released. One guest of several only leaves, unless the meeting was their idea. Raises
    MeetingMissing, Conflict `meeting_answered`.
    """
    reason = check_text(reason, "reason")
    with atomic():
        meeting, row = lock_meeting(party, code)
        if row.state is MeetingState.CANCELLED or row.own_state(party) is ParticipantState.DECLINED:
            return None
        if row.state not in OPEN_STATES:
            raise Conflict("meeting_answered", state=row.state.value)
        is_guest = row.side_of(party) is Side.GUEST
        if is_guest and (row.is_group or row.continues_without(party.attendee_id)):
            leave_meeting(party, meeting, row, reason, now)
            return MeetingState(meeting.state)
        _end(meeting, MeetingState.CANCELLED, reason, now)
        record(party, "cancel", meeting.id, now)
        return MeetingState.CANCELLED


def move_meeting(party: Party, code: str, choice: Choice, now: datetime, version: int | None = None) -> bool:
    """Move a scheduled meeting to another time or place at once, as organizers do; False if it is there already.

    Raises MeetingMissing, Outdated, Invalid `meeting_time_invalid`, and Conflict as `accept_meeting` does.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        require_scheduled(row.state)
        if row.starts_at == choice.starts_at and choice.table_id in (None, row.table_id) and not choice.member_id:
            return False
        require_version(meeting, version)
        schedule(party, meeting, row, choice, now)
        record(party, "move", meeting.id, now, starts_at=choice.starts_at.isoformat())
        return True


def expire_meetings(edition_id: int, now: datetime) -> list[int]:
    """Expire requests that nobody answered in time, and return the ids of the meetings."""
    overdue = (Meeting.edition_id == edition_id) & (Meeting.expires_at <= now)
    return _end_all(overdue & _in(UNANSWERED_STATES), MeetingState.EXPIRED, "expire", now)


def cancel_meetings_of_exhibitor(edition_id: int, exhibitor_id: int, now: datetime) -> list[int]:
    """Cancel all open meetings of a company that no longer takes part, and return their ids."""
    of_it = (Meeting.edition_id == edition_id) & (Meeting.exhibitor_id == exhibitor_id)
    return _end_all(of_it & _in(OPEN_STATES), MeetingState.CANCELLED, "cancel", now, limit=None)


def cancel_meetings_of_attendees(edition_id: int, attendee_ids: Iterable[int], now: datetime) -> list[tuple[int, str]]:
    """Cancel the open meetings of attendees whose registration was cancelled.

    Returns the ids of the meetings, with the name of the guest who left one that continues; empty if it was cancelled.
    Guests only leave, if others are left and the meeting was not their idea.
    """
    wanted = sorted(set(attendee_ids))
    ended: list[tuple[int, str]] = []
    with atomic():
        for attendee_id in wanted:
            theirs = select(MeetingParticipant.meeting_id).where(
                MeetingParticipant.attendee_id == attendee_id,
                MeetingParticipant.state != ParticipantState.DECLINED.value,
            )
            ids = db.session.scalars(
                select(Meeting.id).where(Meeting.edition_id == edition_id, Meeting.id.in_(theirs), _in(OPEN_STATES))
            ).all()
            for meeting_id in sorted(ids):
                meeting = lock(Meeting, meeting_id)
                if meeting is None or MeetingState(meeting.state) not in OPEN_STATES:
                    continue
                row = get_meeting_by_id(meeting_id)
                others = [e for e in row.of_side(Side.GUEST) if e.attendee_id not in wanted]
                if others and row.continues_without(attendee_id):
                    leave_meeting(Party(SYSTEM, edition_id, "", attendee_id=attendee_id), meeting, row, "", now)
                    ended += [(meeting_id, each.name) for each in row.participants if each.attendee_id == attendee_id]
                    continue
                _end(meeting, MeetingState.CANCELLED, "", now)
                record(Party(SYSTEM, edition_id, ""), "cancel", meeting_id, now)
                ended.append((meeting_id, ""))
    return ended


def _end(meeting: Meeting, state: MeetingState, reason: str, now: datetime) -> None:
    """End a locked meeting and release the time it holds."""
    release_time(meeting.id)
    meeting.reason = reason
    meeting.sequence += 1
    change_meeting(meeting, state, now)


def _end_all(
    condition: ColumnElement[bool], state: MeetingState, action: str, now: datetime, limit: int | None = BATCH
) -> list[int]:
    ended = []
    with atomic():
        ids = db.session.scalars(select(Meeting.id).where(condition).order_by(Meeting.id).limit(limit)).all()
        for meeting_id in ids:
            meeting = lock(Meeting, meeting_id)
            # Somebody may have answered it in the meantime.
            if meeting is None or MeetingState(meeting.state) not in OPEN_STATES:
                continue
            if state is MeetingState.EXPIRED and MeetingState(meeting.state) not in UNANSWERED_STATES:
                continue
            _end(meeting, state, "", now)
            record(Party(SYSTEM, meeting.edition_id, ""), action, meeting_id, now)
            ended.append(meeting_id)
    return ended


def _in(states: Iterable[MeetingState]) -> ColumnElement[bool]:
    return Meeting.state.in_([each.value for each in states])
