import re
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from expo.documents.schedule import (
    ScheduleDay,
    ScheduleLabels,
    ScheduleSession,
    render_personal_schedule,
    render_schedule,
)
from tests.documents.papers import information, ink, pictures, words

NOW = datetime(2026, 8, 20, 14, 5)  # noqa: DTZ001 - already in the edition's zone, as documents get it
DAY = datetime(2026, 8, 26)  # noqa: DTZ001 - as above
SESSION = ScheduleSession(
    start=DAY + timedelta(hours=10),
    end=DAY + timedelta(hours=11),
    room="Room 1",
    hall="Hall A",
    title="Data for everyone",
    speakers=("Anna Kovács", "张伟明"),
    track="Open data",
    language="en",
    kind="Talk",
)
LABELS = ScheduleLabels()


def session(minutes: int, room: str = "Room 1", length: int = 30, **changes: Any) -> ScheduleSession:
    start = DAY + timedelta(hours=9, minutes=minutes)
    placed = replace(SESSION, start=start, end=start + timedelta(minutes=length), room=room)
    return replace(placed, **changes)


def full_day(label: str, rooms: int, each: int) -> ScheduleDay:
    sessions = tuple(
        session(
            number * 30 + place % 3 * 5,
            f"Room {place}",
            25,
            title=f"Session {label}-{place}-{number} on something that needs a long title",
            track=f"Track {place % 11}",
        )
        for place in range(rooms)
        for number in range(each)
    )
    return ScheduleDay(label, sessions, tuple(f"Room {place}" for place in range(rooms)))


def test_render_schedule_when_it_has_800_sessions_in_35_rooms_then_all_are_found_in_seconds(tmp_path: Path) -> None:
    days = [full_day("Wednesday", 35, 12), full_day("Thursday", 35, 11)]
    assert sum(len(day.sessions) for day in days) == 805

    start = time.process_time()
    pdf = render_schedule("Big Data Expo", "Guiyang", days, "en", LABELS, NOW)
    took = time.process_time() - start

    found = words(pdf, tmp_path)
    missing = [
        one.title.split(" on ")[0] for day in days for one in day.sessions if one.title.split(" on ")[0] not in found
    ]
    assert missing == []
    assert took < 20
    pages = int(information(pdf, tmp_path)["Pages"])
    numbers = re.findall(r"Page (\d+) of (\d+)", found)
    assert numbers == [(str(number), str(pages)) for number in range(2, pages + 1)]


def test_render_schedule_when_read_then_has_cover_facts_and_a_heading_on_every_page(tmp_path: Path) -> None:
    days = [ScheduleDay("Wednesday, 26 August", (SESSION,)), ScheduleDay("Thursday, 27 August", ())]
    pdf = render_schedule("Big Data Expo", "Guiyang, 26–27 August", days, "en", LABELS, NOW)

    cover, listed, grid, empty, _ = words(pdf, tmp_path).split("\f")
    assert [
        text for text in ("Schedule", "Big Data Expo", "Guiyang", "As of 2026-08-20 14:05") if text not in cover
    ] == []
    wanted = (
        "Wednesday, 26 August",
        "Hall A",
        "10:00",
        "Room 1",
        "Data for everyone",
        "Anna Kovács",
        "张伟明",
        "Open data",
        "Talk",
    )
    assert [text for text in wanted if text not in listed] == []
    assert [text for text in ("Wednesday, 26 August", "Room 1", "Data for", "11:00") if text not in grid] == []
    assert "Thursday, 27 August" in empty
    assert LABELS.nothing in empty


def test_render_schedule_when_opened_then_has_a_bookmark_for_every_day(tmp_path: Path) -> None:
    days = [ScheduleDay("Wednesday", (SESSION,)), ScheduleDay("星期四", (SESSION,))]
    pdf = render_schedule("Big Data Expo", "Guiyang", days, "en", LABELS, NOW)
    titles = re.findall(rb"/Title \((.*?)(?<!\\)\)", pdf)

    assert b"Wednesday" in titles
    assert b"By time" in titles
    assert b"By room" in titles
    assert len(titles) == 8  # the document, its cover, two days with two entries each
    facts = information(pdf, tmp_path)
    assert facts["Title"] == "Big Data Expo · Schedule"
    assert facts["Author"] == "Big Data Expo"
    assert b"/Lang (en)" in pdf


def test_render_schedule_when_chinese_then_its_text_can_be_searched(tmp_path: Path) -> None:
    labels = ScheduleLabels("日程", "按时间", "按会场", "第 {page} 页，共 {pages} 页", "更新于 {moment}", "暂无安排")
    day = ScheduleDay(
        "2026年8月26日",
        (replace(SESSION, title="数据要素市场化配置改革", room="会议室一", hall="一号馆", track="数字经济"),),
    )
    found = words(render_schedule("大数据博览会", "贵阳", [day], "zh-Hans", labels, NOW), tmp_path)

    wanted = (
        "日程",
        "大数据博览会",
        "2026年8月26日",
        "数据要素市场化配置改革",
        "会议室一",
        "一号馆",
        "数字经济",
        "第 2 页，共 3 页",
        "更新于 2026-08-20 14:05",
    )
    assert [text for text in wanted if text not in found] == []


