"""Recommendations of companies, people and sessions for one attendee, and of visitors for one company.

A list is computed while it is shown: that takes milliseconds against prepared candidates, so that every change of the
viewer's profile, every "not interested" and every block counts at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import ExhibitorRow, list_exhibitors_by_id, list_topics
from expo.infra.db import db
from expo.matchmaking.queries.candidates import Candidates, companies_of, people_of, read_exposure, sessions_of
from expo.matchmaking.queries.signals import list_dismissed_visitors, list_met_visitors, list_signals
from expo.matchmaking.rules import (
    PERSON_OF_SESSION,
    SETTLED,
    VISITOR_IN_RETURN,
    WEIGHTS,
    Floats,
    Marks,
    Model,
    Party,
    Reason,
    Side,
    Signal,
    TargetKind,
    TopicSpace,
    explain,
    explore,
    explored_share,
    learn_taste,
    luck,
    rank,
    score_pairs,
    with_topic,
)
from expo.meetings.queries import Exclusions, list_exclusions_of_attendee, list_exclusions_of_company
from expo.profiles.queries import ProfileRow, get_party_profile, list_people_by_id
from expo.profiles.rules import AS_EXHIBITOR, ProfileRequest, Viewer, viewer_of
from expo.program.queries import SessionRow, list_closed_session_ids, list_sessions_by_id
from expo.pure.topics import TopicList
from expo.registration.models import Attendee

MODELS = {
    TargetKind.EXHIBITOR: Model(*WEIGHTS[TargetKind.EXHIBITOR]),
    TargetKind.ATTENDEE: Model(*WEIGHTS[TargetKind.ATTENDEE]),
    TargetKind.SESSION: Model(PERSON_OF_SESSION),
}
# The same pairs, as companies look at visitors.
MODEL_OF_COMPANIES = Model(WEIGHTS[TargetKind.EXHIBITOR][1], VISITOR_IN_RETURN)
# More are chosen than shown, because some may have withdrawn since they were prepared.
SPARE = 12
# How near to what somebody chose before a candidate must be for that to be a reason.
SIMILAR = 0.5


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


@dataclass(frozen=True)
class PersonMatch:
    """A recommended person, as far as the viewer may see them, with their score (0 to 1) and reasons."""

    person: ProfileRow
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Viewpoint:
    """Who looks: what they state, what they did, the taste that it shows, topics to explain by, who is kept apart."""

    party: Party
    signals: tuple[Signal, ...]
    taste: Floats
    space: TopicSpace
    topics: TopicList
    exclusions: Exclusions

    def settled(self, kind: TargetKind) -> set[int]:
        """Return the targets that are no longer recommended."""
        return {each.target_id for each in self.signals if each.target_kind is kind and each.kind in SETTLED}


@dataclass(frozen=True)
class _Wanted:
    """How long a list is to be, and the day, on which those who state no topic take turns; None: without them."""

    limit: int
    day: int | None = None


def recommend_exhibitors(
    edition: EditionFacts, attendee_id: int, now: datetime, limit: int = 12, view: Viewpoint | None = None
) -> list[ExhibitorMatch]:
    """Return the companies that an attendee and they would both like to meet; none if nothing is known about either.

    `view` is the attendee's, if it was read before.
    """
    view = view or read_viewpoint(edition, attendee_id)
    companies, excluded = companies_of(edition), view.exclusions.exhibitor_ids
    found = _rank(edition, view, TargetKind.EXHIBITOR, companies, _wanted(edition, limit, now), excluded)
    rows = {row.id: row for row in list_exhibitors_by_id(edition.id, list(found))}
    return [
        ExhibitorMatch(rows[target], score, _reasons(view, companies.parties[target]))
        for target, score in found.items()
        if target in rows
    ][:limit]


def recommend_sessions(
    edition: EditionFacts, attendee_id: int, now: datetime, limit: int = 12, view: Viewpoint | None = None
) -> list[SessionMatch]:
    """Return the sessions that an attendee would like to see and can still attend; for `view` see above."""
    view = view or read_viewpoint(edition, attendee_id)
    closed = list_closed_session_ids(edition.id, now)
    found = _rank(edition, view, TargetKind.SESSION, sessions_of(edition), _Wanted(limit), closed)
    rows = {row.id: row for row in list_sessions_by_id(edition.id, list(found))}
    parties = sessions_of(edition).parties
    return [
        SessionMatch(rows[target], score, _reasons(view, parties[target]))
        for target, score in found.items()
        if target in rows
    ][:limit]


def recommend_people(
    edition: EditionFacts, attendee_id: int, now: datetime, limit: int = 12, view: Viewpoint | None = None
) -> list[PersonMatch]:
    """Return people who can be found by everyone and whom an attendee and they would both like to meet; see above."""
    view = view or read_viewpoint(edition, attendee_id)
    people = people_of(edition)
    excluded = {attendee_id} | view.exclusions.attendee_ids
    found = _rank(
        edition, view, TargetKind.ATTENDEE, people, _wanted(edition, limit, now), excluded, people.for_exhibitors
    )
    viewer = viewer_of(is_registered=True, is_exhibitor=False, attendee_ids=[attendee_id])
    return _person_matches(edition, view, found, viewer, limit)


def recommend_people_for_exhibitor(
    edition: EditionFacts, exhibitor_id: int, now: datetime, limit: int = 12
) -> list[PersonMatch]:
    """Return visitors who can be found by exhibitors and whom a company and they would both like to meet.

    Callers have checked that the viewer is on the company's team.
    """
    party = companies_of(edition).parties.get(exhibitor_id)
    if party is None:
        return []
    people = people_of(edition)
    space = people.side.space
    exclusions = list_exclusions_of_company(edition.id, exhibitor_id)
    view = Viewpoint(party, (), np.zeros(space.width, np.float32), space, list_topics(edition.id), exclusions)
    settled = (*list_dismissed_visitors(exhibitor_id), *list_met_visitors(exhibitor_id))
    excluded = _rows_of(people.side, exclusions.attendee_ids.union(settled))
    exposure = read_exposure(edition.id, TargetKind.ATTENDEE, people.side)
    viewer = Side([party], space)
    pairs = score_pairs(viewer, people.side, MODEL_OF_COMPANIES, 0, standing=exposure.standing)
    found = _best(pairs, viewer, people.side, exposure.prices, _wanted(edition, limit, now), excluded)
    return _person_matches(edition, view, found, AS_EXHIBITOR, limit)


def party_of(attendee_id: int, profile: ProfileRequest, language: str) -> Party:
    """Return an attendee as a party; without stated languages they speak the one of their registration."""
    return Party(
        attendee_id,
        offers=dict.fromkeys(profile.offers, 1.0),
        seeks=dict.fromkeys(profile.seeks, 1.0),
        industries=frozenset(profile.industries),
        regions=frozenset(profile.regions),
        languages=frozenset(profile.languages or [language.split("-", maxsplit=1)[0]]),
        purposes=frozenset(profile.purposes),
    )


def read_viewpoint(edition: EditionFacts, attendee_id: int) -> Viewpoint:
    """Return how an attendee looks at others: one reading is enough for lists of all kinds."""
    attendee = db.session.get(Attendee, attendee_id)
    language = attendee.language if attendee else ""
    party = party_of(attendee_id, get_party_profile(attendee_id), language)
    signals = list_signals(edition.id, attendee_id)
    space = companies_of(edition).side.space
    exclusions = list_exclusions_of_attendee(edition.id, attendee_id)
    return Viewpoint(party, tuple(signals), _taste(edition, signals), space, list_topics(edition.id), exclusions)


def _taste(edition: EditionFacts, signals: Sequence[Signal]) -> Floats:
    """Return the taste that signals show; only the candidates that they are about are read."""
    space = companies_of(edition).side.space
    sides = {TargetKind.EXHIBITOR: companies_of, TargetKind.SESSION: sessions_of, TargetKind.ATTENDEE: people_of}
    vectors: dict[tuple[TargetKind, int], Floats] = {}
    for kind in {signal.target_kind for signal in signals}:
        side = sides[kind](edition).side
        targets = sorted({each.target_id for each in signals if each.target_kind is kind} & side.row.keys())
        taken = side.offers.take(np.array([side.row[target] for target in targets], np.int64))
        vectors.update({(kind, target): taken[number] for number, target in enumerate(targets)})
    return learn_taste(signals, vectors, space.width)


def _rank(
    edition: EditionFacts,
    view: Viewpoint,
    kind: TargetKind,
    candidates: Candidates,
    wanted: _Wanted,
    excluded: Iterable[int] = (),
    excluded_rows: Sequence[int] = (),
) -> dict[int, float]:
    """Return the best candidates with their scores, best first; `excluded` names targets that are left out."""
    side = candidates.side
    left_out = [*excluded_rows, *_rows_of(side, view.settled(kind).union(excluded))]
    viewer = Side([view.party], side.space)
    exposure = read_exposure(edition.id, kind, side)
    pairs = score_pairs(viewer, side, MODELS[kind], 0, view.taste[None, :], exposure.standing)
    return _best(pairs, viewer, side, exposure.prices, wanted, left_out)


def _wanted(edition: EditionFacts, limit: int, now: datetime) -> _Wanted:
    return _Wanted(limit, now.astimezone(edition.zone).toordinal())


def _rows_of(side: Side, targets: Iterable[int]) -> list[int]:
    return [side.row[target] for target in targets if target in side.row]


def _best(
    pairs: tuple[Floats, Marks], viewer: Side, side: Side, prices: Floats, wanted: _Wanted, excluded: Sequence[int]
) -> dict[int, float]:
    """Return the scores of the candidates of one viewer in the order of the list; `excluded` has rows."""
    if not len(side):
        return {}
    scores, has_topic = pairs
    scores[:, list(excluded)] = -np.inf
    likely = with_topic(scores, has_topic)
    (ranked,) = rank(likely, side, wanted.limit, prices + luck(likely, viewer.ids, side.ids), spare=SPARE)
    rows = list(ranked.rows)
    if rows and wanted.day is not None:
        quiet = side.quiet
        share = explored_share(wanted.limit, len(quiet), len(side))
        (place,) = explore(scores[:, quiet], prices[quiet], viewer.ids, side.ids[quiet], wanted.day, share)
        rows[wanted.limit - 1 : wanted.limit - 1] = [int(quiet[place])] if place >= 0 else []
    return {int(side.ids[row]): float(scores[0, row]) for row in rows}


def _person_matches(
    edition: EditionFacts, view: Viewpoint, found: dict[int, float], viewer: Viewer, limit: int
) -> list[PersonMatch]:
    people = list_people_by_id(edition.id, list(found), viewer)
    return [
        PersonMatch(
            person,
            found[person.attendee_id],
            _reasons(view, party_of(person.attendee_id, person.profile, "")),
        )
        for person in people
    ][:limit]


def _reasons(view: Viewpoint, target: Party) -> tuple[Reason, ...]:
    offered = view.space.expand(target.offers)
    nearness = sum(value * float(view.taste[dimension]) for dimension, value in offered.items())
    return explain(view.party, target, view.topics, is_similar=nearness >= SIMILAR)
