"""Reads of what attendees offer and seek."""

from sqlalchemy import select

from expo.exhibitors.rules import TopicKind
from expo.infra.db import db
from expo.profiles.models import AttendeeTopic


def list_attendee_topics(attendee_id: int) -> dict[TopicKind, list[str]]:
    """Return the topics that an attendee offers and seeks."""
    found: dict[TopicKind, list[str]] = {kind: [] for kind in TopicKind}
    for kind, topic in db.session.execute(
        select(AttendeeTopic.kind, AttendeeTopic.topic)
        .where(AttendeeTopic.attendee_id == attendee_id)
        .order_by(AttendeeTopic.topic)
    ):
        found[TopicKind(kind)].append(topic)
    return found


def list_interests(attendee_id: int) -> list[str]:
    """Return the topics that an attendee seeks."""
    return list_attendee_topics(attendee_id)[TopicKind.SEEKS]
