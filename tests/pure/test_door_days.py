"""The day at a door, and where the days of a ticket go when the expo is moved."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from expo.pure.door_days import MAX_DAYS, DayRange, DoorCalendar, move_days
from expo.pure.tokens import BadgeToken, count_day, new_key_pair, read_day, sign_token, verify_token

CASES = json.loads(Path(__file__).with_name("door_days.json").read_text())["cases"]
ZERO = date(2027, 5, 1)
ONE_DAY = timedelta(days=1)
PRIVATE, PUBLIC = new_key_pair(b"k" * 32)

starts = st.integers(-1200, 1200).map(lambda n: ZERO + timedelta(days=n))
expos = st.builds(DayRange.of, starts, st.integers(1, 30))
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kathmandu"]).map(ZoneInfo)


def _within(expo: DayRange, data: st.DataObject) -> DayRange:
    first = data.draw(st.integers(0, expo.days - 1))
    last = data.draw(st.integers(first, expo.days - 1))
    return DayRange(expo.first + timedelta(days=first), expo.first + timedelta(days=last))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['zone']} {case['at']}")
def test_day_when_asked_for_then_turns_over_at_four_after_a_day_of_the_expo(case: dict[str, str]) -> None:
    expo = DayRange(date.fromisoformat(case["first"]), date.fromisoformat(case["last"]))

    day = DoorCalendar(expo, ZoneInfo(case["zone"])).day_of(datetime.fromisoformat(case["at"]))

    assert day == date.fromisoformat(case["day"])


@given(expos, zones, st.integers(-40 * 24 * 60, 40 * 24 * 60))
def test_day_when_any_moment_then_within_its_bounds_and_no_other(expo: DayRange, zone: ZoneInfo, minutes: int) -> None:
    calendar = DoorCalendar(expo, zone)
    moment = datetime.combine(expo.first, datetime.min.time(), UTC) + timedelta(minutes=minutes)

    day = calendar.day_of(moment)

    assert calendar.begins_at(day) <= moment < calendar.ends_at(day)
    assert calendar.ends_at(day) == calendar.begins_at(day + ONE_DAY)


@given(expos, expos, st.data())
def test_move_when_any_dates_then_a_ticket_is_for_days_of_the_expo(
    before: DayRange, after: DayRange, data: st.DataObject
) -> None:
    moved = move_days(_within(before, data), before, after)

    assert after.holds(moved.first)
    assert after.holds(moved.last)
    assert 1 <= moved.days <= MAX_DAYS


@given(expos, expos)
def test_move_when_for_all_days_then_still_for_all_days_and_back_again(before: DayRange, after: DayRange) -> None:
    assert move_days(before, before, after) == after
    assert move_days(move_days(before, before, after), after, before) == before


@given(expos, starts, st.data())
def test_move_when_the_whole_expo_moves_then_the_same_day_of_it(
    before: DayRange, start: date, data: st.DataObject
) -> None:
    after, valid = DayRange.of(start, before.days), _within(before, data)

    moved = move_days(valid, before, after)

    assert (moved.first - after.first, moved.days) == (valid.first - before.first, valid.days)
    assert move_days(moved, after, before) == valid


@given(expos, st.integers(0, 5), st.integers(0, 5), st.data())
def test_move_when_days_are_only_added_then_a_ticket_for_particular_days_keeps_its_dates(
    before: DayRange, earlier: int, later: int, data: st.DataObject
) -> None:
    after = DayRange(before.first - timedelta(days=earlier), before.last + timedelta(days=later))
    valid = _within(before, data)
    if valid == before:
        return

    assert move_days(valid, before, after) == valid


@pytest.mark.parametrize(
    ("valid", "after", "moved"),
    [
        ((3, 3), (1, 2), (2, 2)),  # its day is gone: the nearest
        ((1, 1), (2, 3), (2, 2)),
        ((1, 2), (2, 3), (2, 2)),
        ((1, 2), (2, 4), (2, 3)),  # the whole expo, a day later
        ((1, 2), (2, 5), (2, 2)),  # one day taken away, two added
        ((2, 3), (11, 12), (12, 12)),  # moved and shortened
    ],
)
def test_move_when_days_are_taken_away_then_the_rest_or_the_nearest(
    valid: tuple[int, int], after: tuple[int, int], moved: tuple[int, int]
) -> None:
    ranges = [DayRange(date(2027, 5, each[0]), date(2027, 5, each[1])) for each in (valid, (1, 3), after, moved)]

    assert move_days(*ranges[:3]) == ranges[3]


@given(starts, st.integers(-1200, 1200), st.integers(-127, 127), st.integers(1, 255))
def test_token_when_the_expo_was_moved_by_any_number_of_days_then_says_the_day(
    day_zero: date, moved_by: int, offset: int, days: int
) -> None:
    starts_on = day_zero + timedelta(days=moved_by)
    day = starts_on + timedelta(days=offset)
    token = BadgeToken(0, 1, 1, 1, 1, count_day(day_zero, day), days)

    said = verify_token(sign_token(token, PRIVATE), {0: PUBLIC})

    assert read_day(day_zero, said.first_day, starts_on) == day
