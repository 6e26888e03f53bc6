"""Computes the prices that spread recommendations over all candidates; a job does it every hour."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import TopicKind
from expo.infra.db import atomic, db
from expo.matchmaking.models import ExposurePrice
from expo.matchmaking.queries import (
    MODELS,
    companies_of,
    party_of,
    people_of,
    read_capacities,
    read_capacities_of_people,
    read_capacities_of_sessions,
    read_popularity,
    read_willingness,
    sessions_of,
)
from expo.matchmaking.rules import (
    FEW,
    NOTHING_KNOWN,
    Floats,
    Party,
    Reputation,
    Side,
    TargetKind,
    balance,
    best,
    choose_diverse,
    even_out,
    luck,
    score_pairs,
    slice_size,
    with_topic,
    worth,
)
from expo.profiles.models import AttendeeTopic, Profile
from expo.profiles.rules import ProfileRequest
from expo.program.queries import list_closed_session_ids
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# As many people as this tell the demand of all for companies and sessions, each of which is in many lists. Of people,
# each is in a few, so as many tell it as take a minute or so: all, up to 20,000.
SAMPLE, MOST_PAIRS = 4096, 20_000**2
# Candidates are balanced for lists of this length.
SHOWN = 9
# So many of them tell how even the draws are of those who state no topic.
EXPLORING = 512
# How wanted and how willing somebody is about whom nothing is known.
AVERAGE = 0.5


def balance_exposure(actor: Actor, edition: EditionFacts, now: datetime) -> None:
    """Replace what is stored about candidates: what others say about them, and how often they give way to others.

    Companies and people get a share of the recommendations in proportion to the meetings that they have time for,
    sessions in proportion to the people whom they have room for.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    viewers = _list_viewers(edition)
    # Once: they may be prepared again meanwhile, and their rows would be others.
    companies, found = companies_of(edition).side, people_of(edition)
    people = found.side
    ids = companies.ids.tolist()
    standing = Reputation(read_popularity(edition, ids), read_willingness(edition, TargetKind.EXHIBITOR, companies))
    capacities = read_capacities(edition, ids, now)
    prices = _price(viewers, companies, TargetKind.EXHIBITOR, standing, capacities)
    rows = _rows(edition.id, TargetKind.EXHIBITOR, companies, prices, standing)
    capacities = read_capacities_of_people(edition, people.ids.tolist(), now)
    standing = Reputation(willing=read_willingness(edition, TargetKind.ATTENDEE, people))
    prices = _price(viewers, people, TargetKind.ATTENDEE, standing, capacities, found.for_exhibitors)
    rows += _rows(edition.id, TargetKind.ATTENDEE, people, prices, standing)
    sessions = sessions_of(edition).side
    capacities = read_capacities_of_sessions(edition, sessions.ids.tolist())
    closed = [sessions.row[each] for each in list_closed_session_ids(edition.id, now) if each in sessions.row]
    prices = _price(viewers, sessions, TargetKind.SESSION, capacities=capacities, left_out=closed)
    rows += _rows(edition.id, TargetKind.SESSION, sessions, prices)
    with atomic():
        db.session.execute(delete(ExposurePrice).where(ExposurePrice.edition_id == edition.id))
        if rows:
            db.session.execute(insert(ExposurePrice), rows)


def _rows(
    edition_id: int, kind: TargetKind, side: Side, prices: Floats, standing: Reputation = NOTHING_KNOWN
) -> list[dict[str, Any]]:
    """Return the rows of those who are not like the average."""
    average = np.full(len(side), AVERAGE, np.float32)
    popular = average if standing.popular is None else standing.popular
    willing = average if standing.willing is None else standing.willing
    return [
        {
            "edition_id": edition_id,
            "target_kind": kind.value,
            "target_id": int(side.ids[row]),
            "price": float(prices[row]),
            "popularity": float(popular[row]),
            "willingness": float(willing[row]),
        }
        for row in range(len(side))
        if prices[row] or popular[row] != AVERAGE or willing[row] != AVERAGE
    ]


def _price(
    viewers: Sequence[Party],
    targets: Side,
    kind: TargetKind,
    standing: Reputation = NOTHING_KNOWN,
    capacities: Floats | None = None,
    left_out: Sequence[int] = (),
) -> Floats:
    """Return the prices of targets; `left_out` has the rows of those who are shown to no attendee."""
    if not viewers or not len(targets):
        return np.zeros(len(targets), np.float32)
    enough = max(SAMPLE, MOST_PAIRS // len(targets)) if kind is TargetKind.ATTENDEE else SAMPLE
    side, quiet = Side(viewers[:enough], targets.space), targets.quiet
    unstated: list[Floats] = []

    def values(start: int) -> Floats:
        scores, has_topic = score_pairs(side, targets, MODELS[kind], start, standing=standing)
        ids = side.ids[start : start + len(scores)]
        scores[:, list(left_out)] = -np.inf
        if kind is TargetKind.ATTENDEE:
            # Nobody is recommended to themselves.
            for row, attendee_id in enumerate(ids):
                if int(attendee_id) in targets.row:
                    scores[row, targets.row[int(attendee_id)]] = -np.inf
        if sum(len(each) for each in unstated) < EXPLORING:
            unstated.append(scores[:, quiet])
        scores = with_topic(scores, has_topic)
        return worth(scores) - luck(scores, ids, targets.ids)

    # How alike many are takes too long to find out in every round.
    choose = choose_diverse(targets, SHOWN) if len(targets) <= FEW else best(SHOWN)
    prices = balance((values(start) for start in range(0, len(side), slice_size(targets))), choose, capacities)
    prices[quiet] = even_out(np.concatenate(unstated), None if capacities is None else capacities[quiet])
    return prices


def _list_viewers(edition: EditionFacts) -> list[Party]:
    """Return people with topics in an order of which every beginning is spread evenly over the ids."""
    is_confirmed = (Attendee.edition_id == edition.id, Attendee.state == AttendeeState.CONFIRMED.value)
    topics: dict[int, dict[str, list[str]]] = {}
    for attendee_id, kind, topic in db.session.execute(
        select(AttendeeTopic.attendee_id, AttendeeTopic.kind, AttendeeTopic.topic)
        .join(Attendee, Attendee.id == AttendeeTopic.attendee_id)
        .where(*is_confirmed)
        .order_by(AttendeeTopic.attendee_id, AttendeeTopic.topic)
    ):
        topics.setdefault(attendee_id, {}).setdefault(kind, []).append(topic)
    rows = db.session.execute(
        select(Attendee.id, Attendee.language, Profile.industries, Profile.regions, Profile.languages, Profile.purposes)
        .outerjoin(Profile, Profile.attendee_id == Attendee.id)
        .where(*is_confirmed)
    )
    viewers = [
        party_of(
            attendee_id,
            ProfileRequest(
                offers=tuple(topics[attendee_id].get(TopicKind.OFFERS.value, ())),
                seeks=tuple(topics[attendee_id].get(TopicKind.SEEKS.value, ())),
                industries=tuple(industries or ()),
                regions=tuple(regions or ()),
                languages=tuple(languages or ()),
                purposes=tuple(purposes or ()),
            ),
            language,
        )
        for attendee_id, language, industries, regions, languages, purposes in rows
        if attendee_id in topics
    ]
    return sorted(viewers, key=lambda party: (party.id * 2_654_435_761) % 2**32)
