"""Clashes and free time in a schedule."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from expo.program.rules import find_clashes, list_free

NINE = datetime(2027, 5, 26, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Talk:
    """A talk from minute to minute after nine."""

    begins: int | None
    lasts: int = 30

    @property
    def starts_at(self) -> datetime | None:
        return None if self.begins is None else NINE + timedelta(minutes=self.begins)

    @property
    def ends_at(self) -> datetime | None:
        return None if self.begins is None else NINE + timedelta(minutes=self.begins + self.lasts)


@pytest.mark.parametrize(
    ("talks", "clashes"),
    [
        ([], {}),
        ([Talk(0), Talk(30)], {}),
        ([Talk(0), Talk(29)], {0: [1], 1: [0]}),
        ([Talk(10), Talk(0, 120), Talk(40)], {0: [1], 1: [0, 2], 2: [1]}),
        ([Talk(None), Talk(None)], {}),
    ],
)
def test_clashes_when_talks_overlap_then_each_names_the_others(
    talks: list[Talk], clashes: dict[int, list[int]]
) -> None:
    assert find_clashes(talks) == clashes


_TALKS = st.lists(st.builds(Talk, st.integers(0, 300), st.integers(1, 120)), max_size=8)


@given(_TALKS, _TALKS)
def test_free_when_any_schedule_then_none_of_them_clashes_with_it_and_all_others_do(
    talks: list[Talk], schedule: list[Talk]
) -> None:
    free = list_free(talks, schedule)
    busy = [each for each in talks if each not in free]
    assert [each for each in free if 0 in find_clashes([each, *schedule])] == []
    assert [each for each in busy if 0 not in find_clashes([each, *schedule])] == []
