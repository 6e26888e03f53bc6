"""Acts on what attendees offer and seek."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert

from expo.accounts.rules import Actor, Permission
from expo.exhibitors.queries import list_topics
from expo.exhibitors.rules import TopicKind, check_topics
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.profiles.models import AttendeeTopic
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own


def choose_interests(actor: Actor, edition_id: int, attendee_id: int, codes: Iterable[str], now: datetime) -> None:
    """Replace what an attendee seeks.

    Allowed to the attendee, the person who registered them, and staff. Raises Invalid `topic_unknown`,
    `topics_too_many`.
    """
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
    chosen = check_topics(codes, list_topics(edition_id))
    with atomic():
        store_topics(attendee_id, TopicKind.SEEKS, chosen)
        record_act(
            actor,
            "profiles.choose_interests",
            now,
            edition_id=edition_id,
            subject="attendee",
            subject_id=attendee_id,
            topics=list(chosen),
        )


def store_topics(attendee_id: int, kind: TopicKind, codes: Iterable[str]) -> None:
    """Replace the topics of one kind within the caller's transaction."""
    db.session.execute(
        delete(AttendeeTopic).where(AttendeeTopic.attendee_id == attendee_id, AttendeeTopic.kind == kind.value)
    )
    rows = [{"attendee_id": attendee_id, "kind": kind.value, "topic": code} for code in codes]
    if rows:
        db.session.execute(insert(AttendeeTopic), rows)
