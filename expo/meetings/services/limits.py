"""The limits on requests: how many somebody sends, and how many to the same side. Each is one query."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import aliased

from expo.errors import Conflict
from expo.infra.db import db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import Party, get_settings
from expo.meetings.rules import OPEN_STATES, UNANSWERED_STATES, MeetingState, ParticipantState, Side

DAY = timedelta(hours=24)


def require_within_limits(party: Party, sent: ColumnElement[bool], now: datetime, asked: int = 1) -> None:
    """Check that somebody may ask so many more people. The caller has locked the side that asks.

    `sent` is the condition for the participants who count; every guest of an invitation counts as a request of the day.
    Raises Conflict `meeting_limit_open` or `meeting_limit_day`. Organizers have no limits.
    """
    if party.actor_is_organizer:
        return
    settings = get_settings(party.edition_id)
    guest = aliased(MeetingParticipant)
    guests = (
        select(func.count())
        .where(guest.meeting_id == Meeting.id, guest.side == Side.GUEST.value)
        .correlate(Meeting)
        .scalar_subquery()
    )
    people = case((Meeting.initiator == Side.HOST.value, guests), else_=1)
    unanswered, of_day = db.session.execute(
        select(
            func.coalesce(func.sum(case((_in(UNANSWERED_STATES), 1), else_=0)), 0),
            func.coalesce(func.sum(case((Meeting.created_at > now - DAY, people), else_=0)), 0),
        )
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            Meeting.edition_id == party.edition_id,
            sent,
            MeetingParticipant.is_initiator,
            _in(UNANSWERED_STATES) | (Meeting.created_at > now - DAY),
        )
    ).one()
    if unanswered >= settings.max_open:
        raise Conflict("meeting_limit_open", maximum=settings.max_open)
    if of_day + asked > settings.max_per_day:
        raise Conflict("meeting_limit_day", maximum=settings.max_per_day)


def require_new(party: Party, with_one: ColumnElement[bool], is_own: ColumnElement[bool]) -> None:
    """Check that a side has not asked the other one already, or too often.

    `with_one` is the condition for the part that the other side, or the attendee who asks a company, takes in meetings;
    `is_own` is true of those that the asking side requested.

    Raises Conflict `meeting_already_requested`, `meeting_limit_with_one` or `meeting_declined_before`.
    """
    settings = get_settings(party.edition_id)
    rows = db.session.execute(
        select(Meeting.id, Meeting.state, is_own, MeetingParticipant.state)
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            Meeting.edition_id == party.edition_id,
            with_one,
            _in(OPEN_STATES | {MeetingState.DECLINED}),
        )
        .distinct()
    ).all()
    # Guests who left a group meeting have declined it, though it continues.
    states = [
        (MeetingState.DECLINED if part == ParticipantState.DECLINED.value else MeetingState(state), by_us)
        for _, state, by_us, part in rows
    ]
    own = {state for state, by_us in states if by_us}
    if own & UNANSWERED_STATES:
        raise Conflict("meeting_already_requested")
    if sum(state in OPEN_STATES for state, _ in states) >= settings.max_with_one:
        raise Conflict("meeting_limit_with_one", maximum=settings.max_with_one)
    if MeetingState.DECLINED in own:
        raise Conflict("meeting_declined_before")


def _in(states: frozenset[MeetingState]) -> ColumnElement[bool]:
    return Meeting.state.in_([each.value for each in states])
