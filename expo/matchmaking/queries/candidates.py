"""Who can be recommended, prepared once per version of an edition's content and kept in the process.

People who do not want to be found are not even prepared. Whether somebody who was prepared still wants it, and is
still registered, is asked again whenever a list is shown.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, ExhibitorTopic
from expo.exhibitors.queries import is_listed, list_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.background import run_in_background
from expo.infra.db import db
from expo.matchmaking.models import ExposurePrice, SessionTopic
from expo.matchmaking.rules import Floats, Party, Reputation, Side, TargetKind, TopicSpace
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import Visibility, regions_of_country
from expo.program.models import Session
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# How many prepared sets (by edition and kind) a process keeps.
KEPT = 6
# With more people than this, the prepared set of people is renewed at most every few minutes, not at every change, and
# while those of before are shown.
MANY = 2000
RENEWED_EVERY_SECONDS = 300
# With so many, whether they changed, and the prices of the last hour, are asked for at most so often.
ASKED_EVERY_SECONDS = 20
# What a company is for, unless it says more.
PURPOSE_OF_COMPANIES = frozenset({"sell", "partner"})


@dataclass(frozen=True)
class Candidates:
    """Everybody of a kind who can be recommended; `parties` is empty for people, who are read when they are shown."""

    side: Side
    parties: dict[int, Party]
    # Rows of people whom only exhibitors may see.
    for_exhibitors: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exposure:
    """How much each candidate yields to others (see rules/exposure.py), and what all others tell about it."""

    prices: Floats
    standing: Reputation


def companies_of(edition: EditionFacts) -> Candidates:
    """Return the companies that visitors may see, with what they offer and seek."""
    return _prepared(edition, "companies", edition.content_version, lambda: _read_companies(edition.id))


def sessions_of(edition: EditionFacts) -> Candidates:
    """Return the sessions of the edition with their topics."""
    space = companies_of(edition).side.space
    return _prepared(edition, "sessions", edition.content_version, lambda: _read_sessions(edition.id, space))


def people_of(edition: EditionFacts) -> Candidates:
    """Return the registered people who agreed to be found, by everyone or by exhibitors.

    With many, those of before are returned while a thread prepares them again, as long as they have the same topics.
    """
    space = companies_of(edition).side.space
    are_many, version = _version_of_people(edition.id)
    version = (version, space.names if are_many else edition.content_version)

    def read() -> Candidates:
        return _read_people(edition.id, space)

    known = _find_prepared(edition, "people")
    if not are_many or known is None or known[1].side.space.names != space.names:
        return _prepared(edition, "people", version, read)
    if known[0] != version:
        key = _key(edition, "people")
        run_in_background(key, lambda: _store(key, (version, read())))
    return known[1]


def read_exposure(edition_id: int, kind: TargetKind, side: Side) -> Exposure:
    """Return the prices, the popularity and the willingness of all candidates of a side, as of the last hour."""
    if len(side) <= MANY:
        return _read_exposure(edition_id, kind, side)
    key = (db.engine.pool, edition_id, kind)
    known: tuple[Side, Exposure] | None = _recall(key)
    if known is None or known[0] is not side:
        known = side, _read_exposure(edition_id, kind, side)
        _remember(key, known)
    return known[1]


def _read_exposure(edition_id: int, kind: TargetKind, side: Side) -> Exposure:
    prices = np.zeros(len(side), np.float32)
    popular, willing = np.full(len(side), 0.5, np.float32), np.full(len(side), 0.5, np.float32)
    for target_id, price, wanted, accepts in db.session.execute(
        select(ExposurePrice.target_id, ExposurePrice.price, ExposurePrice.popularity, ExposurePrice.willingness).where(
            ExposurePrice.edition_id == edition_id, ExposurePrice.target_kind == kind.value
        )
    ):
        row = side.row.get(target_id)
        if row is not None:
            prices[row], popular[row], willing[row] = price, wanted, accepts
    return Exposure(prices, Reputation(popular, willing))


# Prepared sets with their versions, by what names them.
_kept: OrderedDict[Hashable, tuple[Hashable, Candidates]] = OrderedDict()
# What was read a moment ago, with the time until which it is good enough.
_recent: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
_mutex = threading.Lock()


def _recall(key: Hashable) -> Any | None:
    """Return what was remembered, or None if that is too long ago."""
    with _mutex:
        until, value = _recent.get(key, (0.0, None))
    return value if time.monotonic() < until else None


def _remember(key: Hashable, value: Any) -> None:
    with _mutex:
        _recent[key] = (time.monotonic() + ASKED_EVERY_SECONDS, value)
        _recent.move_to_end(key)
        while len(_recent) > KEPT:
            _recent.popitem(last=False)


def _prepared(edition: EditionFacts, kind: str, version: Hashable, read: Callable[[], Candidates]) -> Candidates:
    """Return a prepared set, made again when its version changes."""
    known = _find_prepared(edition, kind)
    if known is None or known[0] != version:
        known = version, read()
        _store(_key(edition, kind), known)
    return known[1]


def _key(edition: EditionFacts, kind: str) -> Hashable:
    """Return what names a set. The pool tells databases of one address apart."""
    return db.engine.pool, edition.id, kind


def _find_prepared(edition: EditionFacts, kind: str) -> tuple[Hashable, Candidates] | None:
    """Return the prepared set of whatever version, with its version."""
    key = _key(edition, kind)
    with _mutex:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _store(key: Hashable, prepared: tuple[Hashable, Candidates]) -> None:
    with _mutex:
        _kept[key] = prepared
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _version_of_people(edition_id: int) -> tuple[bool, Hashable]:
    """Return whether there are many people, and what changes when somebody joins, leaves or changes a profile.

    With many it is rounded.
    """
    key = (db.engine.pool, edition_id)
    known: tuple[bool, Hashable] | None = _recall(key)
    if known is not None:
        return known
    count, latest = db.session.execute(
        select(func.count(), func.max(Profile.updated_at))
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(*_may_be_found(edition_id))
    ).one()
    if count <= MANY or latest is None:
        return False, (count, latest)
    rounded = True, (count // (MANY // 10), int(latest.timestamp()) // RENEWED_EVERY_SECONDS)
    _remember(key, rounded)
    return rounded


def _read_companies(edition_id: int) -> Candidates:
    topics: dict[int, dict[str, dict[str, float]]] = {}
    countries = {  # noqa: C416 - a row is not a pair to mypy
        exhibitor_id: country
        for exhibitor_id, country in db.session.execute(
            select(Exhibitor.id, Exhibitor.country).where(is_listed(edition_id))
        )
    }
    for exhibitor_id, kind, topic, weight in db.session.execute(
        select(ExhibitorTopic.exhibitor_id, ExhibitorTopic.kind, ExhibitorTopic.topic, ExhibitorTopic.weight)
        .join(Exhibitor, Exhibitor.id == ExhibitorTopic.exhibitor_id)
        .where(is_listed(edition_id))
    ):
        topics.setdefault(exhibitor_id, {}).setdefault(kind, {})[topic] = weight
    parties = [
        Party(
            exhibitor_id,
            offers=topics.get(exhibitor_id, {}).get(TopicKind.OFFERS.value, {}),
            seeks=topics.get(exhibitor_id, {}).get(TopicKind.SEEKS.value, {}),
            regions=regions_of_country(country),
            purposes=PURPOSE_OF_COMPANIES,
        )
        for exhibitor_id, country in sorted(countries.items())
    ]
    space = TopicSpace(list_topics(edition_id), [party.offers for party in parties if party.id in topics])
    return Candidates(Side(parties, space), {party.id: party for party in parties})


def _read_sessions(edition_id: int, space: TopicSpace) -> Candidates:
    topics: dict[int, dict[str, float]] = {}
    for session_id, topic, weight in db.session.execute(
        select(SessionTopic.session_id, SessionTopic.topic, SessionTopic.weight)
        .join(Session, Session.id == SessionTopic.session_id)
        .where(Session.edition_id == edition_id)
    ):
        topics.setdefault(session_id, {})[topic] = weight
    parties = [Party(session_id, offers=offers) for session_id, offers in sorted(topics.items())]
    return Candidates(Side(parties, space), {party.id: party for party in parties})


def _may_be_found(edition_id: int) -> tuple[Any, ...]:
    return (
        Profile.edition_id == edition_id,
        Profile.visibility.in_([Visibility.EXHIBITORS.value, Visibility.EVERYONE.value]),
        Attendee.state == AttendeeState.CONFIRMED.value,
    )


def _read_people(edition_id: int, space: TopicSpace) -> Candidates:
    topics: dict[int, dict[str, dict[str, float]]] = {}
    for attendee_id, kind, topic in db.session.execute(
        select(AttendeeTopic.attendee_id, AttendeeTopic.kind, AttendeeTopic.topic)
        .join(Profile, Profile.attendee_id == AttendeeTopic.attendee_id)
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(*_may_be_found(edition_id))
    ):
        topics.setdefault(attendee_id, {}).setdefault(kind, {})[topic] = 1.0
    rows = db.session.execute(
        select(
            Profile.attendee_id,
            Profile.visibility,
            Profile.industries,
            Profile.regions,
            Profile.languages,
            Profile.purposes,
        )
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(*_may_be_found(edition_id))
        .order_by(Profile.attendee_id)
    ).all()
    side = Side(list(_parties(rows, topics)), space)
    hidden = [number for number, row in enumerate(rows) if row.visibility != Visibility.EVERYONE.value]
    return Candidates(side, {}, tuple(hidden))


def _parties(rows: Iterable[Any], topics: dict[int, dict[str, dict[str, float]]]) -> Iterable[Party]:
    for attendee_id, _visibility, industries, regions, languages, purposes in rows:
        by_kind = topics.get(attendee_id, {})
        yield Party(
            attendee_id,
            offers=by_kind.get(TopicKind.OFFERS.value, {}),
            seeks=by_kind.get(TopicKind.SEEKS.value, {}),
            industries=frozenset(industries),
            regions=frozenset(regions),
            languages=frozenset(languages),
            purposes=frozenset(purposes),
        )
