"""Alarms are raised at their threshold, and cleared a little below it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from expo.pure.thresholds import SLACK, fullness, is_queue_old, is_silent, level_reached

NOW = datetime(2027, 5, 26, 2, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)


def _ago(*minutes: int) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("percent", "before", "level"),
    [(79.9, 0, 0), (80, 0, 1), (95, 0, 2), (94, 2, 2), (91, 2, 1), (78, 1, 1), (76.9, 1, 0), (78, 2, 1)],
)
def test_level_when_percent_changes_then_it_falls_later_than_it_rose(percent: float, before: int, level: int) -> None:
    assert level_reached(percent, (80, 95), before) == level


@given(st.floats(0, 150), st.integers(0, 2))
def test_level_when_judged_again_then_it_does_not_flicker(percent: float, before: int) -> None:
    first = level_reached(percent, (80, 95), before)

    assert level_reached(percent, (80, 95), first) == first
    assert level_reached(percent - SLACK + 0.01, (80, 95), first) >= level_reached(percent, (80, 95))


def test_fullness_when_no_capacity_then_zero() -> None:
    assert (fullness(5, 20), fullness(5, 0)) == (25, 0)


@pytest.mark.parametrize(
    ("last", "scans_before", "others", "expected"),
    [
        (12, 60, [3], "silent"),
        (12, 25, [3], "silent"),
        (12, 24, [3], ""),  # fewer than five would have been expected
        (12, 60, [11], ""),
        (12, 60, [], ""),
        (9, 60, [1], ""),
    ],
)
def test_silence_when_others_scan_then_a_gate_in_use_is_missed(
    last: int, scans_before: int, others: list[int], expected: str
) -> None:
    assert is_silent(_ago(last)[0], scans_before, _ago(*others), NOW, TEN) is bool(expected)


def test_queue_when_its_oldest_scan_is_old_then_said() -> None:
    new, old = _ago(9, 10)

    assert [is_queue_old(each, NOW, TEN) for each in (None, new, old)] == [False, False, True]