def test_render_schedule_when_arabic_then_is_mirrored_and_searchable(tmp_path: Path) -> None:
    labels = ScheduleLabels("البرنامج", "حسب الوقت", "حسب القاعة", "صفحة {page} من {pages}", "حتى {moment}", "لا شيء")
    day = ScheduleDay("الأربعاء", (replace(SESSION, title="البيانات للجميع"),))
    right_to_left = render_schedule("معرض البيانات", "قوييانغ", [day], "ar", labels, NOW)
    rightward = render_schedule("معرض البيانات", "قوييانغ", [day], "en", labels, NOW)

    right_side, left_side = (0.86, 0.08, 0.97, 0.12), (0.03, 0.08, 0.14, 0.12)
    inks = [
        tuple(ink(pictures(pdf, tmp_path, dpi=80, last=2)[1], side) > 20 for side in (left_side, right_side))
        for pdf in (right_to_left, rightward)
    ]

    # The time of day is where reading begins.
    assert inks == [(False, True), (True, False)]
    found = words(right_to_left, tmp_path)
    assert [text for text in ("البيانات للجميع", "البرنامج", "2026-08-20 14:05") if text not in found] == []


def test_render_schedule_when_a_time_has_many_sessions_then_repeats_the_time_and_leaves_no_orphan(
    tmp_path: Path,
) -> None:
    sessions = tuple(session(0, f"Room {place:02}", title=f"Parallel {place:02}") for place in range(60))
    pages = words(render_schedule("Expo", "", [ScheduleDay("Wednesday", sessions)], "en", LABELS, NOW), tmp_path).split(
        "\f"
    )
    counts = [
        page.count("Parallel") for page in pages if "By room" not in page and "Parallel" in page and "Hall A" in page
    ]
    lists = [page for page in pages if re.search(r"09:00 +Room", page)]

    assert sum(page.count("Parallel") for page in lists) == 60
    assert min(page.count("Parallel") for page in lists) >= 2
    assert counts[: len(lists)] == [page.count("Parallel") for page in lists]


@pytest.mark.parametrize(
    "changes",
    [
        {"room": None, "hall": None, "track": None, "language": None, "kind": None, "speakers": ()},
        {"length": 1},
        {"length": 0},
        {"length": 60 * 30},
        {"title": "\U0001f600"},
        {"title": "", "room": "x" * 300, "hall": "", "speakers": ("y" * 300,) * 40},
        {"title": "W" * 2000},
        {"title": "<b>&amp;</b> %s {x} \u202e"},
    ],
)
def test_render_schedule_when_a_session_is_odd_then_still_prints_it(tmp_path: Path, changes: dict[str, Any]) -> None:
    pdf = render_schedule("Expo", "", [ScheduleDay("Wednesday", (SESSION, session(60, **changes)))], "en", LABELS, NOW)

    assert "Data for everyone" in words(pdf, tmp_path)


def test_render_schedule_when_two_sessions_share_a_room_and_time_then_both_are_in_the_grid(tmp_path: Path) -> None:
    day = ScheduleDay("Wednesday", (session(0, title="First", length=60), session(30, title="Second", length=60)))
    *_, grid, _ = words(render_schedule("Expo", "", [day], "en", LABELS, NOW), tmp_path).split("\f")

    assert "First" in grid
    assert "Second" in grid


def test_render_schedule_when_there_are_no_days_then_is_a_cover(tmp_path: Path) -> None:
    pdf = render_schedule("Expo", "", [], "en", LABELS, NOW)

    assert information(pdf, tmp_path)["Pages"] == "1"
    # Without the time at which it was made, the same programme gives the same bytes.
    assert b"/CreationDate (D:2000" in pdf


def test_render_personal_schedule_when_printed_then_has_the_name_and_only_these_sessions(tmp_path: Path) -> None:
    days = [
        ScheduleDay("Wednesday", (SESSION, session(300, title="Later"))),
        ScheduleDay("Thursday", (session(10, title="Next day"),)),
    ]
    found = words(render_personal_schedule("Big Data Expo", "张伟明 Zhang Weiming", days, "en", LABELS, NOW), tmp_path)

    wanted = (
        "Big Data Expo",
        "张伟明 Zhang Weiming",
        "Wednesday",
        "Data for everyone",
        "Later",
        "Thursday",
        "Next day",
        "Room 1",
        "Page 1 of 1",
    )
    assert [text for text in wanted if text not in found] == []


def test_render_personal_schedule_when_long_then_goes_on_over_pages(tmp_path: Path) -> None:
    days = [ScheduleDay("Wednesday", tuple(session(place * 10, title=f"Item {place:02}") for place in range(60)))]
    found = words(render_personal_schedule("Expo", "Anna", days, "en", LABELS, NOW), tmp_path)

    assert sorted(set(re.findall(r"Item (\d\d)", found))) == [f"{place:02}" for place in range(60)]
    assert re.findall(r"Page (\d) of (\d)", found) == [(str(number), "4") for number in (1, 2, 3, 4)]


def test_render_personal_schedule_when_nothing_is_planned_then_says_so(tmp_path: Path) -> None:
    assert LABELS.nothing in words(render_personal_schedule("Expo", "Anna", [], "en", LABELS, NOW), tmp_path)
