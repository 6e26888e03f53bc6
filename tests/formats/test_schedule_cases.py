"""Schedules as found in the wild: known nestings, repeats, links, odd characters; recognized by their structure."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from expo.formats.calendars import CalendarEntry, write_ics
from expo.formats.detect import detect_format, inspect_schedule, read_schedule
from expo.formats.errors import BadFile
from expo.formats.frab_json import write_frab_json
from expo.formats.frab_xml import write_frab_xml
from expo.formats.opass_json import write_opass_json
from expo.formats.schedule import Link
from expo.formats.zones import list_changes
from expo.infra.config import ROOT

ZONE = ZoneInfo("Asia/Shanghai")
CASES = ROOT.parent / "shared" / "data" / "cases"
GUID = "11111111-1111-4111-8111-111111111111"
HEAD = "<schedule><version>1</version><conference><title>Trial</title><acronym>trial</acronym></conference>"


def case(name: str) -> bytes:
    path: Path = CASES / name
    if not path.exists():
        pytest.skip("the reported cases are not here")
    return path.read_bytes()


def xml(inner: str) -> bytes:
    return f"{HEAD}{inner}</schedule>".encode()


def event(number: int = 1, more: str = "", start: str = "10:00", duration: str = "00:30") -> str:
    return (
        f'<event id="{number}"><title>Talk {number}</title><start>{start}</start><duration>{duration}</duration>'
        f"{more}</event>"
    )


def frab_event(more: dict[str, object]) -> bytes:
    talk = {"id": 1, "title": "Talk", "start": "10:00", "duration": "00:30", **more}
    days = [{"date": "2027-05-01", "rooms": {"A": [talk]}}]
    return json.dumps({"schedule": {"conference": {"title": "Trial", "days": days}}}).encode()


def opass_session(more: dict[str, object]) -> bytes:
    talk = {"id": "1", "start": "2027-05-01T10:00:00+08:00", "end": "2027-05-01T10:30:00+08:00", "en": {"title": "A"}}
    tags = [{"id": "t1", "en": {"name": "Databases"}}, {"id": "t2", "zh": {"name": "中階"}, "en": {"name": "Skilled"}}]
    return json.dumps({"sessions": [{**talk, **more}], "speakers": [], "tags": tags}).encode()


def sessionize_session(items: list[str]) -> bytes:
    talk = {"id": "1", "title": "A", "startsAt": "2027-05-01T10:00:00", "endsAt": "2027-05-01T10:30:00"}
    categories = [
        {"title": "Track", "items": [{"id": 10, "name": "Advanced analytics"}]},
        {"title": "Level", "items": [{"id": 21, "name": "Introductory and overview"}]},
    ]
    return json.dumps({"sessions": [{**talk, "categoryItems": items}], "categories": categories}).encode()


@pytest.mark.parametrize(
    "inner",
    [
        f'<day date="2027-05-01"><room name="Hall A">{event()}</room></day>',
        f'<day date="2027-05-01">{event(1, "<room>Hall A</room>")}</day>',
        f'<day date="2027-05-01"><rooms><room name="Hall A">{event()}</room></rooms></day>',
        f'<day date="2027-05-01"><events>{event(1, "<room>Hall A</room>")}</events></day>',
        f"<events>{event(1, '<room>Hall A</room><date>2027-05-01T10:00:00+08:00</date>')}</events>",
        f'<days><day date="2027-05-01"><room name="Hall A">{event()}</room></day></days>',
    ],
)
def test_xml_when_events_stand_in_a_known_nesting_then_read_and_written_where_they_belong(inner: str) -> None:
    schedule = read_schedule(xml(inner), ZONE)
    [found] = schedule.events
    again = read_schedule(write_frab_xml(schedule), ZONE)
    assert (found.room, found.start) == ("Hall A", datetime(2027, 5, 1, 2, tzinfo=UTC))
    assert [(each.key, each.room, each.start) for each in again.events] == [(found.key, "Hall A", found.start)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (xml(""), "schedule_no_sessions"),
        (xml('<day date="2027-05-01"><room name="A"/></day>'), "schedule_no_sessions"),
        (b'{"schedule": {"conference": {"days": []}}}', "schedule_no_sessions"),
        (b'{"schedule": {"conference": {}}}', "schedule_no_sessions"),
        (b'{"sessions": []}', "schedule_no_sessions"),
        (b'{"sessions": [{"id": "1", "start": "2027-05-01T10:00:00"}]}', "schedule_no_titles"),
        (b'{"sessions": [{"id": "1", "en": {"title": "Talk"}}]}', "schedule_no_times"),
        (b'{"sessions": [{"id": "1", "title": "Talk", "startsAt": null}]}', "schedule_no_times"),
        (b'{"talks": []}', "schedule_unknown"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><schedule>&a;</schedule>', "file_entities"),
        (b'{"sessions": [{"id": ' + b"9" * 5000 + b"}]}", "file_broken"),
        (b'{"sessions": [NaN]}', "file_broken"),
        (b'{"sessions": [1e999]}', "file_broken"),
        (b"[" * 100_000, "file_too_deep"),
        (xml("<a>" * 300 + "</a>" * 300), "file_too_deep"),
    ],
)
def test_file_when_it_is_no_schedule_then_refused_by_its_own_reason(data: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        inspect_schedule(data, ZONE)
    assert refused.value.code == code


def test_refusal_when_nothing_was_found_then_names_where_it_was_looked_for() -> None:
    with pytest.raises(BadFile) as refused:
        read_schedule(xml(""), ZONE)
    assert refused.value.params["places"] == "schedule/day/room/event, schedule/day/event"


SESSIONIZE = {
    "sessions": [
        {
            "id": "1001",
            "title": "Opening",
            "startsAt": "2027-05-01T10:00:00",
            "endsAt": "2027-05-01T10:30:00",
            "speakers": ["aa"],
            "categoryItems": [501],
            "roomId": 11,
            "recordingUrl": "https://example.org/v",
        }
    ],
    "speakers": [{"id": "aa", "firstName": "Ada", "lastName": "Example", "bio": "Speaks."}],
    "categories": [{"id": 50, "title": "Track", "items": [{"id": 501, "name": "Data"}]}],
    "rooms": [{"id": 11, "name": "Hall A", "sort": 0}],
}
GRID: list[dict[str, Any]] = [
    {
        "date": "2027-05-01T00:00:00",
        "rooms": [
            {
                "id": 11,
                "name": "Hall A",
                "sessions": [
                    {
                        "id": "1001",
                        "title": "Opening",
                        "startsAt": "2027-05-01T10:00:00",
                        "endsAt": "2027-05-01T10:30:00",
                        "speakers": [{"id": "aa", "name": "Ada Example"}],
                        "categories": [{"name": "Track", "categoryItems": [{"id": 501, "name": "Data"}]}],
                        "roomId": 11,
                        "room": "Hall A",
                    }
                ],
            }
        ],
    }
]


@pytest.mark.parametrize(
    "value", [SESSIONIZE, GRID, [{"groupName": "All", "sessions": GRID[0]["rooms"][0]["sessions"]}]]
)
def test_sessionize_when_read_then_told_by_its_structure_with_rooms_speakers_and_tracks(value: object) -> None:
    data = json.dumps(value).encode()
    [found] = read_schedule(data, ZONE).events
    assert detect_format(data) == "sessionize"
    assert (found.title, found.minutes, found.room, found.track) == ({"en": "Opening"}, 30, "Hall A", "Data")
    assert ([each.name for each in found.persons], found.start) == (
        [{"en": "Ada Example"}],
        datetime(2027, 5, 1, 2, tzinfo=UTC),
    )


def test_repeat_when_held_again_then_a_second_slot_that_stays_the_same_in_any_order() -> None:
    first = f'<event guid="{GUID}" id="1"><title>One</title><start>10:00</start><duration>00:30</duration></event>'
    second = f'<event guid="{GUID}" id="2"><title>One</title><start>14:00</start><duration>00:30</duration></event>'
    keys = []
    for inner in (first + second, second + first):
        read = inspect_schedule(xml(f'<day date="2027-05-01"><room name="A">{inner}</room></day>'), ZONE)
        keys.append({each.key: each.start for each in read.schedule.events})
        assert read.faults == ()
    assert (keys[0], list(keys[0])) == (keys[1], [GUID, f"{GUID}#2"])


def test_faults_when_several_sessions_are_bad_then_all_are_named_and_the_rest_is_read() -> None:
    inner = (
        event(1)
        + event(2, duration="soon")
        + "<event><title>No id</title></event>"
        + event(4, start="25:99")
        + event(5)
        + event(5)
        + event(6, duration="99999:00")
    )
    read = inspect_schedule(xml(f'<day date="2027-05-01"><room name="A">{inner}</room></day>'), ZONE)
    assert [each.key for each in read.schedule.events] == ["1", "5"]
    assert [(fault.code, fault.params.get("event")) for fault in read.faults] == [
        ("schedule_event", "2"),
        ("schedule_event", "No id"),
        ("schedule_event", "4"),
        ("schedule_duplicate", "5"),
        ("schedule_event", "6"),
    ]


RICH = xml(
    f'<day date="2027-05-01"><room name="Hall A"><event guid="{GUID}" id="25"><start>10:00</start>'
    "<duration>00:30</duration><room>Hall A</room><slug>trial-25-opening</slug><title>Opening</title>"
    "<recording><license>CC0</license><optout>true</optout></recording>"
    '<links><link href="https://example.org/slides">Slides</link></links>'
    '<attachments><attachment href="https://example.org/a.pdf">Paper</attachment></attachments>'
    "</event></room></day>"
)


def test_links_and_opt_out_when_written_in_any_format_then_there_with_the_ids() -> None:
    schedule = read_schedule(RICH, ZONE)
    [found] = schedule.events
    assert (found.links, found.attachments, found.is_recording_refused, found.number) == (
        (Link("https://example.org/slides", "Slides"),),
        (Link("https://example.org/a.pdf", "Paper"),),
        True,
        "25",
    )
    for write in (write_frab_xml, write_frab_json):
        [again] = read_schedule(write(schedule), ZONE).events
        assert (again.links, again.attachments, again.is_recording_refused) == (
            found.links,
            found.attachments,
            True,
        )
        assert (again.guid, again.number, again.slug) == (GUID, "25", "trial-25-opening")
    assert json.loads(write_opass_json(schedule))["sessions"][0]["slide"] == "https://example.org/slides"


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(
            {
                "schedule": {
                    "conference": {
                        "title": "T\x00",
                        "days": [
                            {
                                "date": "2027-05-01",
                                "rooms": {
                                    "Hall\x07 A": [
                                        {
                                            "id": 1,
                                            "start": "10:00",
                                            "duration": "00:30",
                                            "title": "Page \f break",
                                            "abstract": "bell \x07",
                                            "persons": [{"id": 1, "public_name": "Ada \x00Example\ud800"}],
                                        }
                                    ]
                                },
                            }
                        ],
                    }
                }
            }
        ).encode(),
        xml(
            '<day date="2027-05-01"><room name="Hall A"><event id="1"><title>Page &#12; break&#x1F;</title>'
            "<start>10:00</start><duration>00:30</duration><abstract>bell \x07\x85</abstract></event></room></day>"
        ),
    ],
)
def test_control_characters_when_in_any_text_then_gone_from_everything(data: bytes) -> None:
    schedule = read_schedule(data, ZONE)
    written = write_frab_json(schedule) + write_frab_xml(schedule) + repr(schedule).encode("utf-8", "surrogatepass")
    assert schedule.events[0].title["en"].startswith("Page ")
    assert [sign for sign in ("\x00", "\x07", "\x0c", "\x1f") if sign.encode() in written] == []
    assert "\\x07" not in repr(schedule)
    assert "\\ud800" not in repr(schedule)


@pytest.mark.parametrize(
    "name",
    [
        "03-events-straight-under-day.xml",
        "06-sessionize-all.json",
        "14-same-guid-twice.xml",
        "16-thirty-hours.xml",
        "17-links-optout.xml",
        "18-control-signs.json",
    ],
)
def test_reported_case_when_read_then_has_its_sessions_without_a_fault(name: str) -> None:
    read = inspect_schedule(case(name), ZONE)
    assert (len(read.schedule.events) > 0, read.faults) == (True, ())


def test_reported_case_when_it_has_no_days_then_refused() -> None:
    with pytest.raises(BadFile, match="schedule_no_sessions"):
        inspect_schedule(case("03-no-days.xml"), ZONE)


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        (
            "Europe/Berlin",
            {"STANDARD": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "DAYLIGHT": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"},
        ),
        (
            "America/New_York",
            {"STANDARD": "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11", "DAYLIGHT": "FREQ=YEARLY;BYDAY=2SU;BYMONTH=3"},
        ),
        ("Asia/Shanghai", {"STANDARD": ""}),
    ],
)
def test_zone_when_described_then_by_yearly_rules(name: str, rules: dict[str, str]) -> None:
    zone = ZoneInfo(name)
    moment = datetime(2027, 7, 1, 9, tzinfo=UTC)
    data = write_ics("Expo", [CalendarEntry("1", "Talk", moment, moment, sequence=3)], zone, moment, "expo")
    calendar = Calendar.from_ical(data)
    described = {
        part.name: part["RRULE"].to_ical().decode() if "RRULE" in part else ""
        for part in calendar.walk("VTIMEZONE")[0].subcomponents
    }
    assert described == rules
    assert calendar.walk("VEVENT")[0]["SEQUENCE"] == 3


def test_changes_of_clocks_when_listed_then_to_the_second_and_in_local_time_before() -> None:
    changes = [(each.at, each.is_daylight) for each in list_changes(ZoneInfo("Europe/Berlin"), 2027)]
    assert changes == [(datetime(2027, 3, 28, 2), True), (datetime(2027, 10, 31, 3), False)]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("data", "level"),
    [
        (
            xml(f'<day date="2027-05-01"><room name="A">{event(1, "<level>Entry level</level>")}</room></day>'),
            "beginner",
        ),
        (frab_event({"answers": [{"question": 7, "answer": "Bring water"}, {"answer": "Advanced"}]}), "advanced"),
        (frab_event({"level": {"en": "Wizards"}}), "Wizards"),
        (frab_event({}), ""),
        (opass_session({"tags": ["t1", "t2"]}), "intermediate"),
        (sessionize_session(["10", "21"]), "beginner"),
    ],
)
def test_level_when_a_file_says_it_in_its_own_way_then_read(data: bytes, level: str) -> None:
    [found] = read_schedule(data, ZONE).events

    assert found.level == level


def test_level_when_written_in_the_format_that_has_room_for_it_then_kept() -> None:
    own = replace(read_schedule(frab_event({"level": "Advanced"}), ZONE), format="own", document=None)

    [found] = read_schedule(write_opass_json(replace(own, events=(replace(own.events[0], raw=None),))), ZONE).events

    assert found.level == "advanced"


@pytest.mark.parametrize("title", ["", "<title/>", "<title>  </title>"])
def test_session_when_it_has_no_title_then_named_with_its_line_and_the_others_read(title: str) -> None:
    data = (
        f'{HEAD}<day index="1" date="2027-05-26"><room name="A">\n'
        '<event id="1"><title>One</title><start>10:00</start><duration>00:30</duration></event>\n'
        f'<event id="2">{title}<start>11:00</start><duration>00:30</duration></event></room></day></schedule>'
    ).encode()

    read = inspect_schedule(data, ZONE)

    assert [event.key for event in read.schedule.events] == ["1"]
    assert [(each.code, each.params) for each in read.faults] == [
        ("schedule_event_untitled", {"line": 3, "event": "2"})
    ]


@pytest.mark.parametrize("untitled", [{"id": "2", "start": "2027-05-01T11:00:00"}, {"id": "2", "title": " "}])
def test_session_when_it_has_no_title_in_json_then_named(untitled: dict[str, str]) -> None:
    titled = {"id": "1", "en": {"title": "Talk"}, "start": "2027-05-01T10:00:00", "end": "2027-05-01T11:00:00"}

    read = inspect_schedule(json.dumps({"sessions": [titled, untitled]}).encode(), ZONE)

    assert [each.params["event"] for each in read.faults] == ["2"]
    assert len(read.schedule.events) == 1
