"""Computes the prices that spread recommendations over all candidates; a job does it every hour."""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import EditionFacts
from expo.exhibitors.rules import TopicKind
from expo.infra.db import atomic, db
from expo.matchmaking.models import ExposurePrice
from expo.matchmaking.queries import MODELS, companies_of, people_of
from expo.matchmaking.rules import SLICE, Floats, Party, Side, TargetKind, balance, score_slice
from expo.profiles.models import AttendeeTopic
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# As many people as this tell the demand of all; candidates are balanced for lists of this length.
SAMPLE = 4096
SHOWN = 12


def balance_exposure(actor: Actor, edition: EditionFacts) -> None:
    """Replace the stored prices: how much popular companies and people yield to the others."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    viewers = _sample(edition)
    prices = {
        TargetKind.EXHIBITOR: (companies_of(edition).side, SAMPLE),
        # There may be twenty times as many people as companies, so fewer tell the demand.
        TargetKind.ATTENDEE: (people_of(edition).side, SLICE),
    }
    with atomic():
        db.session.execute(delete(ExposurePrice).where(ExposurePrice.edition_id == edition.id))
        rows = [
            {
                "edition_id": edition.id,
                "target_kind": kind.value,
                "target_id": int(side.ids[row]),
                "price": float(price),
            }
            for kind, (side, count) in prices.items()
            for row, price in enumerate(_price(viewers[:count], side, kind))
            if price > 0
        ]
        if rows:
            db.session.execute(insert(ExposurePrice), rows)


def _price(viewers: Sequence[Party], targets: Side, kind: TargetKind) -> Floats:
    if not viewers or not len(targets):
        return np.zeros(len(targets), np.float32)
    side = Side(viewers, targets.space)
    slices = -(-len(side) // SLICE)

    def scores(number: int) -> Floats:
        found = score_slice(side, targets, MODELS[kind], number * SLICE)
        if kind is TargetKind.ATTENDEE:
            for row, attendee_id in enumerate(side.ids[number * SLICE : number * SLICE + len(found)]):
                if int(attendee_id) in targets.row:
                    found[row, targets.row[int(attendee_id)]] = -np.inf
        return found

    return balance(scores, slices, len(targets), SHOWN)


def _sample(edition: EditionFacts) -> list[Party]:
    """Return people with topics, evenly chosen by their ids, so that the same people tell the same prices."""
    topics: dict[int, dict[str, dict[str, float]]] = {}
    for attendee_id, kind, topic in db.session.execute(
        select(AttendeeTopic.attendee_id, AttendeeTopic.kind, AttendeeTopic.topic)
        .join(Attendee, Attendee.id == AttendeeTopic.attendee_id)
        .where(Attendee.edition_id == edition.id, Attendee.state == AttendeeState.CONFIRMED.value)
        .order_by(AttendeeTopic.attendee_id)
    ):
        topics.setdefault(attendee_id, {}).setdefault(kind, {})[topic] = 1.0
    # Spread over the ids, but in a fixed order in which every beginning is spread as well.
    ids = sorted(topics, key=lambda attendee_id: (attendee_id * 2_654_435_761) % 2**32)[:SAMPLE]
    return [
        Party(
            attendee_id,
            offers=topics[attendee_id].get(TopicKind.OFFERS.value, {}),
            seeks=topics[attendee_id].get(TopicKind.SEEKS.value, {}),
        )
        for attendee_id in ids
    ]
