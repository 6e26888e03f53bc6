"""Prices that keep popular candidates from crowding out the rest. Pure.

A candidate that more people would be sent to than it can serve gets a price, which is subtracted from its scores; the
price rises while demand exceeds its share and falls otherwise, as in auctions (Bertsekas, "A distributed algorithm for
the assignment problem", 1979) and networks (Kelly, Maulloo and Tan, "Rate control for communication networks", 1998).
Lists that ignore this meet in few hands (Su, Bayoumi and Joachims, "Optimizing rankings for recommendation in matching
markets", WWW 2022). Steps shrink and their number is fixed, so that the same fair always gets the same prices.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.vectors import Floats

ROUNDS = 16
STEP = 0.06
# How many more people than its share a candidate may be recommended to before it gets a price.
SLACK = 2.0
# Those who can meet fewer people than this share of the average count as this share: booths can be visited without a
# meeting.
LEAST_CAPACITY = 0.25
# At most this share of the best score is subtracted, so that a perfect match is never hidden.
MAX_PRICE = 0.3

Counts = npt.NDArray[np.int64]


def balance(
    scores: Callable[[int], Floats],
    slices: int,
    candidates: int,
    shown: int,
    capacity: Floats | None = None,
    slack: float = SLACK,
) -> Floats:
    """Return the prices of candidates.

    `scores` returns the scores of one slice of people (people, candidates), negative infinity where nothing is
    recommended; each person is shown the best `shown`. The share of each candidate is in proportion to its capacity,
    how many people it can meet; without capacities all shares are equal. The lower the slack, the more even the lists.
    """
    shares = np.full(candidates, 1 / max(candidates, 1)) if capacity is None else shares_of(capacity)
    prices = np.zeros(candidates, np.float32)
    kept = [scores(number) for number in range(slices)]
    shown = min(shown, candidates)
    for turn in range(ROUNDS):
        demand = sum((_count(each - prices, shown, candidates) for each in kept), np.zeros(candidates, np.int64))
        fair = slack * demand.sum() * shares
        if not fair.any():
            break
        step = STEP / (1 + turn / 4)
        excess = np.clip(demand / fair - 1, -1, 2)
        prices = np.clip(prices + step * excess, 0, MAX_PRICE).astype(np.float32)
    return prices


def shares_of(capacity: Floats) -> npt.NDArray[np.float64]:
    """Return the share of all people that each candidate can meet; at least a small one, so that nobody is hidden."""
    amounts = np.asarray(capacity, np.float64)
    least = LEAST_CAPACITY * (amounts.mean() if len(amounts) else 0) or 1.0
    amounts = np.maximum(amounts, least)
    return np.asarray(amounts / amounts.sum())


def _count(scores: Floats, shown: int, candidates: int) -> Counts:
    """Return how many people each candidate is shown to."""
    best = np.argpartition(-scores, shown - 1, axis=1)[:, :shown]
    real = np.isfinite(np.take_along_axis(scores, best, axis=1))
    return np.bincount(best[real], minlength=candidates).astype(np.int64)
