"""What acts on meetings have in common: the locked meeting, the side that acts, and the record of the act."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from expo.errors import Invalid, Outdated
from expo.infra.audit import record_act
from expo.infra.db import db, lock
from expo.meetings.errors import MeetingMissing
from expo.meetings.models import Meeting, MeetingProposal
from expo.meetings.queries import MeetingRow, ParticipantRow, Party, find_meeting_id, get_meeting_by_id
from expo.meetings.rules import MeetingState, Side


def lock_meeting(party: Party, code: str) -> tuple[Meeting, MeetingRow]:
    """Return a meeting of the party, locked until the commit and freshly read. Raises MeetingMissing."""
    meeting_id = find_meeting_id(party, code)
    meeting = lock(Meeting, meeting_id)
    if meeting is None:
        raise MeetingMissing
    return meeting, get_meeting_by_id(meeting_id)


def find_guest(party: Party, row: MeetingRow, guest_id: int | None) -> ParticipantRow:
    """Return the guest whom an act of host or guest is about: the party itself, or the one that the host names.

    Somebody who was the only guest need not be named. Raises Invalid `meeting_guest_unclear`.
    """
    guests = row.all_guests
    if row.side_of(party) is Side.GUEST:
        return next(each for each in guests if each.attendee_id == party.attendee_id)
    named = guests if guest_id is None else [each for each in guests if each.id == guest_id]
    if len(named) != 1:
        raise Invalid("meeting_guest_unclear", field="guest")
    return named[0]


def require_version(meeting: Meeting, version: int | None) -> None:
    """Check that the party saw the meeting as it is. Raises Outdated."""
    if version is not None and meeting.version != version:
        raise Outdated


def change_meeting(meeting: Meeting, state: MeetingState, now: datetime, *, awaited: str = "") -> None:
    """Give a meeting a state, and note which side has to answer."""
    meeting.state, meeting.awaited = state.value, awaited
    meeting.changed_at = now
    meeting.version += 1
    if not awaited:
        meeting.expires_at = None
        db.session.execute(delete(MeetingProposal).where(MeetingProposal.meeting_id == meeting.id))
    db.session.flush()


def replace_proposals(meeting_id: int, times: tuple[datetime, ...]) -> None:
    """Store the times that are proposed now instead of the previous ones."""
    before = set(db.session.scalars(select(MeetingProposal.starts_at).where(MeetingProposal.meeting_id == meeting_id)))
    db.session.execute(
        delete(MeetingProposal).where(MeetingProposal.meeting_id == meeting_id, MeetingProposal.starts_at.not_in(times))
    )
    db.session.add_all(MeetingProposal(meeting_id=meeting_id, starts_at=each) for each in times if each not in before)
    db.session.flush()


def record(party: Party, action: str, meeting_id: int, now: datetime, **details: Any) -> None:
    """Record an act on a meeting."""
    record_act(
        party.actor,
        f"meetings.{action}",
        now,
        edition_id=party.edition_id,
        subject="meeting",
        subject_id=meeting_id,
        **details,
    )
