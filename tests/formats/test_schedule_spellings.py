"""Days, times and durations as generators spell them, and files whose outer levels are missing."""

import json
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expo.formats.detect import inspect_schedule
from expo.formats.errors import BadFile
from expo.formats.schedule import parse_clock, parse_day, parse_minutes

ZONE = ZoneInfo("Asia/Shanghai")
DAY: dict[str, Any] = {
    "date": "2027-05-01",
    "rooms": {"Hall 1": [{"id": 1, "title": "数据", "start": "10:00", "duration": "00:30"}]},
}


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("00:30", 30), ("1:30:00", 90), ("1:06:00:00", 1800), ("45", 45), ("1h30", 90), ("PT45M", 45), ("P1DT2H", 1560)],
)
def test_duration_when_spelled_in_any_usual_way_then_read(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "soon", "-00:30", "1:2:3:4:5", "PT", "h"])
def test_duration_when_it_is_none_then_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*"):
        parse_minutes(text)


@pytest.mark.parametrize(
    ("text", "clock"),
    [("9:05", time(9, 5)), ("09.05", time(9, 5)), ("2:30 PM", time(14, 30)), ("12:15 a.m.", time(0, 15)),
     ("23:59:58", time(23, 59, 58))],
)  # fmt: skip
def test_clock_when_spelled_in_any_usual_way_then_read(text: str, clock: time) -> None:
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["", "noon", "25:00", "13:00 PM", "0:10 AM", "10:7", "10"])
def test_clock_when_it_is_none_then_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s).*"):
        parse_clock(text)


def test_day_when_spelled_with_slashes_or_dots_then_read() -> None:
    assert {parse_day(text) for text in ("2027-05-01", "2027/5/1", "2027.05.01", "2027-05-01T10:00:00")} == {
        date(2027, 5, 1)
    }
    with pytest.raises(ValueError, match=r"(?s).*"):
        parse_day("01-05-2027")


@pytest.mark.parametrize(
    "whole",
    [
        {"schedule": {"conference": {"days": [DAY]}}},
        {"conference": {"days": [DAY]}},
        {"schedule": {"days": [DAY]}},
        {"days": [DAY]},
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_when_outer_levels_are_missing_then_the_sessions_are_found(whole: Any, encoding: str) -> None:
    read = inspect_schedule(json.dumps(whole, ensure_ascii=False).encode(encoding), ZONE)

    assert [(event.title, event.minutes, event.room) for event in read.schedule.events] == [
        ({"en": "数据"}, 30, "Hall 1")
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<schedule><day date="2027-05-01"><room name="R"><talk id="1"/></room></day></schedule>',
        "<rss><channel><item><title>x</title></item></channel></rss>",
        '{"schedule": {"conference": {"days": []}}}',
        '{"days": []}',
        '{"count": 1, "results": [{"code": "A", "title": "T"}]}',
        '[{"code": "A", "title": "T"}]',
        '{"sessions": [{"id": "1", "title": "T", "roomId": 1, "startsAt": null}]}',
        "BEGIN:VCALENDAR\nEND:VCALENDAR",
    ],
)
def test_file_when_no_session_is_recognised_then_refused(text: str) -> None:
    with pytest.raises(BadFile):
        inspect_schedule(text.encode(), ZONE)
