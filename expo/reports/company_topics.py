"""What a company's leads and the people whom it meets seek, for each topic that the company offers.

Only people who agreed to be found by exhibitors are counted: with a single lead, the figure would tell its interests.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, distinct, func, select

from expo.exhibitors.models import Exhibitor, ExhibitorTopic
from expo.exhibitors.queries import is_listed, list_company_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.db import db
from expo.leads.models import Lead
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import ParticipantState, Side
from expo.profiles.models import AttendeeTopic
from expo.profiles.queries import find_visible_attendee_ids
from expo.profiles.rules import AS_EXHIBITOR
from expo.pure.shares import median_of
from expo.registration.models import Attendee
from expo.reports.company_counts import KEPT_STATES, is_in, shares_details


@dataclass(frozen=True)
class TopicLine:
    """A topic that a company offers: how many of its leads and meetings are with people who seek it.

    The medians are of the companies that offer it; None if there are too few.
    """

    topic: str
    leads: int
    median_leads: float | None
    meetings: int
    median_meetings: float | None


def list_topic_lines(edition_id: int, exhibitor_id: int, fewest: int) -> list[TopicLine]:
    """Return a line for each topic that a company offers, those with the most leads first."""
    own = list_company_topics([exhibitor_id]).get(exhibitor_id)
    topics = list(dict.fromkeys((own.offers or own.found) if own else ()))
    if not topics:
        return []
    offering = _list_offering(edition_id, topics)
    leads = _count(_leads(edition_id), topics)
    meetings = _count(_meetings(edition_id), topics)
    lines = []
    for topic in topics:
        peers = offering[topic] | {exhibitor_id}
        has_median = len(peers) >= fewest
        lines.append(
            TopicLine(
                topic,
                leads.get((exhibitor_id, topic), 0),
                median_of([leads.get((each, topic), 0) for each in peers]) if has_median else None,
                meetings.get((exhibitor_id, topic), 0),
                median_of([meetings.get((each, topic), 0) for each in peers]) if has_median else None,
            )
        )
    return sorted(lines, key=lambda line: (-line.leads - line.meetings, topics.index(line.topic)))


def _list_offering(edition_id: int, topics: list[str]) -> dict[str, set[int]]:
    """Return the companies that visitors may see and that offer each topic."""
    found: dict[str, set[int]] = defaultdict(set)
    for topic, exhibitor_id in db.session.execute(
        select(ExhibitorTopic.topic, ExhibitorTopic.exhibitor_id)
        .join(Exhibitor, Exhibitor.id == ExhibitorTopic.exhibitor_id)
        .where(is_listed(edition_id), ExhibitorTopic.kind == TopicKind.OFFERS.value, ExhibitorTopic.topic.in_(topics))
    ):
        found[topic].add(exhibitor_id)
    return found


def _leads(edition_id: int) -> Select[int, str, int]:
    people: Any = func.count(distinct(Lead.attendee_id))
    return (
        select(Lead.exhibitor_id, AttendeeTopic.topic, people)
        .join(AttendeeTopic, AttendeeTopic.attendee_id == Lead.attendee_id)
        .where(*shares_details(), Lead.attendee_id.in_(find_visible_attendee_ids(edition_id, AS_EXHIBITOR)))
        .group_by(Lead.exhibitor_id, AttendeeTopic.topic)
    )


def _meetings(edition_id: int) -> Select[Any, str, int]:
    guest = MeetingParticipant.attendee_id
    # With IN, SQLite would look for each of thousands of visible people in every meeting.
    is_found = find_visible_attendee_ids(edition_id, AS_EXHIBITOR).where(Attendee.id == guest).exists()
    return (
        select(Meeting.exhibitor_id, AttendeeTopic.topic, func.count(distinct(Meeting.id)))
        .join(MeetingParticipant, MeetingParticipant.meeting_id == Meeting.id)
        .join(AttendeeTopic, AttendeeTopic.attendee_id == guest)
        .where(
            Meeting.edition_id == edition_id,
            Meeting.exhibitor_id.is_not(None),
            is_in(KEPT_STATES),
            MeetingParticipant.side == Side.GUEST.value,
            MeetingParticipant.state != ParticipantState.DECLINED.value,
            is_found,
        )
        .group_by(Meeting.exhibitor_id, AttendeeTopic.topic)
    )


def _count(query: Select[Any, str, int], topics: list[str]) -> dict[tuple[int, str], int]:
    wanted = query.where(AttendeeTopic.topic.in_(topics), AttendeeTopic.kind == TopicKind.SEEKS.value)
    return {(exhibitor_id, topic): count for exhibitor_id, topic, count in db.session.execute(wanted)}
