"""Acts of matchmaking: choosing interests, and tagging companies and sessions with topics."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import note_content_change
from expo.exhibitors.models import Category, Exhibitor, ExhibitorCategory
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.matchmaking.models import AttendeeTopic, ExhibitorTopic, SessionTopic
from expo.matchmaking.rules import MENTION_WEIGHT, check_interests, topic_list
from expo.program.models import Session, Track
from expo.pure.topics import match_topics
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own


def choose_interests(actor: Actor, edition_id: int, attendee_id: int, codes: Iterable[str], now: datetime) -> None:
    """Replace an attendee's interests.

    Allowed to the attendee, whoever registered them, and staff. Raises Invalid `topic_unknown`, `topics_too_many`.
    """
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id, attendee.order_person_id])
    chosen = check_interests(codes)
    with atomic():
        db.session.execute(delete(AttendeeTopic).where(AttendeeTopic.attendee_id == attendee_id))
        if chosen:
            db.session.execute(insert(AttendeeTopic), [{"attendee_id": attendee_id, "topic": code} for code in chosen])
        record_act(
            actor,
            "matchmaking.choose_interests",
            now,
            edition_id=edition_id,
            subject="attendee",
            subject_id=attendee_id,
            topics=list(chosen),
        )


def tag_exhibitors(actor: Actor, edition_id: int, now: datetime) -> int:
    """Tag every company with topics from its categories and text; return how many have at least one."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        categories: dict[int, list[str]] = {}
        for exhibitor_id, name in db.session.execute(
            select(ExhibitorCategory.exhibitor_id, Category.name)
            .join(Category, Category.id == ExhibitorCategory.category_id)
            .where(Category.edition_id == edition_id)
        ):
            categories.setdefault(exhibitor_id, []).extend(name.values())
        companies = db.session.execute(
            select(Exhibitor.id, Exhibitor.description).where(Exhibitor.edition_id == edition_id)
        ).all()
        rows = [
            {"exhibitor_id": exhibitor_id, "topic": topic, "weight": weight}
            for exhibitor_id, description in companies
            for topic, weight in _weigh(categories.get(exhibitor_id, []), description.values()).items()
        ]
        db.session.execute(
            delete(ExhibitorTopic).where(ExhibitorTopic.exhibitor_id.in_([company.id for company in companies]))
        )
        if rows:
            db.session.execute(insert(ExhibitorTopic), rows)
        note_content_change(edition_id, now)
    return len({row["exhibitor_id"] for row in rows})


def tag_sessions(actor: Actor, edition_id: int, now: datetime, slug: str | None = None) -> int:
    """Tag every session, or one, with topics from track, title and text; return how many have at least one."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        query = (
            select(Session.id, Session.title, Session.subtitle, Session.abstract, Track.name)
            .outerjoin(Track, Track.id == Session.track_id)
            .where(Session.edition_id == edition_id)
        )
        sessions = db.session.execute(query if slug is None else query.where(Session.slug == slug)).all()
        rows = []
        for session_id, title, subtitle, abstract, track in sessions:
            certain = [*title.values(), *subtitle.values(), *(track or {}).values()]
            rows += [
                {"session_id": session_id, "topic": topic, "weight": weight}
                for topic, weight in _weigh(certain, abstract.values()).items()
            ]
        db.session.execute(
            delete(SessionTopic).where(SessionTopic.session_id.in_([session.id for session in sessions]))
        )
        if rows:
            db.session.execute(insert(SessionTopic), rows)
        note_content_change(edition_id, now)
    return len({row["session_id"] for row in rows})


def _weigh(certain: Iterable[str], mentioned: Iterable[str]) -> dict[str, float]:
    """Return the topics of a company or session with their weights."""
    weights = dict.fromkeys(sorted(match_topics(mentioned, topic_list())), MENTION_WEIGHT)
    weights.update(dict.fromkeys(sorted(match_topics(certain, topic_list())), 1.0))
    return weights
