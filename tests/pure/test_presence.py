"""The same passages have the same result, in whatever order they reach us."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from expo.pure.door_days import DayRange, DoorCalendar
from expo.pure.presence import Passage, Standing, fold_passages as fold

CALENDAR = DoorCalendar(DayRange(date(2027, 5, 26), date(2027, 5, 28)), ZoneInfo("Asia/Shanghai"))
NINE = datetime(2027, 5, 26, 1, 0, tzinfo=UTC)

passages = st.lists(
    st.builds(
        Passage,
        at=st.integers(0, 60).map(lambda hours: NINE + timedelta(hours=hours)),
        is_entry=st.booleans(),
        scan_id=st.uuids().map(str),
    ),
    max_size=8,
    unique_by=lambda each: each.scan_id,
)


def fold_passages(made: list[Passage], calendar: DoorCalendar, until: datetime | None) -> Standing:
    """Fold passages of a zone on its own."""
    return fold(made, [0], calendar, until)[0]


def _hours(*hours: float) -> list[datetime]:
    return [NINE + timedelta(hours=each) for each in hours]


@given(passages, st.randoms())
def test_standing_when_passages_come_in_another_order_then_the_same(made: list[Passage], random: Random) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)

    assert fold_passages(shuffled, CALENDAR, None) == fold_passages(made, CALENDAR, None)


@given(passages)
def test_standing_when_any_passages_then_the_last_says_who_is_inside(made: list[Passage]) -> None:
    standing = fold_passages(made, CALENDAR, None)

    last = max(made, key=lambda each: each.order, default=None)
    assert standing.is_inside == (last is not None and last.is_entry)
    assert standing.as_of == (last.at if last else None)
    assert (standing.entries > 0) == any(each.is_entry for each in made)


def test_standing_when_exit_came_before_its_entry_then_outside() -> None:
    nine, eleven = _hours(0, 2)
    made = [Passage(eleven, is_entry=False, scan_id="b"), Passage(nine, is_entry=True, scan_id="a")]

    assert fold_passages(made, CALENDAR, None) == Standing(
        is_inside=False,
        entries=1,
        first_scan_id="a",
        day=date(2027, 5, 26),
        entries_today=1,
        entered_at=nine,
        left_at=eleven,
        as_of=eleven,
    )


def test_standing_when_the_day_is_over_then_outside_since_four_in_the_morning() -> None:
    nine, next_nine = _hours(0, 24)
    made = [Passage(nine, is_entry=True, scan_id="a"), Passage(next_nine, is_entry=True, scan_id="b")]

    first = fold_passages(made[:1], CALENDAR, next_nine)
    second = fold_passages(made, CALENDAR, next_nine)

    assert (first.is_inside, first.left_at) == (False, datetime(2027, 5, 26, 20, 0, tzinfo=UTC))
    assert (second.is_inside, second.entries, second.entered_at) == (True, 2, next_nine)


def test_standing_when_entered_after_midnight_then_inside_until_the_turn_over_of_the_day_before() -> None:
    after_midnight = datetime(2027, 5, 28, 16, 30, tzinfo=UTC)
    made = [Passage(after_midnight, is_entry=True, scan_id="a")]

    assert fold_passages(made, CALENDAR, datetime(2027, 5, 28, 19, 59, tzinfo=UTC)).is_inside
    assert not fold_passages(made, CALENDAR, datetime(2027, 5, 28, 20, 0, tzinfo=UTC)).is_inside


halls = st.lists(
    st.builds(
        Passage,
        at=st.integers(0, 30).map(lambda hours: NINE + timedelta(hours=hours)),
        is_entry=st.booleans(),
        scan_id=st.uuids().map(str),
        zone_id=st.integers(1, 3),
    ),
    max_size=8,
    unique_by=lambda each: each.scan_id,
)


@given(halls, st.randoms())
def test_standings_when_halls_exclude_each_other_then_inside_the_last_one_at_most(
    made: list[Passage], random: Random
) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)

    standings = fold(shuffled, [1, 2, 3], CALENDAR, None)

    inside = [zone_id for zone_id, each in standings.items() if each.is_inside]
    entries = [each for each in made if each.is_entry]
    assert standings == fold(made, [1, 2, 3], CALENDAR, None)
    assert inside in ([], [max(entries, key=lambda each: each.order).zone_id] if entries else [])


def test_standings_when_another_hall_is_entered_then_the_first_was_left_at_that_moment() -> None:
    nine, ten = _hours(0, 1)
    made = [
        Passage(nine, is_entry=True, scan_id="a", zone_id=1, checkpoint_id=11),
        Passage(ten, is_entry=True, scan_id="b", zone_id=2, checkpoint_id=12),
    ]

    first, second, never = fold(made, [1, 2, 3], CALENDAR, None).values()

    assert (first.is_inside, first.left_at, first.as_of, first.checkpoint_id) == (False, ten, ten, 11)
    assert (second.is_inside, second.entered_at, second.checkpoint_id) == (True, ten, 12)
    assert never == Standing()
