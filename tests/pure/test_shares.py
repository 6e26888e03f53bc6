"""How evenly something is shared."""

import pytest
from hypothesis import given, strategies

from expo.pure.shares import gini_of, median_of, share_of_largest

counts = strategies.lists(strategies.integers(0, 100), max_size=12)


@pytest.mark.parametrize(("values", "median"), [([], 0), ([3], 3), ([9, 1, 2], 2), ([4, 1, 2, 3], 2.5)])
def test_median_when_even_or_odd_then_the_middle(values: list[float], median: float) -> None:
    assert median_of(values) == median


@pytest.mark.parametrize(
    ("values", "gini"), [([], 0), ([0, 0], 0), ([5, 5, 5], 0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25)]
)
def test_gini_when_known_then_as_defined(values: list[float], gini: float) -> None:
    assert gini_of(values) == pytest.approx(gini)


@given(counts)
def test_gini_when_any_values_then_between_zero_and_one_whatever_their_order_and_unit(values: list[int]) -> None:
    gini = gini_of(values)

    assert -1e-9 <= gini < 1
    assert gini_of([7 * value for value in reversed(values)]) == pytest.approx(gini)


@given(counts)
def test_share_when_all_are_the_largest_then_everything(values: list[int]) -> None:
    assert share_of_largest(values, 1) == (1 if sum(values) else 0)


def test_share_when_a_tenth_of_ten_then_of_the_largest_alone() -> None:
    assert share_of_largest([1] * 9 + [11], 0.1) == 0.55
