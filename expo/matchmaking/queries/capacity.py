"""How many people each company, person and session still has room for, and how many have chosen a company."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, func, select, union

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth, ExhibitorFavourite, Member
from expo.exhibitors.rules import MemberState
from expo.infra.db import db
from expo.matchmaking.rules import Floats, popularity
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import get_settings, list_slots, list_tables
from expo.meetings.rules import MeetingState, ParticipantState, Side
from expo.program.queries import count_places


def read_capacities(edition: EditionFacts, exhibitor_ids: Sequence[int], now: datetime) -> Floats:
    """Return how many meetings each company has time for: representatives or tables, times the slots that are left.

    At a booth any number of representatives can meet people. A company without a booth meets at its own tables, or at
    those that all share. Somebody is at each booth, so that a company without a team counts as one representative.
    """
    slots = len(list_slots(edition, get_settings(edition.id), now))
    teams = _count(select(Member.exhibitor_id, func.count()).where(Member.state == MemberState.ACTIVE.value)
        .group_by(Member.exhibitor_id))  # fmt: skip
    planned = _count(
        select(Meeting.exhibitor_id, func.count())
        .where(
            Meeting.edition_id == edition.id,
            Meeting.exhibitor_id.is_not(None),
            Meeting.state == MeetingState.SCHEDULED.value,
            Meeting.starts_at > now,
        )
        .group_by(Meeting.exhibitor_id)
    )
    at_booths = set(
        db.session.scalars(
            select(ExhibitorBooth.exhibitor_id)
            .join(Booth, Booth.id == ExhibitorBooth.booth_id)
            .where(Booth.edition_id == edition.id)
        )
    )
    tables = list_tables(edition.id, only_active=True)
    own = {each: sum(table.exhibitor_id == each for table in tables) for each in {t.exhibitor_id for t in tables}}
    sharing = [each for each in exhibitor_ids if each not in at_booths and not own.get(each)]
    share = own.get(None, 0) / max(len(sharing), 1)
    found = []
    for each in exhibitor_ids:
        representatives = float(max(teams.get(each, 0), 1))
        if each not in at_booths:
            representatives = min(representatives, own.get(each, 0) or share)
        found.append(max(representatives * slots - planned.get(each, 0), 0))
    return np.asarray(found, np.float32)


def read_capacities_of_people(edition: EditionFacts, attendee_ids: Sequence[int], now: datetime) -> Floats:
    """Return how many meetings each person has time for: the slots that are left, less the meetings agreed."""
    slots = len(list_slots(edition, get_settings(edition.id), now))
    planned = _count(
        select(MeetingParticipant.attendee_id, func.count())
        .join(Meeting, Meeting.id == MeetingParticipant.meeting_id)
        .where(
            Meeting.edition_id == edition.id,
            Meeting.state == MeetingState.SCHEDULED.value,
            Meeting.starts_at > now,
            MeetingParticipant.attendee_id.is_not(None),
            MeetingParticipant.state == ParticipantState.JOINED.value,
        )
        .group_by(MeetingParticipant.attendee_id)
    )
    return np.asarray([max(slots - planned.get(each, 0), 0) for each in attendee_ids], np.float32)


def read_capacities_of_sessions(edition: EditionFacts, session_ids: Sequence[int]) -> Floats:
    """Return how many people each session has a seat for, else its room a place; the average where nobody knows."""
    places = count_places(edition.id, list(session_ids))
    average = sum(places.values()) / max(len(places), 1)
    return np.asarray([places.get(each, average) for each in session_ids], np.float32)


def read_popularity(edition: EditionFacts, exhibitor_ids: Sequence[int]) -> Floats:
    """Return how wanted each company is, from the visitors who marked it as a favourite or asked it for a meeting."""
    marked = (
        select(ExhibitorFavourite.exhibitor_id, ExhibitorFavourite.attendee_id)
        .join(Exhibitor, Exhibitor.id == ExhibitorFavourite.exhibitor_id)
        .where(Exhibitor.edition_id == edition.id)
    )
    asked = (
        select(Meeting.exhibitor_id, MeetingParticipant.attendee_id)
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .where(
            Meeting.edition_id == edition.id,
            Meeting.exhibitor_id.is_not(None),
            Meeting.initiator == Side.GUEST.value,
            MeetingParticipant.is_initiator,
            MeetingParticipant.attendee_id.is_not(None),
        )
    )
    choices = union(marked, asked).subquery()
    counts = _count(select(choices.c.exhibitor_id, func.count()).group_by(choices.c.exhibitor_id))
    return popularity([counts.get(each, 0) for each in exhibitor_ids])


def _count(query: Select[*tuple[Any, ...]]) -> dict[int, int]:
    return {exhibitor_id: count for exhibitor_id, count in db.session.execute(query)}  # noqa: C416 - rows are not pairs
