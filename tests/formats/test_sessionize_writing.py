"""Programmes in the two views of Sessionize's API."""

import json
from zoneinfo import ZoneInfo

import pytest

from expo.formats.detect import detect_format, read_schedule
from expo.formats.sessionize import read_sessionize, write_sessionize_all, write_sessionize_grid
from tests.formats.test_schedules import FILES, shared

ZONE = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize("name", FILES)
def test_all_when_a_real_file_was_read_then_ids_refer_to_what_is_there(name: str) -> None:
    schedule = read_schedule(shared(name), ZONE)

    whole = json.loads(write_sessionize_all(schedule))

    rooms = {each["id"] for each in whole["rooms"]}
    speakers = {each["id"] for each in whole["speakers"]}
    items = {item["id"] for category in whole["categories"] for item in category["items"]}
    assert len(whole["sessions"]) == len(schedule.events)
    assert {each["roomId"] for each in whole["sessions"]} <= rooms | {None}
    assert {one for each in whole["sessions"] for one in each["speakers"]} <= speakers
    assert {one for each in whole["sessions"] for one in each["categoryItems"]} <= items


@pytest.mark.parametrize("name", FILES)
def test_grid_when_a_real_file_was_read_then_every_session_is_in_a_room_and_a_time_slot(name: str) -> None:
    schedule = read_schedule(shared(name), ZONE)
    data = write_sessionize_grid(schedule)

    days = json.loads(data)

    placed = [one["id"] for day in days for room in day["rooms"] for one in room["sessions"]]
    timed = [one["session"]["id"] for day in days for slot in day["timeSlots"] for one in slot["rooms"]]
    assert sorted(placed) == sorted(timed) == sorted(event.key for event in schedule.events if event.start)
    assert detect_format(data) == "sessionize"


@pytest.mark.parametrize("write", [write_sessionize_all, write_sessionize_grid])
def test_views_when_read_again_then_times_rooms_and_categories_are_the_same(write: object) -> None:
    schedule = read_schedule(shared("pretalx-rc3.json"), ZONE)

    again = read_sessionize(write(schedule), ZONE).schedule  # type: ignore[operator]

    found = {event.key: event for event in again.events}
    assert [
        (event.start, event.minutes, event.room, event.track, event.kind, event.language) for event in schedule.events
    ] == [
        (each.start, each.minutes, each.room, each.track, each.kind, each.language)
        for each in (found[event.key] for event in schedule.events)
    ]


def test_views_when_nothing_changed_then_the_same_bytes() -> None:
    schedule = read_schedule(shared("coscup-2023.json"), ZONE)

    assert write_sessionize_all(schedule) == write_sessionize_all(schedule)
    assert write_sessionize_grid(schedule) == write_sessionize_grid(schedule)
