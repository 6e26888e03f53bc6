"""The demo's own programme: bilingual, on every day, and nobody in two places at once."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from expo.demo.schedule import draw_schedule
from expo.formats.schedule import Schedule, ScheduleEvent

DAYS = tuple(date(2027, 5, 26) + timedelta(days=n) for n in range(3))
ZONE = ZoneInfo("Asia/Shanghai")


def draw(seed: int = 1) -> Schedule:
    return draw_schedule("Demo", "demo", DAYS, ZONE, Random(seed), seed)  # noqa: S311 - a demo


def overlapping(events: list[ScheduleEvent]) -> list[tuple[str, str]]:
    timed = sorted((each.start, each.minutes or 0, each.key) for each in events if each.start)
    return [(one[2], two[2]) for one, two in pairwise(timed) if two[0] < one[0] + timedelta(minutes=one[1])]


def test_schedule_when_drawn_then_hundreds_of_bilingual_sessions_on_every_day() -> None:
    schedule = draw()
    titles = [each.title["en"] for each in schedule.events]
    assert len(schedule.events) > 500
    assert {each.day for each in schedule.events} == set(DAYS)
    assert [each.key for each in schedule.events if set(each.title) != {"en", "zh"}] == []
    assert len({each.key for each in schedule.events}) == len(schedule.events)
    assert len(titles) - len(set(titles)) < len(titles) * 0.02
    assert {"keynote", "talk", "panel", "workshop", "pitch", "ceremony"} == {each.kind for each in schedule.events}
    assert {each.language for each in schedule.events} == {"zh", "en"}


def test_schedule_when_drawn_then_no_room_and_no_speaker_has_two_sessions_at_once() -> None:
    schedule = draw()
    by_room: dict[str, list[ScheduleEvent]] = {}
    by_person: dict[str, list[ScheduleEvent]] = {}
    for event in schedule.events:
        by_room.setdefault(event.room or "", []).append(event)
        for person in event.persons:
            by_person.setdefault(person.key, []).append(event)
    assert [pair for events in by_room.values() for pair in overlapping(events)] == []
    assert [pair for events in by_person.values() for pair in overlapping(events)] == []


def test_schedule_when_drawn_again_then_the_same_for_the_same_seed_alone() -> None:
    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_schedule_when_drawn_then_every_abstract_and_biography_is_in_both_languages() -> None:
    schedule = draw()
    han = {chr(number) for number in range(0x4E00, 0xA000)}

    texts = [each.abstract for each in schedule.events] + [each.biography for each in schedule.persons]
    assert [each for each in texts if set(each) != {"en", "zh"}] == []
    assert [each["en"] for each in texts if any(char in han for char in each["en"])] == []
    assert [each["zh"] for each in texts if not any(char in han for char in each["zh"])] == []
