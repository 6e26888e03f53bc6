import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from expo.formats import bounds
from expo.formats.detect import detect_format, read_schedule
from expo.formats.errors import BadFile
from expo.formats.frab_json import write_frab_json
from expo.formats.frab_xml import write_frab_xml
from expo.formats.opass_json import write_opass_json
from expo.formats.schedule import ReadSchedule, ScheduleLink

ZONE = ZoneInfo("Asia/Shanghai")
GUID = "11111111-1111-4111-8111-111111111111"
HEAD = "<conference><title>T</title><acronym>trial</acronym></conference>"
TALK = "<event id='1'><title>Good</title><start>10:00</start><duration>00:30</duration><room>Hall A</room></event>"


def read(text: str) -> ReadSchedule:
    return read_schedule(text.encode(), ZONE)


def sessionize(**fields: object) -> dict[str, object]:
    return {
        "id": "1001",
        "title": "Opening",
        "startsAt": "2027-05-01T10:00:00",
        "endsAt": "2027-05-01T10:30:00",
        "isPlenumSession": False,
        "speakers": [],
        **fields,
    }


@pytest.mark.parametrize(
    "text",
    [
        f"<schedule>{HEAD}<day date='2027-05-01'>{TALK}</day></schedule>",
        f"<schedule>{HEAD}<day date='2027-05-01'><events>{TALK}</events></day></schedule>",
        f"<schedule>{HEAD}<days><day date='2027-05-01'><room name='Hall A'>{TALK}</room></day></days></schedule>",
        f"<schedule>{HEAD}<room name='Hall A'><day date='2027-05-01'>{TALK}</day></room></schedule>",
        f"<schedule xmlns='urn:x'>{HEAD}<day date='2027-05-01'><room name='Hall A'>{TALK}</room></day></schedule>",
        f"<schedule>{HEAD}{TALK.replace('<start>', '<date>2027-05-01</date><start>')}</schedule>",
    ],
)
def test_read_xml_when_events_stand_elsewhere_then_found(text: str) -> None:
    result = read(text)

    [event] = result.schedule.events
    assert result.faults == ()
    assert (event.title, event.room, event.start) == (
        {"en": "Good"},
        "Hall A",
        datetime(2027, 5, 1, 10, tzinfo=ZONE),
    )
    assert [e.title for e in read(write_frab_xml(result.schedule).decode()).schedule.events] == [{"en": "Good"}]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"<schedule>{HEAD}</schedule>", "schedule_no_sessions"),
        (f"<schedule>{HEAD}<day date='2027-05-01'><room name='A'/></day></schedule>", "schedule_no_sessions"),
        ('{"schedule": {"conference": {"days": []}}}', "schedule_no_sessions"),
        ('{"sessions": []}', "schedule_no_sessions"),
        ('{"sessions": [{"id": "1", "speakers": []}]}', "schedule_no_titles"),
        ('{"sessions": [{"id": "1", "zh": {"title": ""}}]}', "schedule_no_titles"),
        ('{"sessions": [{"id": "1", "title": "A"}]}', "schedule_no_times"),
        ('{"schedule": {"conference": {"days": [{"date": "2027-05-01", "rooms": {"A": [{"id": 1}]}}]}}}',
         "schedule_no_titles"),
    ],
)  # fmt: skip
def test_read_when_nothing_is_recognised_then_refused_naming_the_place(text: str, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read(text)

    assert refused.value.code == code
    assert refused.value.params["places"]


@pytest.mark.parametrize(
    "whole",
    [
        {"sessions": [sessionize(roomId=11)], "rooms": [{"id": 11, "name": "Hall A"}], "speakers": []},
        [{"groupId": None, "groupName": "All", "sessions": [sessionize(roomId=11, room="Hall A")]}],
        [{"date": "2027-05-01T00:00:00", "rooms": [{"id": 11, "name": "Hall A", "sessions": [sessionize()]}]}],
        [
            {
                "date": "2027-05-01T00:00:00",
                "rooms": [
                    {"id": 11, "name": "Hall A", "sessions": [sessionize(isPlenumSession=True)]},
                    {"id": 12, "name": "Hall B", "sessions": [sessionize(isPlenumSession=True)]},
                ],
            }
        ],
    ],
    ids=["all", "sessions", "grid", "grid with plenum"],
)
def test_read_sessionize_when_any_view_then_title_time_and_room(whole: object) -> None:
    data = json.dumps(whole).encode()

    result = read_schedule(data, ZONE)

    [event] = result.schedule.events
    assert (detect_format(data), result.faults) == ("sessionize", ())
    assert (event.title, event.room, event.start, event.minutes) == (
        {"en": "Opening"},
        "Hall A",
        datetime(2027, 5, 1, 10, tzinfo=ZONE),
        30,
    )


def test_read_when_session_is_repeated_then_second_slot() -> None:
    first = f"<event guid='{GUID}' id='1'><title>Good</title><start>10:00</start><duration>00:30</duration></event>"
    second = first.replace("10:00", "14:00")
    text = f"<schedule>{HEAD}<day date='2027-05-01'><room name='A'>{first}{second}</room></day></schedule>"

    result = read(text)

    assert [event.key for event in result.schedule.events] == [GUID, f"{GUID}@20270501T0600"]
    assert result.faults == ()
    assert write_frab_xml(result.schedule).count(GUID.encode()) == 2


def test_read_when_sessions_are_bad_then_every_fault_is_reported_and_the_rest_read() -> None:
    text = f"""<schedule>{HEAD}<day date='2027-05-01'><room name='A'>
<event id='1'><title>Good</title><start>10:00</start></event>
<event id='2'><title>Soon</title><start>soon</start></event>
<event id='3'><title>Long</title><start>10:00</start><duration>-1:00</duration></event>
<event id='4'><start>11:00</start></event>
<event><title>Nameless</title><start>11:00</start></event>
<event id='1'><title>Good</title><start>10:00</start></event>
</room></day></schedule>"""

    result = read(text)

    assert [event.key for event in result.schedule.events] == ["1"]
    assert [(fault.line, fault.code, fault.event, fault.field) for fault in result.faults] == [
        (3, "session_start_invalid", "Soon", "start"),
        (4, "session_duration_invalid", "Long", "duration"),
        (5, "session_title_missing", "4", "title"),
        (6, "session_id_missing", "Nameless", "id"),
        (7, "session_repeated", "Good", "id"),
    ]


def test_read_when_session_lasts_thirty_hours_then_kept_and_written() -> None:
    text = f"""<schedule>{HEAD}<day date='2027-05-01'><room name='A'>
<event id='2'><title>Hackathon</title><start>18:00</start><duration>30:00</duration></event>
<event id='3'><title>Party</title><start>25:30</start><duration>1:00</duration></event></room></day></schedule>"""

    schedule = read(text).schedule

    for written in (write_frab_xml(schedule), write_frab_json(schedule), write_opass_json(schedule)):
        events = read_schedule(written, ZONE).schedule.events
        assert [(event.start, event.minutes) for event in events] == [
            (datetime(2027, 5, 1, 18, tzinfo=ZONE), 1800),
            (datetime(2027, 5, 2, 1, 30, tzinfo=ZONE), 60),
        ]


def test_read_json_when_day_starts_in_the_morning_then_night_is_after_it() -> None:
    day = {
        "date": "2027-05-01",
        "day_start": "2027-05-01T06:00:00+08:00",
        "rooms": {"A": [{"id": 1, "title": "Late", "start": "00:30", "duration": "01:00"}]},
    }

    [event] = read(json.dumps({"schedule": {"conference": {"days": [day]}}})).schedule.events

    assert event.start == datetime(2027, 5, 2, 0, 30, tzinfo=ZONE)


def test_write_when_another_format_then_links_attachments_and_opt_out_survive() -> None:
    text = f"""<schedule>{HEAD}<day date='2027-05-01'><room name='A'><event guid='{GUID}' id='25'>
<title>Opening</title><start>10:00</start><duration>00:30</duration>
<recording><license>CC0</license><optout>true</optout></recording>
<links><link href='https://example.org/slides'>Slides</link></links>
<attachments><attachment href='https://example.org/a.pdf'>Paper</attachment></attachments>
</event></room></day></schedule>"""
    schedule = read(text).schedule

    for write in (write_frab_xml, write_frab_json, write_opass_json):
        [event] = read_schedule(write(schedule), ZONE).schedule.events
        assert (event.links, event.attachments, event.do_not_record, event.license, event.guid, event.number) == (
            (ScheduleLink("https://example.org/slides", "Slides"),),
            (ScheduleLink("https://example.org/a.pdf", "Paper"),),
            True,
            "CC0",
            GUID,
            "25",
        ), write.__name__


@pytest.mark.parametrize(
    "data",
    [
        (
            b'{"schedule":{"conference":{"days":[{"date":"2027-05-01","rooms":{"A\\u0000":[{"id":1,"title":'
            b'"Page \\f break","start":"10:00","persons":[{"id":1,"public_name":"Ada \\ud800Example"}]}]}}]}}}'
        ),
        (
            b'{"schedule":{"conference":{"days":[{"date":"2027-05-01","rooms":{"A":[{"id":1,"title":'
            b'"Page \x0c break","start":"10:00","persons":[{"id":1,"public_name":"Ada \x00Example"}]}]}}]}}}'
        ),
        b"""<schedule><conference/><day date='2027-05-01'><room name='A&#1;'><event id='1'>
<title>Page &#xC; break</title><start>10:00</start>
<persons><person id='1'>Ada \x0bExample</person></persons></event></room></day></schedule>""",
    ],
)
def test_read_when_texts_have_control_characters_then_cleaned(data: bytes) -> None:
    schedule = read_schedule(data, ZONE).schedule

    [event] = schedule.events
    [person] = event.persons
    assert (event.title, event.room, person.name) == ({"en": "Page  break"}, "A", {"en": "Ada Example"})
    assert b"\x0c" not in write_frab_xml(schedule)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE s [<!ENTITY a "b">]><schedule><conference><title>&a;</title></conference></schedule>',
         "file_entities"),
        (b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><schedule>&x;</schedule>', "file_entities"),
        (b"<schedule>" + b"<a>" * 100 + b"</a>" * 100 + b"</schedule>", "file_too_deep"),
        (b"<schedule>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</schedule>", "file_too_deep"),
        (b"[" * 100 + b"]" * 100, "file_too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "file_too_deep"),
        (b'{"schedule": ' + b"1" * 5000 + b"}", "file_broken"),
    ],
)  # fmt: skip
def test_read_when_beyond_a_bound_then_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_schedule(data, ZONE)

    assert refused.value.code == code


@pytest.mark.parametrize("data", [b"<schedule>" + b"<a/>" * 60 + b"</schedule>", b"[" + b"1," * 60 + b"1]"])
def test_read_when_too_many_elements_then_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_ELEMENTS", 50)

    with pytest.raises(BadFile) as refused:
        read_schedule(data, ZONE)

    assert (refused.value.code, refused.value.params["maximum"]) == ("file_too_many_elements", 50)


def test_read_when_end_lies_before_start_then_fault() -> None:
    good = sessionize()
    bad = sessionize(id="2", title="Backwards", endsAt="2027-05-01T09:00:00")

    result = read(json.dumps({"sessions": [good, bad]}))

    assert [event.key for event in result.schedule.events] == ["1001"]
    assert [(fault.code, fault.event, fault.field) for fault in result.faults] == [
        ("session_end_invalid", "Backwards", "end")
    ]
