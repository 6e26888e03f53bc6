"""Weighted random choice, and reading of the demo's data files."""

import json
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

DATA = Path(__file__).parent / "data"

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values drawn in proportion to their weights."""

    __slots__ = ("_cumulative", "_total", "values")

    def __init__(self, values: Sequence[T], weights: Iterable[float]) -> None:
        self.values = values
        self._cumulative = list(accumulate(weights))
        if not values or len(values) != len(self._cumulative):
            raise ValueError("every value needs exactly one weight, and there must be a value")
        self._total = self._cumulative[-1]

    def draw(self, rng: Random) -> T:
        """Draw a value."""
        return self.values[min(bisect(self._cumulative, rng.random() * self._total), len(self.values) - 1)]


def by_rank(values: Sequence[T], offset: float) -> Weighted[T]:
    """Return values weighted by rank (Zipf); a larger offset flattens the distribution."""
    return Weighted(values, (1.0 / (rank + offset) for rank in range(1, len(values) + 1)))


def read_data(name: str) -> Any:
    """Return the content of a JSON file in the demo's data folder."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))
