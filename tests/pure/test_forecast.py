"""The forecast of a day's arrivals: nobody is lost, and what was seen corrects what is to come."""

import pytest
from hypothesis import given, strategies as st

from expo.pure.forecast import (
    QUARTERS_PER_DAY,
    default_profile,
    forecast_day,
    learn_profile,
    running_totals,
    scale_of,
)

PROFILE = default_profile()
NINE, TEN = 36, 40
seen = st.lists(st.integers(0, 400), max_size=QUARTERS_PER_DAY)


def test_profile_when_summed_then_one_and_the_doors_are_closed_at_night() -> None:
    assert len(PROFILE) == QUARTERS_PER_DAY
    assert sum(PROFILE) == pytest.approx(1)
    assert min(PROFILE) >= 0
    assert sum(PROFILE[:32]) == 0  # before eight
    assert max(range(QUARTERS_PER_DAY), key=PROFILE.__getitem__) in range(NINE, TEN)


@given(st.integers(1, 30_000))
def test_forecast_when_nobody_was_seen_yet_then_the_curve(expected: int) -> None:
    assert forecast_day(expected, PROFILE, [], 30_000) == pytest.approx([expected * each for each in PROFILE])


@given(st.integers(1, 30_000), seen)
def test_forecast_when_anything_was_seen_then_it_is_kept_and_nobody_unregistered_comes(
    expected: int, arrived: list[int]
) -> None:
    registered = max(sum(arrived), expected)

    day = forecast_day(expected, PROFILE, arrived, registered)

    assert day[: len(arrived)] == arrived
    assert len(day) == QUARTERS_PER_DAY
    assert min(day, default=0) >= 0
    assert sum(day) <= registered * (1 + 1e-9)


@given(st.integers(100, 30_000), st.integers(0, QUARTERS_PER_DAY), st.floats(0, 3))
def test_scale_when_a_share_of_the_forecast_came_then_between_it_and_the_forecast(
    expected: int, quarters: int, factor: float
) -> None:
    arrived = [round(expected * share * factor) for share in PROFILE[:quarters]]

    scale = scale_of(expected, PROFILE, arrived)

    slack = quarters / (0.1 * expected)  # rounding of people
    assert min(1.0, factor) - slack <= scale <= max(1.0, factor) + slack


def test_scale_when_half_as_many_came_all_day_then_near_half_and_earlier_less_so() -> None:
    arrived = [round(20_000 * share / 2) for share in PROFILE]

    scales = [scale_of(20_000, PROFILE, arrived[:until]) for until in (0, NINE, TEN, QUARTERS_PER_DAY)]

    assert scales == sorted(scales, reverse=True)
    assert scales[0] == 1
    assert scales[-1] == pytest.approx(0.55, abs=0.01)


def test_totals_when_summed_then_cumulative() -> None:
    assert running_totals([1.0, 2.0, 3.0]) == [1.0, 3.0, 6.0]


@given(st.lists(st.integers(0, 3000), min_size=QUARTERS_PER_DAY, max_size=QUARTERS_PER_DAY))
def test_learned_profile_when_summed_then_one_and_between_the_curve_and_what_was_seen(arrivals: list[int]) -> None:
    learned, total = learn_profile(arrivals), sum(arrivals)

    assert sum(learned) == pytest.approx(1)
    for share, own, number in zip(learned, PROFILE, arrivals, strict=True):
        seen_share = number / total if total else own
        assert min(own, seen_share) - 1e-9 <= share <= max(own, seen_share) + 1e-9


def test_learned_profile_when_many_came_at_another_time_then_near_that_and_with_few_near_the_curve() -> None:
    evening = [0] * QUARTERS_PER_DAY
    evening[80] = 1

    learned = [learn_profile([number * each for each in evening])[80] for number in (0, 20, 200, 20_000)]

    assert learned == pytest.approx([0, 20 / 220, 0.5, 20_000 / 20_200])
