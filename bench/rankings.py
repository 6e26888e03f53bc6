"""Figures of ranked lists: how right, how far spread, and how many meetings come of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lists = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """The figures of one method, each from 0 to 1; `gini` is better the lower it is, all others the higher."""

    precision: float
    recall: float
    ndcg: float
    acceptance: float
    coverage: float
    # Of exposure per capacity: 0 if everybody is shown to as many people as they have time for in proportion.
    gini: float
    # The share of requests that lead to a meeting if each target has time only for its share of them.
    held: float


def measure_lists(
    lists: Lists, mutual: Truth, known: Truth, capacity: npt.NDArray[np.float64] | None = None
) -> Quality:
    """Return the figures of lists (people, shown) of targets, -1 where there is none.

    People for whom nobody is left who would agree count neither for recall nor for NDCG. Pairs in `known` are not to
    be recommended again and count as wrong. `capacity` is in parts of the average; without it all have the same.
    """
    room = np.ones(mutual.shape[1]) if capacity is None else capacity
    right = mutual & ~known
    people, shown = lists.shape
    valid = lists >= 0
    rows = np.arange(people)[:, None]
    hits = right[rows, lists] & valid
    possible = right.sum(axis=1)
    counts = possible > 0
    discount = 1 / np.log2(np.arange(2, shown + 2))
    ideal = np.array([discount[: min(each, shown)].sum() for each in possible])
    exposure = np.bincount(lists[valid], minlength=mutual.shape[1])
    return Quality(
        precision=float(hits.sum() / max(1, people * shown)),
        recall=float((hits.sum(axis=1)[counts] / possible[counts]).mean()),
        ndcg=float(((hits * discount).sum(axis=1)[counts] / ideal[counts]).mean()),
        acceptance=float(hits.sum() / max(1, valid.sum())),
        coverage=float((exposure > 0).mean()),
        gini=_gini(exposure, room),
        held=_held(lists, right, room),
    )


def measure_people(lists: Lists, mutual: Truth, known: Truth) -> npt.NDArray[np.float64]:
    """Return for each person the share of the list accepted by both sides, and NDCG, as (people, 2).

    NDCG is not a number for people for whom nobody is left who would agree.
    """
    right = mutual & ~known
    valid = lists >= 0
    hits = right[np.arange(len(lists))[:, None], lists] & valid
    discount = 1 / np.log2(np.arange(2, lists.shape[1] + 2))
    ideal = np.array([discount[: min(each, lists.shape[1])].sum() for each in right.sum(axis=1)])
    gained = (hits * discount).sum(axis=1)
    ndcg = np.divide(gained, ideal, out=np.full(len(lists), np.nan), where=ideal > 0)
    return np.stack([hits.sum(axis=1) / np.maximum(1, valid.sum(axis=1)), ndcg], axis=1)


def paired_interval(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean difference of two methods on the same people, and its interval of 95 %.

    People are drawn again 2,000 times (Efron, "Bootstrap methods: another look at the jackknife", 1979), each with both
    results, so that what is hard for one person is hard for both methods.
    """
    difference = (ours - theirs)[~np.isnan(ours - theirs)]
    rng = np.random.default_rng(7)
    means = [difference[rng.integers(0, len(difference), len(difference))].mean() for _ in range(2000)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(difference.mean()), float(low), float(high)


def evening_interval(ours: Sequence[Floats], theirs: Sequence[Floats]) -> tuple[float, float, float]:
    """Return the same for people in groups: whole groups are drawn again, because those of one group depend on another.

    See paired_interval.
    """
    differences = [(one - other)[~np.isnan(one - other)] for one, other in zip(ours, theirs, strict=True)]
    sums, counts = (np.array([act(each) for each in differences], float) for act in (np.sum, len))
    rng = np.random.default_rng(7)
    drawn = rng.integers(0, len(sums), (2000, len(sums)))
    low, high = np.percentile(sums[drawn].sum(axis=1) / np.maximum(1, counts[drawn].sum(axis=1)), [2.5, 97.5])
    return float(sums.sum() / counts.sum()), float(low), float(high)


def top(scores: npt.NDArray[np.floating], shown: int) -> Lists:
    """Return the best targets of each person by score, -1 where the score is negative infinity."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :shown]
    return np.where(np.isfinite(np.take_along_axis(scores, order, axis=1)), order, -1)


def _gini(exposure: npt.NDArray[np.int64], room: npt.NDArray[np.float64]) -> float:
    """Return how unequally exposure is spread over the capacity: 0 in proportion to it, 1 all on one."""
    if not exposure.sum():
        return 1.0
    order = np.argsort(exposure / room, kind="stable")
    shown, share = (np.concatenate([[0.0], np.cumsum(each[order]) / each.sum()]) for each in (exposure, room))
    # The area under the Lorenz curve, by trapezoids.
    return float(1 - np.sum((shown[1:] + shown[:-1]) * np.diff(share)))


def _held(lists: Lists, right: Truth, room: npt.NDArray[np.float64]) -> float:
    """Return the share of all requests (one per listed target) that are accepted while the target has time."""
    people, shown = lists.shape
    free = np.maximum(1, np.floor(people * shown / 2 * room / room.sum()))
    held = 0
    for place in range(shown):
        for person in range(people):
            target = lists[person, place]
            if target >= 0 and right[person, target] and free[target]:
                free[target] -= 1
                held += 1
    return float(held / (people * shown))
