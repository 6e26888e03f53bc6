"""Reads of matchmaking: interests and recommendations."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import ExhibitorRow, is_listed, list_exhibitors_by_id
from expo.infra.db import db
from expo.matchmaking.models import AttendeeTopic, ExhibitorTopic, SessionTopic
from expo.matchmaking.rules import topic_groups
from expo.program.models import Session
from expo.program.queries import SessionRow, list_sessions_by_id
from expo.pure.matching import Candidates, Reason

# Number of prepared candidate sets (by edition and version) cached in a process.
KEPT = 6


@dataclass(frozen=True)
class ExhibitorMatch:
    """A recommended company with its score (0 to 1) and reasons."""

    exhibitor: ExhibitorRow
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class SessionMatch:
    """A recommended session with its score (0 to 1) and reasons."""

    session: SessionRow
    score: float
    reasons: tuple[Reason, ...]


def list_interests(attendee_id: int) -> list[str]:
    """Return the topics that an attendee chose."""
    query = select(AttendeeTopic.topic).where(AttendeeTopic.attendee_id == attendee_id).order_by(AttendeeTopic.topic)
    return list(db.session.scalars(query))


def recommend_exhibitors(edition: EditionFacts, attendee_id: int, limit: int = 12) -> list[ExhibitorMatch]:
    """Return the companies that best match an attendee's interests; none if no interests are chosen."""
    chosen = list_interests(attendee_id)
    matches = _candidates(edition, "exhibitors", _exhibitor_topics).rank(chosen, limit) if chosen else []
    rows = {row.id: row for row in list_exhibitors_by_id(edition.id, [match.candidate for match in matches])}
    return [
        ExhibitorMatch(rows[match.candidate], match.score, match.reasons)
        for match in matches
        if match.candidate in rows
    ]


def recommend_sessions(edition: EditionFacts, attendee_id: int, limit: int = 12) -> list[SessionMatch]:
    """Return the sessions that best match an attendee's interests; none if no interests are chosen."""
    chosen = list_interests(attendee_id)
    matches = _candidates(edition, "sessions", _session_topics).rank(chosen, limit) if chosen else []
    rows = {row.id: row for row in list_sessions_by_id(edition.id, [match.candidate for match in matches])}
    return [
        SessionMatch(rows[match.candidate], match.score, match.reasons) for match in matches if match.candidate in rows
    ]


Topics = dict[int, dict[str, float]]

_prepared: OrderedDict[tuple[str, int, int, str], Candidates] = OrderedDict()
_mutex = threading.Lock()


def _candidates(edition: EditionFacts, kind: str, read: Callable[[int], Topics]) -> Candidates:
    """Return the prepared candidates of an edition, rebuilt when its content changes."""
    key = (str(db.engine.url), edition.id, edition.content_version, kind)
    with _mutex:
        kept = _prepared.get(key)
        if kept is not None:
            _prepared.move_to_end(key)
            return kept
    made = Candidates(read(edition.id), topic_groups())
    with _mutex:
        _prepared[key] = made
        while len(_prepared) > KEPT:
            _prepared.popitem(last=False)
    return made


def _exhibitor_topics(edition_id: int) -> Topics:
    rows = db.session.execute(
        select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.topic, ExhibitorTopic.weight)
        .join(Exhibitor, Exhibitor.id == ExhibitorTopic.exhibitor_id)
        .where(is_listed(edition_id))
    )
    return _grouped([(exhibitor_id, topic, weight) for exhibitor_id, topic, weight in rows])


def _session_topics(edition_id: int) -> Topics:
    rows = db.session.execute(
        select(SessionTopic.session_id, SessionTopic.topic, SessionTopic.weight)
        .join(Session, Session.id == SessionTopic.session_id)
        .where(Session.edition_id == edition_id)
    )
    return _grouped([(session_id, topic, weight) for session_id, topic, weight in rows])


def _grouped(rows: list[tuple[int, str, float]]) -> Topics:
    found: Topics = {}
    for candidate, topic, weight in rows:
        found.setdefault(candidate, {})[topic] = weight
    return found
