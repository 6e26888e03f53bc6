"""Free slots: common days and times, pauses and walks; and why there are none."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from expo.pure.free_slots import (
    Diary,
    Engagement,
    Obstacle,
    Slot,
    SlotGrid,
    find_free_slots,
    steps_between,
)

DAY = date(2027, 5, 26)
ZONE = ZoneInfo("Asia/Shanghai")
GRID = SlotGrid(ZONE, {DAY: (9 * 60, 11 * 60)}, 25, 5)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 5, 26, hour, minute, tzinfo=ZONE)


def starts(slots: tuple[Slot, ...]) -> list[str]:
    return [f"{slot.starts_at:%H:%M}" for slot in slots]


def busy(*spans: tuple[datetime, datetime], hall: str = "") -> Diary:
    return Diary(frozenset({DAY}), tuple(Engagement(start, end, hall) for start, end in spans))


def test_grid_when_two_hours_then_a_slot_every_half_hour() -> None:
    assert starts(tuple(GRID.slots())) == ["09:00", "09:30", "10:00", "10:30"]


def test_slots_when_both_are_busy_at_different_times_then_what_is_left() -> None:
    one, other = busy((at(9), at(9, 25))), busy((at(10, 30), at(12)))

    assert starts(find_free_slots(GRID.slots(), [[one], [other]]).slots) == ["09:30", "10:00"]


def test_slots_when_one_of_a_team_is_free_then_that_is_enough() -> None:
    team = [busy((at(9), at(10))), busy((at(10), at(11)))]

    assert starts(find_free_slots(GRID.slots(), [team]).slots) == ["09:00", "09:30", "10:00", "10:30"]


def test_slots_when_the_session_is_in_another_hall_then_there_is_time_to_walk() -> None:
    session = busy((at(9), at(9, 55)), hall="west")
    walk = timedelta(minutes=10)

    assert starts(find_free_slots(GRID.slots(), [[session]], hall="west", walk=walk).slots) == ["10:00", "10:30"]
    assert starts(find_free_slots(GRID.slots(), [[session]], hall="east", walk=walk).slots) == ["10:30"]


def test_slots_when_there_is_a_pause_then_before_and_after() -> None:
    meeting = busy((at(9, 30), at(9, 55)))

    found = find_free_slots(GRID.slots(), [[meeting]], pause=timedelta(minutes=5))

    assert starts(found.slots) == ["09:00", "10:00", "10:30"]


def test_slots_when_none_then_says_why() -> None:
    elsewhere = Diary(frozenset({date(2027, 5, 27)}))
    whole_day, morning, rest = busy((at(0), at(23))), busy((at(9), at(10))), busy((at(10), at(11)))

    found = [
        find_free_slots([], [[Diary()]]),
        find_free_slots(GRID.slots(), [[elsewhere], [Diary()]]),
        find_free_slots(GRID.slots(), [[Diary()], [whole_day]]),
        find_free_slots(GRID.slots(), [[morning], [rest]]),
    ]

    assert [(each.obstacle, each.group) for each in found] == [
        (Obstacle.NO_SLOTS, None),
        (Obstacle.NO_COMMON_DAY, None),
        (Obstacle.NOBODY_FREE, 1),
        (Obstacle.NO_COMMON_TIME, None),
    ]


def test_steps_when_a_meeting_begins_between_two_then_touches_both() -> None:
    start = datetime(2027, 5, 26, 1, 3, tzinfo=UTC)

    steps = steps_between(start, start + timedelta(minutes=5))

    assert [f"{step:%H:%M}" for step in steps] == ["01:00", "01:05"]
