"""Figures of ranked lists: how right, how far spread, and how many meetings come of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lists = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Quality:
    """The figures of one method, each from 0 to 1; `gini` is better the lower it is, all others the higher."""

    precision: float
    recall: float
    ndcg: float
    acceptance: float
    coverage: float
    gini: float
    # The share of requests that lead to a meeting if each target has time only for its fair share of them.
    held: float


def measure_lists(lists: Lists, mutual: Truth, wanted_back: Truth, known: Truth) -> Quality:
    """Return the figures of lists (people, shown) of targets, -1 where there is none.

    People for whom nobody is left who would agree count neither for recall nor for NDCG. Pairs in `known` are not to
    be recommended again and count as wrong.
    """
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
        gini=_gini(exposure),
        held=_held(lists, right, wanted_back),
    )


def top(scores: npt.NDArray[np.floating], shown: int) -> Lists:
    """Return the best targets of each person by score, -1 where the score is negative infinity."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :shown]
    return np.where(np.isfinite(np.take_along_axis(scores, order, axis=1)), order, -1)


def _gini(exposure: npt.NDArray[np.int64]) -> float:
    """Return how unequally exposure is spread: 0 equal, 1 all on one."""
    values = np.sort(exposure).astype(float)
    count = len(values)
    if not values.sum():
        return 1.0
    ranks = 2 * np.arange(1, count + 1) - count - 1
    gini: float = np.sum(ranks * values).item() / (count * np.sum(values).item())
    return gini


def _held(lists: Lists, right: Truth, wanted_back: Truth) -> float:
    """Return the share of all requests (one per listed target) that are accepted while the target has time."""
    people, shown = lists.shape
    free = np.full(wanted_back.shape[1], max(1, people * shown // (2 * wanted_back.shape[1])))
    held = 0
    for place in range(shown):
        for person in range(people):
            target = lists[person, place]
            if target >= 0 and right[person, target] and free[target]:
                free[target] -= 1
                held += 1
    return float(held / (people * shown))
