"""Reads of topics: those of an edition, and what companies offer and seek."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from expo.exhibitors.models import EditionTopic, ExhibitorTopic
from expo.exhibitors.rules import TopicChange, TopicKind, apply_changes
from expo.infra.db import db
from expo.pure.topics import TopicList


@dataclass(frozen=True)
class CompanyTopics:
    """The codes of what a company chose to offer and to seek, and of what was found in its categories and texts."""

    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def list_topics(edition_id: int) -> TopicList:
    """Return the topics of an edition: the bundled ones with its changes."""
    return apply_changes(tuple(list_topic_changes(edition_id)))


def list_topic_changes(edition_id: int) -> list[TopicChange]:
    """Return what an edition changes about the bundled topics."""
    rows = db.session.execute(
        select(
            EditionTopic.code, EditionTopic.parent, EditionTopic.names, EditionTopic.keywords, EditionTopic.is_hidden
        )
        .where(EditionTopic.edition_id == edition_id)
        .order_by(EditionTopic.id)
    )
    return [
        TopicChange(code, parent, tuple(sorted(names.items())), tuple(keywords), is_hidden)
        for code, parent, names, keywords, is_hidden in rows
    ]


def list_company_topics(exhibitor_ids: Sequence[int]) -> dict[int, CompanyTopics]:
    """Return the topics of companies, in the order in which the topics are listed; companies without any are left out.

    Callers have checked that the companies may be seen.
    """
    found: dict[int, dict[str, list[str]]] = {}
    for exhibitor_id, kind, topic, is_chosen in db.session.execute(
        select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.kind, ExhibitorTopic.topic, ExhibitorTopic.is_chosen)
        .where(ExhibitorTopic.exhibitor_id.in_(exhibitor_ids))
        .order_by(ExhibitorTopic.exhibitor_id, ExhibitorTopic.weight.desc(), ExhibitorTopic.topic)
    ):
        found.setdefault(exhibitor_id, {}).setdefault(kind if is_chosen else "found", []).append(topic)
    return {
        exhibitor_id: CompanyTopics(
            tuple(by_kind.get(TopicKind.OFFERS.value, ())),
            tuple(by_kind.get(TopicKind.SEEKS.value, ())),
            tuple(by_kind.get("found", ())),
        )
        for exhibitor_id, by_kind in found.items()
    }
