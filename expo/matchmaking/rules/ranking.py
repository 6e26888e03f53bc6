"""The best candidates of many people at once: how likely both say yes less prices, made diverse. Pure.

Diversity is maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based reranking", 1998).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.exposure import Choose, worth
from expo.matchmaking.rules.scores import (
    NOTHING_KNOWN,
    Fusion,
    Reputation,
    Weights,
    fuse,
    has_evidence,
    pair_features,
    preference,
    reverse_features,
)
from expo.matchmaking.rules.vectors import Floats, Integers, Side

Marks = npt.NDArray[np.bool_]
# How many people, and how many pairs, are scored at once at most, so that memory stays modest.
SLICE, PAIRS = 1024, 2**20
# The share of what a candidate is worth in the ranking; the rest is difference from the candidates ranked above.
FIT_SHARE = 0.92
# The number of best candidates that are made diverse; the rest are ranked by score.
REORDERED = 40
# Up to this many candidates the similarities of all pairs are computed once.
FEW = 2000
FUSION = Fusion.GEOMETRIC


@dataclass(frozen=True)
class Model:
    """How to score: the wishes of viewers and targets, and how they are fused. One-sided without `theirs`."""

    ours: Weights
    theirs: Weights | None = None
    fusion: Fusion = FUSION


@dataclass(frozen=True)
class Ranked:
    """The ranked candidates of one person: rows of the targets' side, and their scores from 0 to 1."""

    rows: tuple[int, ...]
    scores: tuple[float, ...]


def slice_size(targets: Side) -> int:
    """Return how many people are scored at once."""
    return min(SLICE, max(1, PAIRS // max(len(targets), 1)))


def score_slices(
    viewers: Side, targets: Side, model: Model, tastes: Floats | None = None, standing: Reputation = NOTHING_KNOWN
) -> Iterator[Floats]:
    """Yield the scores of slices of viewers against all targets, negative infinity where no topic speaks for a pair."""
    for start in range(0, len(viewers), slice_size(targets)):
        yield with_topic(*score_pairs(viewers, targets, model, start, tastes, standing))


def with_topic(scores: Floats, has_topic: Marks) -> Floats:
    """Return the scores of the pairs for which a topic speaks, negative infinity for the others."""
    return np.where(has_topic, scores, np.float32(-np.inf))


def score_pairs(
    viewers: Side,
    targets: Side,
    model: Model,
    start: int,
    tastes: Floats | None = None,
    standing: Reputation = NOTHING_KNOWN,
) -> tuple[Floats, Marks]:
    """Return the scores of one slice of viewers, and for which pairs a topic speaks."""
    stop = min(start + slice_size(targets), len(viewers))
    liked = np.zeros((stop - start, viewers.space.width), np.float32) if tastes is None else tastes[start:stop]
    features = pair_features(viewers, targets, liked, start, standing.popular)
    score = preference(features, model.ours)
    if model.theirs is not None:
        turned = reverse_features(features, viewers, targets, start, standing.willing)
        score = fuse(score, preference(turned, model.theirs), model.fusion)
    return score, has_evidence(features)


def rank(
    scores: Floats,
    targets: Side,
    limit: int,
    prices: Floats | None = None,
    excluded: Sequence[int] = (),
    spare: int = 0,
) -> list[Ranked]:
    """Return the best targets of each person of a slice, best first; `excluded` has the rows that nobody may get.

    Prices, one per target or per pair, only decide who is in the list: there, the best is first. After it come
    `spare` targets that can stand in for others.
    """
    values = worth(scores)
    if excluded:
        values[:, list(excluded)] = -np.inf
    chosen = choose_diverse(targets, limit + spare)(values, values if prices is None else values - prices, None)
    listed = np.zeros(values.shape, np.bool_)
    people, places = np.nonzero(chosen[:, :limit] >= 0)
    listed[people, chosen[people, places]] = True
    first = choose_diverse(targets, limit)(values, np.where(listed, values, -np.inf).astype(np.float32), None)
    chosen[:, : first.shape[1]] = first
    return [_ranked(row, scores[person]) for person, row in enumerate(chosen)]


def choose_diverse(targets: Side, limit: int) -> Choose:
    """Return a choice of those who are worth the most and are not all alike."""

    def choose(values: Floats, priced: Floats, rows: Integers | None) -> Integers:
        pool = min(max(limit, REORDERED), priced.shape[1])
        if not pool or not limit:
            return np.zeros((len(priced), 0), np.int64)
        best = np.argpartition(-priced, pool - 1, axis=1)[:, :pool]
        # Sorted by row first, so that equal scores keep one order.
        best.sort(axis=1)
        found = np.take_along_axis(priced, best, axis=1)
        order = np.argsort(-found, axis=1, kind="stable")
        best, found = np.take_along_axis(best, order, axis=1), np.take_along_axis(found, order, axis=1)
        top = values.max(axis=1, keepdims=True)
        fit = (found / np.where(top > 0, top, 1)).astype(np.float32)
        candidates = best if rows is None else np.take_along_axis(rows, best, axis=1)
        chosen = _diversify(candidates, fit, targets, min(limit, pool))
        return np.where(chosen >= 0, np.take_along_axis(best, np.maximum(chosen, 0), axis=1), -1)

    return choose


def _ranked(chosen: Integers, scores: Floats) -> Ranked:
    rows = [int(row) for row in chosen if row >= 0]
    return Ranked(tuple(rows), tuple(float(scores[row]) for row in rows))


def _diversify(best: Integers, fit: Floats, targets: Side, limit: int) -> Integers:
    """Return for each person the positions in `best` in their final order, -1 where there are fewer."""
    people, pool = best.shape
    similarity = _similarity(best, targets)
    likeness = np.zeros((people, pool), np.float32)
    chosen = np.full((people, limit), -1, np.int64)
    everyone = np.arange(people)
    for turn in range(limit):
        value = FIT_SHARE * fit - (1 - FIT_SHARE) * likeness
        pick = np.argmax(value, axis=1)
        is_left = np.isfinite(value[everyone, pick])
        chosen[is_left, turn] = pick[is_left]
        fit[everyone, pick] = -np.inf
        np.maximum(likeness, similarity(pick), out=likeness)
    return chosen


def _similarity(best: Integers, targets: Side) -> Callable[[Integers], Floats]:
    """Return a function that says how similar the candidates of each person are to the one picked for them."""
    everyone = np.arange(len(best))
    if len(targets) <= FEW:
        known, count = targets.similarity.ravel(), len(targets)
        return lambda pick: known.take(best[everyone, pick][:, None] * count + best)
    vectors = [targets.offers.take(rows) for rows in best]
    own = np.stack([each @ each.T for each in vectors])
    return lambda pick: np.asarray(own[everyone, pick], np.float32)
