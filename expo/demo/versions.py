"""The demo's published timetable: a first version, and a second one with changes of every kind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import delete, select

from expo.accounts.rules import Actor
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import Placement, Session, SessionSpeaker, Speaker
from expo.program.rules import SessionState
from expo.program.services import cancel_session, publish_timetable

# How long before the demo's moment the versions were published, and what they are called.
FIRST, FIRST_LABEL = timedelta(days=21), "First programme · 首版日程"
SECOND, SECOND_LABEL = timedelta(days=3), "New sessions, rooms and speakers · 新增会议，会场与嘉宾调整"
# How many sessions of the second version are elsewhere, new, cancelled, or have another speaker.
MOVED, ADDED, CANCELLED, RECAST = 12, 6, 2, 3
_PLACE = ("room_id", "starts_at", "ends_at")


@dataclass(frozen=True)
class _Differences:
    """The sessions that differ between the versions; those of a pair exchange their places."""

    pairs: list[tuple[Session, Session]]
    added: list[Session]
    cancelled: list[Session]
    recast: list[Session]


def publish_versions(edition: EditionFacts, organizer: Actor, now: datetime, rng: Random) -> None:
    """Publish the placed sessions in two versions; the second is the current programme."""
    chosen = _choose(edition, rng)
    casts = [_give_other_speaker(each, edition, rng) for each in chosen.recast]
    _exchange_places(chosen.pairs, is_published=True)
    places = [_hold_back(each) for each in chosen.added]
    db.session.flush()
    publish_timetable(organizer, edition.id, FIRST_LABEL, now - FIRST)
    _exchange_places(chosen.pairs, is_published=False)
    db.session.flush()
    insert_all(Placement, places)
    for session, cast in zip(chosen.recast, casts, strict=True):
        db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id == session.id))
        insert_all(SessionSpeaker, cast)
    for session in chosen.cancelled:
        cancel_session(organizer, edition.id, session.slug, None, now - SECOND)
    publish_timetable(organizer, edition.id, SECOND_LABEL, now - SECOND)


def _choose(edition: EditionFacts, rng: Random) -> _Differences:
    """Choose different sessions for each kind of difference; fewer if the programme is small."""
    sessions = db.session.scalars(
        select(Session)
        .join(Placement, Placement.session_id == Session.id)
        .where(
            Session.edition_id == edition.id,
            Session.state == SessionState.PUBLISHED,
            Session.kind.not_in(("ceremony", "keynote")),
            Session.room_id.is_not(None),
            Session.seat_limit.is_(None),
        )
        .order_by(Session.id)
    ).all()
    pool = rng.sample(list(sessions), len(sessions))
    last_day = [each for each in pool if each.day == edition.ends_on]
    cancelled = last_day[:CANCELLED]
    pool = [each for each in pool if each not in cancelled]
    added, recast, rest = pool[:ADDED], pool[ADDED : ADDED + RECAST], pool[ADDED + RECAST :]
    return _Differences(_find_pairs(rest), added, cancelled, recast)


def _find_pairs(sessions: list[Session]) -> list[tuple[Session, Session]]:
    """Return pairs that can exchange their places: of the same day and duration."""
    waiting: dict[Any, Session] = {}
    pairs: list[tuple[Session, Session]] = []
    for each in sessions:
        key = (each.day, each.ends_at - each.starts_at if each.ends_at and each.starts_at else None)
        other = waiting.pop(key, None)
        if other is None:
            waiting[key] = each
        elif (other.room_id, other.starts_at) != (each.room_id, each.starts_at):
            pairs.append((other, each))
        if len(pairs) == MOVED // 2:
            break
    return pairs


def _exchange_places(pairs: list[tuple[Session, Session]], *, is_published: bool) -> None:
    """Exchange the places of each pair in the draft, and what is published too."""
    for pair in pairs:
        _exchange(*(db.session.get_one(Placement, each.id) for each in pair))
        if is_published:
            _exchange(*pair)


def _exchange(one: Any, other: Any) -> None:
    for name in _PLACE:
        value, former = getattr(one, name), getattr(other, name)
        setattr(one, name, former)
        setattr(other, name, value)


def _hold_back(session: Session) -> dict[str, Any]:
    """Make a session a draft without a place, and return the place that it will have."""
    session.state = SessionState.DRAFT
    placement = db.session.get_one(Placement, session.id)
    place = {name: getattr(placement, name) for name in ("session_id", "edition_id", *_PLACE)}
    db.session.delete(placement)
    return place


def _give_other_speaker(session: Session, edition: EditionFacts, rng: Random) -> list[dict[str, Any]]:
    """Let somebody else speak instead of the first speaker, and return the speakers as they were."""
    rows = list(
        db.session.scalars(
            select(SessionSpeaker).where(SessionSpeaker.session_id == session.id).order_by(SessionSpeaker.position)
        )
    )
    names = SessionSpeaker.__table__.c.keys()
    cast = [{name: getattr(row, name) for name in names} for row in rows]
    known = {row.speaker_id for row in rows}
    query = select(Speaker.id).where(Speaker.edition_id == edition.id, Speaker.is_public).order_by(Speaker.id)
    others = [each for each in db.session.scalars(query) if each not in known]
    if rows and others:
        db.session.delete(rows[0])
        db.session.flush()
        db.session.add(SessionSpeaker(**{**cast[0], "speaker_id": rng.choice(others)}))
        db.session.flush()
    return cast
