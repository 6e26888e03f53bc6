"""Acts on topics: what a company offers and seeks, and an edition's changes to the bundled topics."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert

from expo.accounts.rules import Actor
from expo.editions.services import note_content_change
from expo.exhibitors.models import ExhibitorTopic
from expo.exhibitors.queries import list_topics, require_member
from expo.exhibitors.rules import TeamAct, TopicKind, check_topics
from expo.infra.audit import record_act
from expo.infra.db import atomic, db


def choose_company_topics(
    actor: Actor, edition_id: int, slug: str, offers: Iterable[str], seeks: Iterable[str], now: datetime
) -> None:
    """Replace what a company offers and seeks.

    Raises ExhibitorMissing, PermissionMissing, Invalid `topic_unknown` or `topics_too_many`.
    """
    company = require_member(actor, edition_id, slug, TeamAct.EDIT_PAGE)
    chosen = check_company_topics(edition_id, offers, seeks)
    with atomic():
        replace_company_topics(company.exhibitor_id, chosen)
        note_content_change(edition_id, now)
        record_act(
            actor,
            "exhibitors.choose_topics",
            now,
            edition_id=edition_id,
            subject="exhibitor",
            subject_id=company.exhibitor_id,
            **{kind.value: list(codes) for kind, codes in chosen.items()},
        )


def check_company_topics(
    edition_id: int, offers: Iterable[str], seeks: Iterable[str]
) -> dict[TopicKind, tuple[str, ...]]:
    """Return the distinct topics that a company chose. Raises Invalid `topic_unknown` or `topics_too_many`."""
    topics = list_topics(edition_id)
    return {
        TopicKind.OFFERS: check_topics(offers, topics, "offers"),
        TopicKind.SEEKS: check_topics(seeks, topics, "seeks"),
    }


def replace_company_topics(exhibitor_id: int, chosen: Mapping[TopicKind, Sequence[str]]) -> None:
    """Replace what a company chose within the open transaction; what was found in its texts stays."""
    db.session.execute(
        delete(ExhibitorTopic).where(
            ExhibitorTopic.exhibitor_id == exhibitor_id,
            # A topic that was found in the texts gives way to the same topic chosen by the company.
            ExhibitorTopic.is_chosen | ExhibitorTopic.topic.in_(chosen[TopicKind.OFFERS]),
        )
    )
    rows = [
        {"exhibitor_id": exhibitor_id, "kind": kind.value, "topic": code, "weight": 1.0, "is_chosen": True}
        for kind, codes in chosen.items()
        for code in codes
    ]
    if rows:
        db.session.execute(insert(ExhibitorTopic), rows)
