"""Tagging companies and sessions with the topics of their categories, tracks and texts."""

from datetime import datetime

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.services import increment_content_version
from expo.exhibitors.models import Category, Exhibitor, ExhibitorCategory, ExhibitorTopic
from expo.exhibitors.queries import list_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.db import atomic, db
from expo.matchmaking.models import SessionTopic
from expo.matchmaking.rules import weigh_topics
from expo.program.models import Session, Track


def tag_exhibitors(actor: Actor, edition_id: int, now: datetime, slug: str | None = None) -> int:
    """Tag every company, or one, with topics from its categories and text; return how many have at least one.

    Topics that a company chose stay as they are.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    topics = list_topics(edition_id)
    with atomic():
        query = select(Exhibitor.id, Exhibitor.description).where(Exhibitor.edition_id == edition_id)
        companies = db.session.execute(query if slug is None else query.where(Exhibitor.slug == slug)).all()
        ids = [company.id for company in companies]
        categories: dict[int, list[str]] = {}
        for exhibitor_id, name in db.session.execute(
            select(ExhibitorCategory.exhibitor_id, Category.name)
            .join(Category, Category.id == ExhibitorCategory.category_id)
            .where(ExhibitorCategory.exhibitor_id.in_(ids))
        ):
            categories.setdefault(exhibitor_id, []).extend(name.values())
        db.session.execute(
            delete(ExhibitorTopic).where(ExhibitorTopic.exhibitor_id.in_(ids), ExhibitorTopic.is_chosen.is_(False))
        )
        chosen = {
            (exhibitor_id, topic)
            for exhibitor_id, topic in db.session.execute(
                select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.topic).where(
                    ExhibitorTopic.exhibitor_id.in_(ids), ExhibitorTopic.kind == TopicKind.OFFERS.value
                )
            )
        }
        rows = [
            {"exhibitor_id": exhibitor_id, "kind": TopicKind.OFFERS.value, "topic": topic, "weight": weight}
            for exhibitor_id, description in companies
            for topic, weight in weigh_topics(categories.get(exhibitor_id, []), description.values(), topics).items()
            if (exhibitor_id, topic) not in chosen
        ]
        if rows:
            db.session.execute(insert(ExhibitorTopic), rows)
        increment_content_version(edition_id, now)
    return len({row["exhibitor_id"] for row in rows} | {exhibitor_id for exhibitor_id, _ in chosen})


def tag_sessions(actor: Actor, edition_id: int, now: datetime, slug: str | None = None) -> int:
    """Tag every session, or one, with topics from track, title and text; return how many have at least one."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    topics = list_topics(edition_id)
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
                for topic, weight in weigh_topics(certain, abstract.values(), topics).items()
            ]
        db.session.execute(
            delete(SessionTopic).where(SessionTopic.session_id.in_([session.id for session in sessions]))
        )
        if rows:
            db.session.execute(insert(SessionTopic), rows)
        increment_content_version(edition_id, now)
    return len({row["session_id"] for row in rows})
