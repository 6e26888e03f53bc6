"""Programmes as tables: written by us, and by people with their own columns, dates and mistakes."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from expo.formats.errors import BadFile
from expo.formats.schedule_uploads import read_schedule_upload

ZONE = ZoneInfo("Asia/Shanghai")


def rows(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_table_when_columns_are_chinese_then_recognized() -> None:
    data = rows(
        "日期,开始时间,结束时间,会场,题目,演讲嘉宾,分论坛,语言,邮箱",
        "2027年5月26日,9:30,10:10,一号厅,数据要素,张伟、李娜,数据,中文,zhang@example.org；li@example.org",
    )

    upload = read_schedule_upload(data, ZONE)

    [event] = upload.read.schedule.events
    assert (event.title, event.room, event.track, event.language) == ({"en": "数据要素"}, "一号厅", "数据", "中文")
    assert [person.name["en"] for person in event.persons] == ["张伟", "李娜"]
    assert [person.email for person in event.persons] == ["zhang@example.org", "li@example.org"]
    assert (event.start, event.minutes) == (datetime(2027, 5, 26, 1, 30, tzinfo=UTC), 40)
    assert event.is_keyed_by_title


def test_table_when_rows_are_wrong_then_each_is_reported_and_good_ones_are_read() -> None:
    data = rows(
        "title,date,start,end,duration,speakers,email",
        "Good,26.5.2027,10:00,10:30,,Ada; Bo,",
        ",2027-05-26,11:00,,,,",
        "Day,31.02.2027,11:00,,,,",
        "Time,2027-05-26,soon,,,,",
        "Length,2027-05-26,11:00,,long,,",
        "Night,2027-05-26,23:30,00:30,,,",
        "Open,2027-05-26,12:00,,45,,",
        "Address,2027-05-26,12:00,,45,Ada; Bo,ada@example.org",
    )

    read = read_schedule_upload(data, ZONE).read

    assert [(event.title["en"], event.minutes) for event in read.schedule.events] == [
        ("Good", 30),
        ("Night", 60),
        ("Open", 45),
    ]
    assert [(fault.code, fault.params["line"]) for fault in read.faults] == [
        ("schedule_row_untitled", 3),
        ("schedule_row_day", 4),
        ("schedule_row_time", 5),
        ("schedule_row_duration", 6),
        ("schedule_row_emails", 9),
    ]
    assert [fault.params.get("column") for fault in read.faults] == [None, "date", "start", "duration", "email"]


def test_table_when_cells_are_merged_and_dates_are_dates_then_read_as_shown() -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    sheet = book.add_worksheet("Programme")
    sheet.merge_range("A1:E1", "Programme of the expo")
    sheet.write_row("A2", ["Date", "Start", "End", "Room", "Title"])
    sheet.merge_range("A3:A4", datetime(2027, 5, 26), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
    sheet.merge_range("D3:D4", "Hall A")
    sheet.write_row("B3", ["09:00", "09:40"])
    sheet.write_row("B4", ["10:00", "10:40"])
    sheet.write_column("E3", ["One", "Two"])
    book.close()

    upload = read_schedule_upload(data.getvalue(), ZONE)

    assert [(event.title["en"], event.room, event.start) for event in upload.read.schedule.events] == [
        ("One", "Hall A", datetime(2027, 5, 26, 1, 0, tzinfo=UTC)),
        ("Two", "Hall A", datetime(2027, 5, 26, 2, 0, tzinfo=UTC)),
    ]


def test_table_when_a_required_column_is_unknown_then_it_can_be_mapped() -> None:
    data = rows("Was,Wann,Wo", "Vortrag,2027-05-26 10:00,Saal 1")

    found = read_schedule_upload(rows("Title,Wann", "Vortrag,2027-05-26 10:00"), ZONE)
    mapped = read_schedule_upload(data, ZONE, columns={"Was": "title", "Wann": "start", "Wo": "room"})

    assert found.table is not None
    assert (found.table.missing, found.read.schedule.events) == (("start",), ())
    [event] = mapped.read.schedule.events
    assert (event.title, event.room, event.start) == (
        {"en": "Vortrag"}, "Saal 1", datetime(2027, 5, 26, 2, 0, tzinfo=UTC)
    )  # fmt: skip


def test_table_when_a_session_comes_twice_at_the_same_time_then_once_and_a_fault() -> None:
    data = rows("title,start,room", *["Talk,2027-05-26 10:00,A"] * 2, "Talk,2027-05-27 10:00,A")

    read = read_schedule_upload(data, ZONE).read

    assert len({event.key for event in read.schedule.events}) == 2
    assert [fault.code for fault in read.faults] == ["schedule_duplicate"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_table_when_no_column_is_known_then_all_can_be_mapped(encoding: str) -> None:
    upload = read_schedule_upload("Was\tWann\nVortrag\t2027-05-26 10:00\n".encode(encoding), ZONE)

    assert upload.table is not None
    assert (upload.table.columns, upload.table.missing) == (("Was", "Wann"), ("title", "start"))


@pytest.mark.parametrize("data", [b"no schedule", b"", b"%PDF-1.4", b"a,b\n"])
def test_table_when_it_has_no_column_of_a_programme_then_refused(data: bytes) -> None:
    with pytest.raises(BadFile):
        read_schedule_upload(data, ZONE)
