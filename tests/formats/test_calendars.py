"""Calendars are read by another implementation of RFC 5545."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from expo.formats.calendars import CalendarEntry, write_ics

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2027, 5, 26, 2, 0, tzinfo=UTC)
CHANGED = datetime(2027, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="expo-2027-session-1",
    title="数据，安全; 与\\共享, " + "长标题" * 40,
    starts_at=START,
    ends_at=START + timedelta(minutes=40),
    location="Hall A, room 1",
    description="line one\r\nline two\x07",
    url="https://expo.test/sessions/数据",
    categories=("A, B", "C"),
    attachments=("https://expo.test/slides.pdf?a=1,2",),
    sequence=3,
    changed_at=CHANGED,
)


def write(*entries: CalendarEntry) -> bytes:
    return write_ics("数博会, 2027", entries, ZONE, CHANGED + timedelta(days=1), "expo-2027")


def test_calendar_when_read_by_others_then_says_what_was_written() -> None:
    calendar = Calendar.from_ical(write(ENTRY))

    [event] = calendar.walk("VEVENT")
    assert str(event["summary"]) == ENTRY.title
    assert str(event["location"]) == ENTRY.location
    assert str(event["description"]) == "line one\nline two"
    assert str(event["url"]) == ENTRY.url
    assert [str(each) for each in event["categories"].cats] == ["A, B", "C"]
    assert str(event["attach"]) == ENTRY.attachments[0]
    assert (event.start, event.end) == (ENTRY.starts_at.astimezone(ZONE), ENTRY.ends_at.astimezone(ZONE))
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event["dtstamp"].dt == event["last-modified"].dt == CHANGED.replace(microsecond=0)
    assert (event["sequence"], event["status"], event["uid"]) == (3, "CONFIRMED", "expo-2027-session-1@expo-2027")
    assert [str(each["tzid"]) for each in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]


def test_calendar_when_lines_are_long_then_folded_within_75_octets_and_between_characters() -> None:
    lines = write(ENTRY).split(b"\r\n")

    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines if line)


def test_calendar_when_nothing_changed_then_the_same_bytes() -> None:
    assert write(ENTRY) == write(ENTRY)


def test_calendar_when_a_session_is_cancelled_then_it_stays_with_that_status() -> None:
    cancelled = CalendarEntry("1", "Talk", START, START, sequence=4, is_cancelled=True)

    [event] = Calendar.from_ical(write(cancelled)).walk("VEVENT")

    assert (event["status"], event["sequence"]) == ("CANCELLED", 4)
    assert event["dtstamp"].dt == (CHANGED + timedelta(days=1)).replace(microsecond=0)


def test_calendar_when_subscribed_then_asks_to_be_read_often_and_reminds_of_what_takes_place() -> None:
    early = timedelta(minutes=15)
    entries = (replace(ENTRY, remind_before=early), replace(ENTRY, uid="2", is_cancelled=True, remind_before=early))

    calendar = Calendar.from_ical(write_ics("Mine", entries, ZONE, CHANGED, "expo-2027", early))

    held, cancelled = calendar.walk("VEVENT")
    [alarm] = held.walk("VALARM")
    assert (alarm["action"], alarm["trigger"].dt, str(alarm["description"])) == ("DISPLAY", -early, ENTRY.title)
    assert cancelled.walk("VALARM") == []
    assert calendar["refresh-interval"].dt == early
    assert b"VALARM" not in write(ENTRY)
    assert b"REFRESH" not in write(ENTRY)


def test_calendar_when_a_title_tries_to_add_lines_then_it_is_one_text() -> None:
    hostile = CalendarEntry("1", "A\r\nBEGIN:VEVENT\r\nSUMMARY:B", START, START, url="https://a.test/\r\nX-EVIL:1")

    calendar = Calendar.from_ical(write(hostile))

    assert [str(each["summary"]) for each in calendar.walk("VEVENT")] == ["A\nBEGIN:VEVENT\nSUMMARY:B"]
    assert b"\r\nX-EVIL" not in write(hostile)
