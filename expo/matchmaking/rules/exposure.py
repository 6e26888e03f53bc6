"""Prices that spread recommendations over all candidates. Pure.

Each candidate has a share of all recommendations in proportion to how many people it can meet, and is to be shown to at
least LEAST and at most MOST times as many. The best lists within such bounds are a matching of people with candidates
(a b-matching). Its dual variables are one price per candidate, zero within the bounds, above zero for those whom too
many would be sent to, and below zero for those whom too few would (Bertsekas, "A distributed algorithm for the
assignment problem", 1979). Lists without them meet in few hands (Su, Bayoumi and Joachims, "Optimizing rankings for
recommendation in matching markets", WWW 2022; Biega, Gummadi and Weikum, "Equity of attention", SIGIR 2018).

The prices are found by subgradient steps that shrink geometrically (Goffin, "On convergence rates of subgradient
optimization methods", 1977), and the best of all is taken (Held, Wolfe and Crowder, "Validation of subgradient
optimization", 1974). The number of steps is fixed, so that the same fair always gets the same prices.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.vectors import Floats, Integers

ROUNDS = 80
# The first step, as a part of how much more the candidates of a list are worth than the next one, and the number of
# steps after which they are half as large.
STEP, HALVED_AFTER = 0.5, 12
# How many times its share a candidate is shown, at least and at most.
LEAST, MOST = 0.7, 1.25
# Nobody has to be shown to more than this part of those whom a topic speaks to.
OF_THE_INTERESTED = 0.5
# Those who can meet fewer people than this share of the average count as this share: booths can be visited without a
# meeting.
MIN_CAPACITY = 0.25
# A perfect match is neither hidden, nor outdone by one that is hopeless.
MAX_PRICE = 0.5
# What showing a candidate once too often or too rarely costs, in the unit of STEP.
EXCESS_COSTS = 3.0
# The best candidates of each person that are looked at.
CONSIDERED = 256
# The part of a pair's worth that differs by chance, so that people who state the same are not all sent to the same.
LUCK = 0.02

Counts = npt.NDArray[np.int64]
# From what the candidates of each person are worth, the same less prices, and which candidates they are (None if all),
# return the positions of those who are shown, -1 where there are fewer.
Choose = Callable[[Floats, Floats, Integers | None], Integers]


def worth(scores: Floats) -> Floats:
    """Return how likely both sides say yes: the square of the geometric mean; negative infinity stays.

    So the sum over all lists is the number of meetings that would be agreed, and prices lower it as little as possible.
    """
    return np.asarray(scores * np.abs(scores), np.float32)


def luck(scores: Floats, people: Integers, candidates: Integers) -> Floats:
    """Return what to add to the prices for each pair; the same for the same two ids whenever it is asked for."""
    share = _mix(people, candidates).astype(np.float32) / np.float32(2**31) - 1
    return LUCK * share * worth(np.where(np.isfinite(scores), scores, np.float32(0)))


def chance(people: Integers, candidates: Integers, day: int) -> npt.NDArray[np.float64]:
    """Return a number between 0 and 1 for each pair; the same for the same two ids on the same day."""
    return (_mix(people + np.int64(day) * 0x9E3779B9, candidates) + 0.5) / 2**32


def _mix(people: Integers, candidates: Integers) -> npt.NDArray[np.uint32]:
    """Return a hash of each pair of ids."""
    of_people, of_candidates = people.astype(np.uint32)[:, None], candidates.astype(np.uint32)
    mixed = of_people * np.uint32(0x9E3779B1) ^ of_candidates * np.uint32(0x85EBCA77)
    # A finalizer that spreads each bit over all (Appleby's MurmurHash3).
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        mixed = (mixed ^ mixed >> np.uint32(shift)) * np.uint32(factor)
    return np.asarray(mixed, np.uint32)


def best(shown: int) -> Choose:
    """Return a choice of those who are worth the most."""

    def choose(_worth: Floats, values: Floats, _rows: Integers | None) -> Integers:
        count = min(shown, values.shape[1])
        found = np.argpartition(-values, count - 1, axis=1)[:, :count]
        return np.where(np.isfinite(np.take_along_axis(values, found, axis=1)), found, -1)

    return choose


def balance(slices: Iterable[Floats], choose: Choose, capacity: Floats | None = None) -> Floats:
    """Return the prices of candidates, which are subtracted from what they are worth.

    `slices` have what all candidates are worth to some people (people, candidates), negative infinity where nothing is
    recommended. The share of each candidate is in proportion to its capacity, how many people it can meet; without
    capacities all shares are equal.
    """
    kept, interested = [], np.zeros(0, np.int64)
    for each in slices:
        interested = np.isfinite(each).sum(axis=0) + (interested if len(interested) else 0)
        kept.append(_shorten(each))
    candidates = len(interested)
    prices, chosen = np.zeros(candidates, np.float32), np.zeros(candidates, np.float32)
    shown, unit = _measure(kept, choose)
    room = np.ones(candidates) if capacity is None else capacity
    fair = shown * shares_of(np.asarray(room, np.float32), interested > 0)
    low, high = _bounds(fair, interested)
    most = -np.inf
    for turn in range(ROUNDS):
        demand, value = _demand(kept, choose, prices)
        excess = np.maximum(demand - high, 0) + np.maximum(low - demand, 0)
        value -= EXCESS_COSTS * unit * float(excess.sum())
        if value > most:
            most, chosen = value, prices
        step = STEP * unit * 0.5 ** (turn / HALVED_AFTER)
        above = prices + step * np.clip((demand - high) / np.maximum(fair, 1), -1, 2)
        below = prices + step * np.clip((demand - low) / np.maximum(low, 1), -1, 2)
        # Prices that are no longer needed fall back to zero.
        prices = np.where(above > 0, above, np.minimum(below, 0)).clip(-MAX_PRICE, MAX_PRICE).astype(np.float32)
    # Only differences count, so newcomers, who have no price yet, are like the others.
    counted = interested > 0
    return np.where(counted, chosen - (np.median(chosen[counted]) if counted.any() else 0), 0).astype(np.float32)


def shares_of(capacity: Floats, counts: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.float64]:
    """Return the share of all people that each candidate can meet; at least a small one, so that nobody is hidden.

    Those who do not count have none.
    """
    amounts = np.asarray(capacity, np.float64)
    least = MIN_CAPACITY * (amounts.mean() if len(amounts) else 0) or 1.0
    amounts = np.maximum(amounts, least) * (1 if counts is None else counts)
    return np.asarray(amounts / max(amounts.sum(), 1e-9))


def _bounds(fair: npt.NDArray[np.float64], interested: Counts) -> tuple[Counts, Counts]:
    """Return how many people each candidate is shown to at least and at most, in whole people.

    Somebody whom a topic speaks for is shown to one person at least, if the shares are not too small for that.
    """
    low = np.minimum(np.floor(LEAST * fair + 1e-6), np.ceil(OF_THE_INTERESTED * interested))
    return low.astype(np.int64), np.maximum(np.ceil(MOST * fair - 1e-6), 1).astype(np.int64)


def _shorten(values: Floats) -> tuple[Floats, Integers | None]:
    """Return the best candidates of each person, and their rows; None stands for all rows."""
    if values.shape[1] <= CONSIDERED:
        return values, None
    rows = np.argpartition(-values, CONSIDERED - 1, axis=1)[:, :CONSIDERED]
    rows.sort(axis=1)
    return np.take_along_axis(values, rows, axis=1), rows


def _measure(kept: list[tuple[Floats, Integers | None]], choose: Choose) -> tuple[int, float]:
    """Return how many candidates are shown in all lists, and how much more they are worth than the next on average."""
    shown, gains = 0, [0.0, 0.0]
    for values, rows in kept:
        places = choose(values, values, rows)
        is_shown = places >= 0
        people, _ = np.nonzero(is_shown)
        rest = values.copy()
        rest[people, places[is_shown]] = -np.inf
        following = rest.max(axis=1)[people]
        has_next = np.isfinite(following)
        gained = (values[people, places[is_shown]] - following)[has_next]
        gains[0] += float(gained.sum())
        gains[1] += len(gained)
        shown += len(people)
    return shown, max(gains[0], 0.0) / max(gains[1], 1.0)


def _demand(kept: list[tuple[Floats, Integers | None]], choose: Choose, prices: Floats) -> tuple[Counts, float]:
    """Return how many people each candidate is shown to, and what all lists are worth."""
    demand, value = np.zeros(len(prices), np.int64), 0.0
    for values, rows in kept:
        places = choose(values, values - (prices if rows is None else prices[rows]), rows)
        is_shown = places >= 0
        people, _ = np.nonzero(is_shown)
        found = places[is_shown]
        value += float(values[people, found].sum())
        demand += np.bincount(found if rows is None else rows[people, found], minlength=len(prices))
    return demand, value
