"""The last place of some lists, for those who state no topic and would never be recommended otherwise. Pure.

So many lists have such a place that those who state nothing are together shown LEAST times as often as all others on
average, in at most MOST_LISTS of the lists. Whom a list shows is drawn in proportion to how likely both say yes (Luce,
"Individual choice behavior", 1959), so that what they have in common counts, and a price per candidate makes the draws
even by capacity (Sinkhorn and Knopp, "Concerning nonnegative matrices and doubly stochastic matrices", 1967). The draw
is by a hash of both ids and the day: the same at every look, and others the next day. Its noise is Gumbel's, with which
the best candidate is one that is drawn in these proportions (Maddison, Tarlow and Minka, "A* sampling", 2014).
"""

import numpy as np

from expo.matchmaking.rules.exposure import LEAST, chance, shares_of, worth
from expo.matchmaking.rules.vectors import Floats, Integers

# At most this part of the lists ends with somebody who states no topic, however many they are.
MOST_LISTS = 0.5
# Shorter lists have no place to spare.
LONG_ENOUGH = 5
# Rounds in which prices even the draws out; fifteen are enough for one part in a thousand.
ROUNDS = 15
# An id that no candidate has.
NOBODY = -1
# No candidate is rarer among those who are drawn than this, so that its logarithm is finite.
_LEAST_LIKELY = 1e-9


def explored_share(limit: int, quiet: int, candidates: int) -> float:
    """Return the part of lists of `limit` places whose last one goes to one of the `quiet`, who state no topic."""
    if limit < LONG_ENOUGH or not quiet:
        return 0.0
    return min(MOST_LISTS, LEAST * limit * quiet / candidates)


def explore(scores: Floats, prices: Floats, people: Integers, candidates: Integers, day: int, share: float) -> Integers:
    """Return the column of the candidate that gets the last place of each person's list, -1 for none.

    `scores` are of those who state no topic, negative infinity for those whom the person must not get.
    """
    chosen = np.full(len(people), -1, np.int64)
    (rows,) = np.nonzero(chance(people, np.array([NOBODY]), day)[:, 0] < share)
    if not len(rows) or not scores.shape[1]:
        return chosen
    noise = -np.log(-np.log(chance(people[rows], candidates, day)))
    values = np.log(np.maximum(worth(scores[rows]), _LEAST_LIKELY)) - prices + noise
    values[~np.isfinite(scores[rows])] = -np.inf
    best = values.argmax(axis=1)
    is_allowed = np.isfinite(values[np.arange(len(rows)), best])
    chosen[rows[is_allowed]] = best[is_allowed]
    return chosen


def even_out(scores: Floats, capacity: Floats | None = None) -> Floats:
    """Return the prices with which `explore` draws each candidate in proportion to its capacity.

    `scores` are of some people and all who state no topic.
    """
    people, candidates = scores.shape
    prices = np.zeros(candidates)
    if not people or not candidates:
        return prices.astype(np.float32)
    likely = np.where(np.isfinite(scores), np.maximum(worth(scores), _LEAST_LIKELY), np.float32(0))
    share = shares_of(np.ones(candidates, np.float32) if capacity is None else capacity)
    for _ in range(ROUNDS):
        drawn = likely * np.exp(-prices).astype(np.float32)
        demand = (drawn / np.maximum(drawn.sum(axis=1, keepdims=True), 1e-30)).sum(axis=0) / people
        prices += np.where(demand > 0, np.log(np.maximum(demand, _LEAST_LIKELY) / share), 0)
    # Only differences count, so whoever comes later, and has no price yet, is like the others.
    return np.asarray(prices - np.median(prices), np.float32)
