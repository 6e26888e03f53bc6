"""Acts on blocks: no requests from somebody any longer."""

from datetime import datetime

from sqlalchemy import delete, select

from expo.errors import Conflict
from expo.infra.db import atomic, db
from expo.meetings.models import MeetingBlock
from expo.meetings.queries import MeetingRow, Party
from expo.meetings.queries.parties import blocks
from expo.meetings.rules import UNANSWERED_STATES, MeetingState, ParticipantState, Side
from expo.meetings.services.answers import leave
from expo.meetings.services.holds import release_time
from expo.meetings.services.parties import change_meeting, lock_meeting, record

PartyKey = tuple[int | None, int | None]


def block_other_side(party: Party, code: str, now: datetime) -> None:
    """Block the other side of a meeting; an unanswered request is declined, by a guest of several only for themselves.

    Idempotent. Raises MeetingMissing.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        own, others = _keys(party, row)
        for other in others:
            if db.session.scalars(select(MeetingBlock.id).where(blocks(own, other))).first() is None:
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
        if row.is_group and row.own_state(party) is ParticipantState.INVITED:
            leave(party, meeting, row, "", now)
        elif row.state in UNANSWERED_STATES and not row.is_group:
            release_time(meeting.id)
            change_meeting(meeting, MeetingState.DECLINED, now)
        record(party, "block", meeting.id, now)


def unblock_other_side(party: Party, code: str, now: datetime) -> None:
    """Accept requests of the other side of a meeting again. Idempotent. Raises MeetingMissing."""
    with atomic():
        meeting, row = lock_meeting(party, code)
        own, others = _keys(party, row)
        for other in others:
            db.session.execute(
                delete(MeetingBlock).where(blocks(own, other)), execution_options={"synchronize_session": False}
            )
        record(party, "unblock", meeting.id, now)


def has_blocked_other_side(party: Party, row: MeetingRow) -> bool:
    """Return whether the party has blocked the other side of a meeting."""
    if row.side_of(party) is None:
        return False
    own, others = _keys(party, row)
    return any(
        db.session.scalars(select(MeetingBlock.id).where(blocks(own, other))).first() is not None for other in others
    )


def _keys(party: Party, row: MeetingRow) -> tuple[PartyKey, list[PartyKey]]:
    """Return the key of the party, and those of the other side: (attendee's id, exhibitor's id)."""
    side = row.side_of(party)
    if side is None:
        raise Conflict("meeting_not_your_turn")
    own: PartyKey = (None, party.exhibitor_id) if party.exhibitor_id else (party.attendee_id, None)
    if side is Side.GUEST and row.exhibitor_id:
        return own, [(None, row.exhibitor_id)]
    others: list[PartyKey] = [
        (each.attendee_id, None) for each in row.participants if each.side is side.other and each.attendee_id
    ]
    return own, others
