"""Who represents a company in a meeting: assigned, or chosen by hand; several can come."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from expo.errors import Conflict, Invalid
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import MeetingRow, Party, People, TeamMember, get_settings, is_free_at, list_team, load_team
from expo.meetings.rules import (
    MAX_REPRESENTATIVES,
    ParticipantState,
    SettingsRequest,
    Side,
    require_scheduled,
)
from expo.meetings.services.holds import lock_people, release_time, reserve_time
from expo.meetings.services.parties import change_meeting, lock_meeting, record
from expo.meetings.services.places import find_hall, find_halls_nearby, require_time_to_walk
from expo.pure.free_slots import Slot


def assign_members(party: Party, code: str, member_ids: Collection[int], now: datetime) -> list[int]:
    """Let these members of the team represent the company, and return those who did not before.

    Raises MeetingMissing, Invalid `meeting_members_empty` or `meeting_members_too_many`, Conflict
    `meeting_not_scheduled`, `meeting_nobody_free` for members of other teams, `meeting_taken` or `meeting_too_far`.
    """
    wanted = sorted(set(member_ids))
    if not wanted:
        raise Invalid("meeting_members_empty", field="member")
    if len(wanted) > MAX_REPRESENTATIVES:
        raise Invalid("meeting_members_too_many", field="member", maximum=MAX_REPRESENTATIVES)
    with atomic():
        meeting, row = lock_meeting(party, code)
        require_scheduled(row.state)
        if row.starts_at is None or row.ends_at is None or row.exhibitor_id is None:
            raise Conflict("meeting_not_scheduled", state=row.state.value)
        before = {each.member_id for each in row.of_side(Side.HOST)}
        if before == set(wanted):
            return []
        guests = [each.attendee_id for each in row.participants if each.attendee_id]
        people = lock_people(row.edition_id, guests, row.exhibitor_id)
        team = list_team(people, row.exhibitor_id)
        chosen = [each for each in team if each.id in wanted]
        if len(chosen) < len(wanted):
            raise Conflict("meeting_nobody_free")
        release_time(meeting.id, [resource for each in before if each for resource in people.of_member(each)])
        settings = get_settings(party.edition_id)
        ends_at = row.ends_at + timedelta(minutes=settings.buffer_minutes)
        for each in chosen:
            if reserve_time(meeting.id, people.of_member(each.id), row.starts_at, ends_at):
                raise Conflict("meeting_taken", name=each.name)
        nearby = find_halls_nearby(meeting.id, row.starts_at, row.ends_at, settings)
        require_time_to_walk(row, people, find_hall(row), nearby)
        record_members(meeting.id, wanted)
        change_meeting(meeting, row.state, now, awaited=row.awaited)
        record(party, "assign", meeting.id, now, members=wanted)
        return [each for each in wanted if each not in before]


def assign_team(
    meeting: Meeting,
    row: MeetingRow,
    people: People,
    slot: Slot,
    ends_at: datetime,
    settings: SettingsRequest,
    member_id: int | None,
    hall: str,
) -> None:
    """Hold the time of the chosen member, or of those who represented the company before, else of the least busy one.

    `hall` is where they meet, if it is known yet. The caller has released what the meeting held.

    Raises Conflict `meeting_taken` or `meeting_nobody_free`.
    """
    team = load_team(row.edition_id, row.exhibitor_id or 0, meeting.id, people)
    if member_id is not None:
        chosen = [each for each in team if each.id == member_id]
        joined = _take(meeting.id, people, chosen, slot, ends_at)
        if chosen and not joined:
            raise Conflict("meeting_taken", name=chosen[0].name)
    else:
        hosts = {each.member_id for each in row.of_side(Side.HOST)}
        free = [each for each in team if is_free_at(each.diary, slot, settings, hall)]
        joined = _take(meeting.id, people, [each for each in free if each.id in hosts], slot, ends_at)
        joined = joined or _take(meeting.id, people, [each for each in free if each.id not in hosts], slot, ends_at, 1)
    if not joined:
        raise Conflict("meeting_nobody_free")
    record_members(meeting.id, joined)


def record_members(meeting_id: int, member_ids: Sequence[int]) -> None:
    """Store who represents the company; everybody else no longer does."""
    hosts = db.session.scalars(
        select(MeetingParticipant).where(
            MeetingParticipant.meeting_id == meeting_id, MeetingParticipant.side == Side.HOST.value
        )
    ).all()
    for each in hosts:
        each.state = (ParticipantState.JOINED if each.member_id in member_ids else ParticipantState.DECLINED).value
    known = {each.member_id for each in hosts}
    db.session.add_all(
        MeetingParticipant(
            meeting_id=meeting_id,
            side=Side.HOST.value,
            member_id=member_id,
            state=ParticipantState.JOINED.value,
        )
        for member_id in member_ids
        if member_id not in known
    )
    db.session.flush()


def _take(
    meeting_id: int,
    people: People,
    members: Iterable[TeamMember],
    slot: Slot,
    ends_at: datetime,
    most: int | None = None,
) -> list[int]:
    """Hold the time of up to `most` members, and return the ids of those whose time nobody else has."""
    joined: list[int] = []
    for each in members:
        if len(joined) == most:
            break
        resources = people.of_member(each.id)
        if reserve_time(meeting_id, resources, slot.starts_at, ends_at):
            release_time(meeting_id, resources)
        else:
            joined.append(each.id)
    return joined
