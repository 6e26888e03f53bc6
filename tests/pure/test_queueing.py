"""Lanes by Erlang C: known values, properties, and a simulation of the same queue."""

from heapq import heapreplace
from random import Random

import pytest
from hypothesis import given, strategies as st

from expo.pure.queueing import MAX_LANES, lanes_needed, share_served_within, waiting_probability

loads = st.floats(0.01, 60)
lane_counts = st.integers(1, 80)


@pytest.mark.parametrize(
    ("lanes", "load", "expected"),
    [(1, 0.5, 0.5), (2, 1.0, 1 / 3), (3, 2.0, 4 / 9), (10, 7.0, 0.2217), (5, 5.0, 1.0), (4, 0.0, 0.0)],
)
def test_waiting_probability_when_known_then_as_published(lanes: int, load: float, expected: float) -> None:
    assert waiting_probability(lanes, load) == pytest.approx(expected, abs=5e-5)


@given(lane_counts, loads)
def test_waiting_probability_when_a_lane_is_added_then_not_higher(lanes: int, load: float) -> None:
    before, after = waiting_probability(lanes, load), waiting_probability(lanes + 1, load)

    assert 0 <= after <= before <= 1


@given(lane_counts, st.floats(0.1, 200), st.floats(1, 60), st.floats(0, 20), st.floats(0, 20))
def test_share_served_when_more_time_then_not_lower(
    lanes: int, rate: float, seconds: float, wait: float, more: float
) -> None:
    low = share_served_within(lanes, rate, seconds, wait)
    high = share_served_within(lanes, rate, seconds, wait + more)

    assert 0 <= low <= high + 1e-12 <= 1 + 1e-12


@given(st.floats(0.1, 400), st.floats(1, 30), st.floats(0, 10), st.floats(0.5, 0.99))
def test_lanes_needed_when_found_then_enough_and_one_fewer_is_not(
    rate: float, seconds: float, wait: float, share: float
) -> None:
    lanes = lanes_needed(rate, seconds, wait, share)

    assert lanes < MAX_LANES
    assert share_served_within(lanes, rate, seconds, wait) >= share
    assert lanes == 1 or share_served_within(lanes - 1, rate, seconds, wait) < share


def test_lanes_needed_when_nobody_comes_then_none() -> None:
    assert lanes_needed(0, 5, 2, 0.9) == 0


def _simulate(lanes: int, rate: float, seconds: float, wait: float, rng: Random, people: int = 60_000) -> float:
    """Return the share that waited at most `wait` minutes in a simulated queue, first come first served."""
    free_at = [0.0] * lanes
    now, in_time = 0.0, 0
    for _ in range(people):
        now += rng.expovariate(rate)
        begins = max(now, free_at[0])
        in_time += begins - now <= wait
        heapreplace(free_at, begins + rng.expovariate(60 / seconds))
    return in_time / people


@pytest.mark.parametrize(("rate", "seconds", "wait"), [(40.0, 6.0, 0.2), (12.0, 20.0, 0.1), (90.0, 5.0, 0.05)])
def test_share_served_when_simulated_then_the_same(rate: float, seconds: float, wait: float) -> None:
    lanes = lanes_needed(rate, seconds, wait, 0.9)

    simulated = _simulate(lanes, rate, seconds, wait, Random(7))  # noqa: S311 - a simulation

    assert simulated == pytest.approx(share_served_within(lanes, rate, seconds, wait), abs=0.02)
