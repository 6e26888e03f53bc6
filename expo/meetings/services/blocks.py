"""Acts on blocks: stop requests from somebody, or accept them again."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from expo.errors import Conflict
from expo.infra.db import atomic, db
from expo.meetings.models import MeetingBlock
from expo.meetings.queries import MeetingRow, Party
from expo.meetings.queries.parties import blocks
from expo.meetings.rules import OPEN_STATES, UNANSWERED_STATES, MeetingState, ParticipantState, Side
from expo.meetings.services.answers import leave_meeting
from expo.meetings.services.holds import release_time
from expo.meetings.services.parties import change_meeting, find_guest, lock_meeting, record

PartyKey = tuple[int | None, int | None]


def block_other_side(party: Party, code: str, now: datetime, guest_id: int | None = None) -> None:
    """Block the other side of a meeting; an unanswered request is declined, by a guest of several only for themselves.

    The host of several guests names one of them by the id of the participant; somebody who has not answered is no
    longer invited. Idempotent. Raises MeetingMissing, Invalid `meeting_guest_unclear`.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        own, others = _keys(party, row, guest_id)
        for other in others:
            if not _has_blocked(own, other):
                db.session.add(
                    MeetingBlock(
                        attendee_id=own[0],
                        exhibitor_id=own[1],
                        blocked_attendee_id=other[0],
                        blocked_exhibitor_id=other[1],
                        created_at=now,
                    )
                )
        db.session.flush()
        if row.is_group:
            guest = find_guest(party, row, guest_id)
            if guest.state is ParticipantState.INVITED and row.state in OPEN_STATES:
                leave_meeting(replace(party, attendee_id=guest.attendee_id), meeting, row, "", now)
        elif row.state in UNANSWERED_STATES:
            release_time(meeting.id)
            change_meeting(meeting, MeetingState.DECLINED, now)
        record(party, "block", meeting.id, now)


def unblock_other_side(party: Party, code: str, now: datetime, guest_id: int | None = None) -> None:
    """Accept requests of the other side of a meeting again. Idempotent. Raises as `block_other_side`."""
    with atomic():
        meeting, row = lock_meeting(party, code)
        own, others = _keys(party, row, guest_id)
        for other in others:
            db.session.execute(
                delete(MeetingBlock).where(blocks(own, other)), execution_options={"synchronize_session": False}
            )
        record(party, "unblock", meeting.id, now)


def has_blocked_other_side(party: Party, row: MeetingRow) -> bool:
    """Return whether the party has blocked the other side of a meeting; of several guests, any of them."""
    if row.side_of(party) is not Side.GUEST:
        return bool(list_blocked_guests(party, row))
    own, others = _keys(party, row, None)
    return any(_has_blocked(own, other) for other in others)


def list_blocked_guests(party: Party, row: MeetingRow) -> set[int]:
    """Return the ids of the participants whom the host of a meeting has blocked."""
    if row.side_of(party) is not Side.HOST:
        return set()
    attendee_id, exhibitor_id = _own_key(party)
    by = MeetingBlock.exhibitor_id == exhibitor_id if exhibitor_id else MeetingBlock.attendee_id == attendee_id
    guests = {each.attendee_id: each.id for each in row.all_guests}
    blocked = db.session.scalars(
        select(MeetingBlock.blocked_attendee_id).where(by, MeetingBlock.blocked_attendee_id.in_(guests))
    )
    return {guests[each] for each in blocked}


def _has_blocked(own: PartyKey, other: PartyKey) -> bool:
    return db.session.scalars(select(MeetingBlock.id).where(blocks(own, other))).first() is not None


def _own_key(party: Party) -> PartyKey:
    return (None, party.exhibitor_id) if party.exhibitor_id else (party.attendee_id, None)


def _keys(party: Party, row: MeetingRow, guest_id: int | None) -> tuple[PartyKey, list[PartyKey]]:
    """Return the key of the party, and those of the other side: (attendee's id, exhibitor's id)."""
    side = row.side_of(party)
    if side is None:
        raise Conflict("meeting_not_your_turn")
    own = _own_key(party)
    if side is Side.GUEST and row.exhibitor_id:
        return own, [(None, row.exhibitor_id)]
    if side is Side.HOST and row.is_group:
        return own, [(find_guest(party, row, guest_id).attendee_id, None)]
    others: list[PartyKey] = [
        (each.attendee_id, None) for each in row.participants if each.side is side.other and each.attendee_id
    ]
    return own, others
