"""Clashes and free time in a schedule."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from expo.program.rules import find_clashes, hour_of, lay_out_grid, list_free

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


@dataclass(frozen=True)
class Room:
    """A room of a grid."""

    slug: str

    @property
    def name(self) -> dict[str, str]:
        return {"en": self.slug}


@dataclass(frozen=True)
class PlacedTalk(Talk):
    """A talk in a room."""

    room: Room = Room("a")


def test_grid_when_one_session_runs_for_thirty_hours_then_it_stays_and_ends_with_the_day() -> None:
    talks = [PlacedTalk(0), PlacedTalk(60, 30 * 60, Room("b")), PlacedTalk(120)]
    grid = lay_out_grid(talks, ["b", "a"], timedelta(minutes=5), 80, 290, ZoneInfo("Asia/Shanghai"))
    assert grid is not None
    assert [room.slug for room in grid.rooms] == ["b", "a"]
    assert [(cell.column, cell.row, cell.span) for cell in grid.cells] == [(1, 0, 6), (0, 12, 18), (1, 24, 6)]


def test_hours_when_the_zone_is_half_an_hour_apart_then_begin_on_its_clocks() -> None:
    nine_in_delhi = datetime(2027, 5, 26, 3, 30, tzinfo=UTC)

    assert hour_of(nine_in_delhi, ZoneInfo("Asia/Kolkata")) == nine_in_delhi
    assert hour_of(nine_in_delhi + timedelta(minutes=59), ZoneInfo("Asia/Kolkata")) == nine_in_delhi


def test_hours_when_clocks_go_back_then_the_same_hour_is_there_twice() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, second = (datetime(2027, 10, 31, hour, 20, tzinfo=UTC) for hour in (0, 1))

    assert {each.astimezone(zone).hour for each in (first, second)} == {2}
    assert [hour_of(each, zone) for each in (first, second)] == [each.replace(minute=0) for each in (first, second)]
