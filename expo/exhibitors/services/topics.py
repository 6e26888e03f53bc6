"""Acts on topics: what a company offers and seeks, and an edition's changes to the bundled topics."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Missing
from expo.exhibitors.models import EditionTopic, Exhibitor, ExhibitorTopic
from expo.exhibitors.queries import list_topics, require_member
from expo.exhibitors.rules import (
    MAX_CODE_LENGTH,
    TeamAction,
    TopicImport,
    TopicKind,
    TopicRequest,
    check_place,
    check_topic_request,
    check_topics,
)
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.slugs import make_slug
from expo.pure.topics import bundled_topics


def choose_company_topics(
    actor: Actor, edition_id: int, slug: str, offers: Iterable[str], seeks: Iterable[str], now: datetime
) -> None:
    """Replace what a company offers and seeks.

    Raises ExhibitorMissing, PermissionMissing, Invalid `topic_unknown` or `topics_too_many`.
    """
    company = require_member(actor, edition_id, slug, TeamAction.EDIT_PAGE)
    chosen = check_company_topics(edition_id, offers, seeks)
    with atomic():
        replace_company_topics(company.exhibitor_id, chosen)
        increment_content_version(edition_id, now)
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


def save_topic(actor: Actor, edition_id: int, request: TopicRequest, now: datetime) -> str:
    """Add a topic, or change one of the edition's, and return its code. Raises PermissionMissing, Invalid."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        lock(Edition, edition_id)
        code = _store_topic(edition_id, request)
        increment_content_version(edition_id, now)
        _record(actor, "exhibitors.save_topic", edition_id, now, topic=code)
        return code


def reset_topic(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Delete an added topic, or undo what the edition changed about a bundled one.

    Where an added topic was chosen it is no longer named. Raises PermissionMissing, Missing `topic_missing`,
    Conflict `topic_has_parts`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        row = _find_row(edition_id, code)
        if row is None:
            raise Missing("topic_missing")
        if code not in bundled_topics().codes:
            if any(topic.parent == code for topic in list_topics(edition_id).topics):
                raise Conflict("topic_has_parts")
            db.session.execute(delete(ExhibitorTopic).where(ExhibitorTopic.topic == code, _is_of(edition_id)))
        db.session.delete(row)
        increment_content_version(edition_id, now)
        _record(actor, "exhibitors.reset_topic", edition_id, now, topic=code)


def import_topics(actor: Actor, edition_id: int, wanted: TopicImport, now: datetime) -> int:
    """Add and change topics by their codes; others stay unchanged. Return how many were stored.

    Raises PermissionMissing, Invalid, Conflict `rows_refused`: all or none are imported.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if wanted.problems:
        raise Conflict("rows_refused", count=len(wanted.problems))
    with atomic():
        lock(Edition, edition_id)
        for request in wanted.requests:
            _store_topic(edition_id, request)
        increment_content_version(edition_id, now)
        _record(actor, "exhibitors.import_topics", edition_id, now, count=len(wanted.requests))
        return len(wanted.requests)


def _store_topic(edition_id: int, request: TopicRequest) -> str:
    wanted = check_topic_request(request)
    topics = list_topics(edition_id)
    code = wanted.code or make_slug(wanted.names.get("en") or wanted.names["zh"], set(topics.codes), MAX_CODE_LENGTH)
    code = code[:MAX_CODE_LENGTH]
    check_place(code, wanted.parent, topics)
    bundled = bundled_topics().by_code.get(code)
    row = _find_row(edition_id, code)
    if row is None:
        row = EditionTopic(edition_id=edition_id, code=code)
        db.session.add(row)
    # Of a bundled topic only what differs is stored, so that the rest follows the product.
    own_place = (bundled.parent or bundled.group) if bundled else ""
    row.parent = "" if wanted.parent == own_place else wanted.parent
    row.names = {
        language: name for language, name in wanted.names.items() if not bundled or bundled.names.get(language) != name
    }
    row.keywords = [word for word in wanted.keywords if not bundled or word not in bundled.keywords]
    row.is_hidden = wanted.is_hidden
    db.session.flush()
    return code


def _find_row(edition_id: int, code: str) -> EditionTopic | None:
    query = select(EditionTopic).where(EditionTopic.edition_id == edition_id, EditionTopic.code == code)
    return db.session.scalars(query).one_or_none()


def _is_of(edition_id: int) -> ColumnElement[bool]:
    return ExhibitorTopic.exhibitor_id.in_(select(Exhibitor.id).where(Exhibitor.edition_id == edition_id))


def _record(actor: Actor, action: str, edition_id: int, now: datetime, **details: str | int) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="edition", subject_id=edition_id, **details)
