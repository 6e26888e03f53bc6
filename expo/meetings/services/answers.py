"""Acts of the side that has to answer: accept, decline, or propose other times."""

from datetime import datetime, timedelta

from sqlalchemy import update

from expo.editions.queries import get_edition
from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import MeetingRow, ParticipantRow, Party, find_people, get_settings, list_slots
from expo.meetings.rules import (
    MeetingState,
    ParticipantState,
    Side,
    check_proposals,
    check_text,
    expiry_of,
    require_answerable,
)
from expo.meetings.services.holds import lock_people, release_time, reserve_time
from expo.meetings.services.parties import change_meeting, lock_meeting, record, replace_proposals, require_version
from expo.meetings.services.places import (
    Choice,
    assign_place,
    find_hall,
    find_halls_nearby,
    find_places_for,
    require_time_to_walk,
)
from expo.meetings.services.representatives import assign_team, record_members


def accept_meeting(
    party: Party, code: str, choice: Choice, now: datetime, version: int | None = None
) -> MeetingRow | None:
    """Accept one of the proposed times, or any slot if none was proposed.

    Returns the meeting as it was before, or None if it was accepted already. A representative and a place are assigned
    unless they are chosen. Raises MeetingMissing, Outdated, Invalid `meeting_time_invalid` or `meeting_link_missing`,
    and Conflict `meeting_answered`, `meeting_not_your_turn`, `meeting_taken` (with the name of who or what is taken),
    `meeting_too_far` (with the name of who has a meeting in another hall just before or after), `meeting_nobody_free`,
    `meeting_no_table` or `meeting_table_small`.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        side = row.side_of(party)
        is_settled = row.state is MeetingState.SCHEDULED and row.starts_at == choice.starts_at and not row.awaited
        if is_settled and (not row.is_group or row.own_state(party) is ParticipantState.JOINED):
            return None
        if row.is_group and row.state is MeetingState.SCHEDULED and side is Side.GUEST:
            if choice.starts_at != row.starts_at:
                raise Invalid("meeting_time_invalid", field="starts_at")
            _join(party, meeting, row)
            record(party, "join", meeting.id, now)
            return row
        if not (row.state is MeetingState.SCHEDULED and row.awaited):
            require_answerable(row.state, row.awaited, side)
        elif side is not None and row.awaited != side.value:
            raise Conflict("meeting_not_your_turn")
        require_version(meeting, version)
        if row.proposals and choice.starts_at not in row.proposals and not party.is_organizer:
            raise Invalid("meeting_time_invalid", field="starts_at")
        schedule(party, meeting, row, choice, now)
        record(party, "accept", meeting.id, now, starts_at=choice.starts_at.isoformat())
        return row


def schedule(party: Party, meeting: Meeting, row: MeetingRow, choice: Choice, now: datetime) -> None:
    """Give a locked meeting a time, a place and a representative, and hold their time."""
    settings = get_settings(party.edition_id)
    slots = {slot.starts_at: slot for slot in list_slots(get_edition(party.edition_id), settings, now)}
    slot = slots.get(choice.starts_at)
    if slot is None:
        raise Invalid("meeting_time_invalid", field="starts_at")
    release_time(meeting.id)
    ends_at = slot.ends_at + timedelta(minutes=settings.buffer_minutes)
    coming = _list_attending(party, row)
    people = lock_people(row.edition_id, [each.attendee_id or 0 for each in coming], row.exhibitor_id)
    names = {resource: each.name for each in coming for resource in people.of_attendee(each.attendee_id or 0)}
    taken = reserve_time(meeting.id, names, slot.starts_at, ends_at)
    if taken:
        raise Conflict("meeting_taken", name=names[taken[0]])
    places = find_places_for(row, choice)
    if row.exhibitor_id is not None:
        assign_team(meeting, row, people, slot, ends_at, settings, choice.member_id, places.hall)
    nearby = find_halls_nearby(meeting.id, slot.starts_at, slot.ends_at, settings)
    halls = {hall for of_one in nearby.values() for hall in of_one}
    hall = assign_place(meeting, row, slot, choice, row.side_of(party), places, halls)
    require_time_to_walk(row, people, hall, nearby)
    db.session.execute(
        update(MeetingParticipant)
        .where(MeetingParticipant.id.in_([each.id for each in coming]))
        .values(state=ParticipantState.JOINED.value)
    )
    meeting.starts_at, meeting.ends_at = slot.starts_at, slot.ends_at
    meeting.sequence += 1
    change_meeting(meeting, MeetingState.SCHEDULED, now)


def decline_meeting(party: Party, code: str, reason: str, now: datetime) -> MeetingState | None:
    """Decline a request or proposed times; return the meeting's state, or None if it was declined before.

    Declining a move leaves the meeting at its time; one guest of several only leaves. Raises MeetingMissing, Conflict
    `meeting_answered` or `meeting_not_your_turn`.
    """
    reason = check_text(reason, "reason")
    with atomic():
        meeting, row = lock_meeting(party, code)
        side = row.side_of(party)
        if row.state is MeetingState.DECLINED or row.own_state(party) is ParticipantState.DECLINED:
            return None
        if row.is_group and side is Side.GUEST:
            leave_meeting(party, meeting, row, reason, now)
            return MeetingState(meeting.state)
        if row.state is MeetingState.SCHEDULED and row.awaited:
            if side is not None and row.awaited != side.value:
                raise Conflict("meeting_not_your_turn")
            change_meeting(meeting, MeetingState.SCHEDULED, now)
        else:
            require_answerable(row.state, row.awaited, side)
            meeting.reason = reason
            change_meeting(meeting, MeetingState.DECLINED, now)
        record(party, "decline", meeting.id, now)
        return MeetingState(meeting.state)


def propose_times(
    party: Party, code: str, times: tuple[datetime, ...], message: str, now: datetime, version: int | None = None
) -> bool:
    """Propose other times: of a request that the party has to answer, or to move a scheduled meeting.

    Returns False if the same times are proposed already. A scheduled meeting keeps its time until the other side
    accepts. Raises MeetingMissing, Outdated, Invalid (see rules), Conflict `meeting_answered`, `meeting_not_your_turn`
    or `meeting_group_fixed`.
    """
    with atomic():
        meeting, row = lock_meeting(party, code)
        side = row.side_of(party)
        if side is None:
            raise Conflict("meeting_not_your_turn")
        if row.is_group:
            raise Conflict("meeting_group_fixed")
        if row.awaited == side.other.value and row.proposals == tuple(sorted(set(times))):
            return False
        if row.state is not MeetingState.SCHEDULED:
            require_answerable(row.state, row.awaited, side)
        require_version(meeting, version)
        settings = get_settings(party.edition_id)
        slots = list_slots(get_edition(party.edition_id), settings, now)
        wanted = check_proposals(times, [slot.starts_at for slot in slots], now)
        if not wanted:
            raise Invalid("meeting_time_invalid", field="times")
        replace_proposals(meeting.id, wanted)
        state = MeetingState.SCHEDULED if row.state is MeetingState.SCHEDULED else MeetingState.COUNTERED
        change_meeting(meeting, state, now, awaited=side.other.value)
        if state is MeetingState.COUNTERED:
            meeting.expires_at = expiry_of(wanted, wanted[-1], settings.expire_hours, now)
        text = check_text(message, "message")
        if text:
            meeting.message = text
        if party.member_id is not None and not row.of_side(Side.HOST):
            # The member who answers for the company comes, unless they are busy by then.
            record_members(meeting.id, [party.member_id])
        db.session.flush()
        record(party, "propose", meeting.id, now, times=[each.isoformat() for each in wanted])
        return True


def leave_meeting(party: Party, meeting: Meeting, row: MeetingRow, reason: str, now: datetime) -> None:
    """Take one guest out of a locked meeting; without any other guest it is declined."""
    own = next(each for each in row.participants if each.attendee_id == party.attendee_id)
    db.session.get_one(MeetingParticipant, own.id).state = ParticipantState.DECLINED.value
    people = find_people(row.edition_id, [own.attendee_id or 0], None)
    release_time(meeting.id, people.of_attendee(own.attendee_id or 0))
    others = [each for each in row.of_side(Side.GUEST) if each.id != own.id]
    if not others:
        meeting.reason = reason
        meeting.sequence += 1
        release_time(meeting.id)
        change_meeting(meeting, MeetingState.DECLINED, now)
    db.session.flush()
    record(party, "leave", meeting.id, now)


def _join(party: Party, meeting: Meeting, row: MeetingRow) -> None:
    """Let one more guest join a scheduled group."""
    own = next(each for each in row.participants if each.attendee_id == party.attendee_id)
    if row.starts_at is None or row.ends_at is None:
        raise Conflict("meeting_not_scheduled", state=row.state.value)
    settings = get_settings(party.edition_id)
    ends_at = row.ends_at + timedelta(minutes=settings.buffer_minutes)
    people = lock_people(row.edition_id, [own.attendee_id or 0], None)
    if reserve_time(meeting.id, people.of_attendee(own.attendee_id or 0), row.starts_at, ends_at):
        raise Conflict("meeting_taken", name=own.name)
    nearby = find_halls_nearby(meeting.id, row.starts_at, row.ends_at, settings)
    require_time_to_walk(row, people, find_hall(row), nearby)
    db.session.get_one(MeetingParticipant, own.id).state = ParticipantState.JOINED.value
    db.session.flush()


def _list_attending(party: Party, row: MeetingRow) -> list[ParticipantRow]:
    """Return the attendees whose time is held: of a group only those who said yes, and the one who says it now."""
    attendees = [each for each in row.participants if each.attendee_id and each.state is not ParticipantState.DECLINED]
    if not row.is_group:
        return attendees
    if row.state is not MeetingState.SCHEDULED and party.is_organizer:
        # Organizers answer for everybody.
        return attendees
    return [
        each for each in attendees if each.state is ParticipantState.JOINED or each.attendee_id == party.attendee_id
    ]
