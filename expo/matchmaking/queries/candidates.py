"""Who can be recommended, prepared once per version of an edition's content and kept in the process.

People who do not want to be found are not even prepared. Whether somebody who was prepared still wants it, and is
still registered, is asked again whenever a list is shown.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import func, select

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import Exhibitor, ExhibitorTopic
from expo.exhibitors.queries import is_listed, list_topics
from expo.exhibitors.rules import TopicKind
from expo.infra.db import db
from expo.matchmaking.models import ExposurePrice, SessionTopic
from expo.matchmaking.rules import Floats, Party, Side, TargetKind, TopicSpace
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import Visibility, regions_of_country
from expo.program.models import Session
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# How many prepared sets (by edition, kind and version) a process keeps.
KEPT = 6
# With more people than this, the prepared set of people is renewed at most every few minutes, not at every change.
MANY = 2000
RENEWED_EVERY_SECONDS = 300
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
    """How much each candidate yields to others, and how wanted it is; see rules/exposure.py and rules.popularity."""

    prices: Floats
    popular: Floats


def companies_of(edition: EditionFacts) -> Candidates:
    """Return the companies that visitors may see, with what they offer and seek."""
    return _prepared(edition, "companies", edition.content_version, lambda: _read_companies(edition.id))


def sessions_of(edition: EditionFacts) -> Candidates:
    """Return the sessions of the edition with their topics."""
    space = companies_of(edition).side.space
    return _prepared(edition, "sessions", edition.content_version, lambda: _read_sessions(edition.id, space))


def people_of(edition: EditionFacts) -> Candidates:
    """Return the registered people who agreed to be found, by everyone or by exhibitors."""
    space = companies_of(edition).side.space
    version = (edition.content_version, *_version_of_people(edition.id))
    return _prepared(edition, "people", version, lambda: _read_people(edition.id, space))


def read_exposure(edition_id: int, kind: TargetKind, side: Side) -> Exposure:
    """Return the prices and the popularity of all candidates of a side, as of the last hour."""
    prices, popular = np.zeros(len(side), np.float32), np.full(len(side), 0.5, np.float32)
    for target_id, price, wanted in db.session.execute(
        select(ExposurePrice.target_id, ExposurePrice.price, ExposurePrice.popularity).where(
            ExposurePrice.edition_id == edition_id, ExposurePrice.target_kind == kind.value
        )
    ):
        if target_id in side.row:
            prices[side.row[target_id]], popular[side.row[target_id]] = price, wanted
    return Exposure(prices, popular)


_kept: OrderedDict[Hashable, Candidates] = OrderedDict()
_mutex = threading.Lock()


def _prepared(edition: EditionFacts, kind: str, version: Hashable, read: Callable[[], Candidates]) -> Candidates:
    """Return a prepared set, rebuilt when its version changes. The pool tells databases of one address apart."""
    key = (db.engine.pool, edition.id, kind)
    with _mutex:
        found = _kept.get((*key, version))
        if found is not None:
            _kept.move_to_end((*key, version))
            return found
    made = read()
    with _mutex:
        for old in [each for each in _kept if isinstance(each, tuple) and each[: len(key)] == key]:
            del _kept[old]
        _kept[(*key, version)] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def _version_of_people(edition_id: int) -> tuple[int, datetime | int | None]:
    """Return what changes when somebody joins, leaves or changes a profile; rounded if there are many people."""
    count, latest = db.session.execute(
        select(func.count(), func.max(Profile.updated_at))
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(*_may_be_found(edition_id))
    ).one()
    if count > MANY and latest is not None:
        return count // (MANY // 10), int(latest.timestamp()) // RENEWED_EVERY_SECONDS
    return count, latest


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
            offers=by_kind.get(TopicKind.OFFERS.value, {}),
            seeks=by_kind.get(TopicKind.SEEKS.value, {}),
            regions=regions_of_country(countries[exhibitor_id]),
            purposes=PURPOSE_OF_COMPANIES,
        )
        for exhibitor_id, by_kind in sorted(topics.items())
    ]
    space = TopicSpace(list_topics(edition_id), [party.offers for party in parties])
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
