"""How evenly something is shared: medians, shares of the largest, and the Gini coefficient."""

import math
from collections.abc import Sequence


def median_of(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle; 0 without values."""
    if not values:
        return 0
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def gini_of(values: Sequence[float]) -> float:
    """Return the Gini coefficient of values that are not negative: 0 if all are equal, near 1 if one has everything.

    By the sum over ordered values: https://mathworld.wolfram.com/GiniCoefficient.html
    """
    total, count = sum(values), len(values)
    if not total:
        return 0
    ranked = sum(rank * value for rank, value in enumerate(sorted(values), 1))
    return 2 * ranked / (count * total) - (count + 1) / count


def share_of_largest(values: Sequence[float], part: float) -> float:
    """Return the share of the total that the largest `part` of the values holds; 0 if the total is 0."""
    total = sum(values)
    if not total:
        return 0
    largest = sorted(values, reverse=True)[: math.ceil(len(values) * part)]
    return sum(largest) / total
