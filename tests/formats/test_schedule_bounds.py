import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from expo.formats import bounds
from expo.formats.detect import inspect_schedule
from expo.formats.errors import BadFile
from expo.formats.frab_json import write_frab_json
from expo.formats.opass_json import write_opass_json
from expo.formats.schedule import Link

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE s [<!ENTITY a "b">]><schedule><title>&a;</title></schedule>', "file_entities"),
        (b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><schedule>&x;</schedule>', "file_entities"),
        (b"<schedule>" + b"<a>" * 100 + b"</a>" * 100 + b"</schedule>", "file_too_deep"),
        (b"<schedule>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</schedule>", "file_too_deep"),
        (b"[" * 100 + b"]" * 100, "file_too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "file_too_deep"),
        (b'{"schedule": ' + b"1" * 5000 + b"}", "file_broken"),
    ],
    ids=["internal entity", "external entity", "deep xml", "deeper xml", "deep json", "deeper json", "long number"],
)
def test_inspect_when_beyond_a_bound_then_refused(data: bytes, code: str) -> None:
    with pytest.raises(BadFile) as refused:
        inspect_schedule(data, ZONE)

    assert refused.value.code == code


@pytest.mark.parametrize("data", [b"<schedule>" + b"<a/>" * 60 + b"</schedule>", b"[" + b"1," * 60 + b"1]"])
def test_inspect_when_too_many_elements_then_names_the_limit(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_ELEMENTS", 50)

    with pytest.raises(BadFile) as refused:
        inspect_schedule(data, ZONE)

    assert (refused.value.code, refused.value.params["maximum"]) == ("file_too_many_elements", 50)


def test_inspect_when_a_plenum_stands_under_each_room_then_once() -> None:
    plenum = {
        "id": "1",
        "title": "Opening",
        "startsAt": "2027-05-01T10:00:00",
        "endsAt": "2027-05-01T10:30:00",
        "isPlenumSession": True,
    }
    rooms = [{"id": number, "name": f"Hall {number}", "sessions": [plenum]} for number in (1, 2)]

    read = inspect_schedule(json.dumps([{"date": "2027-05-01T00:00:00", "rooms": rooms}]).encode(), ZONE)

    assert [(event.key, event.room) for event in read.schedule.events] == [("1", "Hall 1")]
    assert read.faults == ()


def test_inspect_when_the_root_has_a_namespace_then_events_found() -> None:
    data = b"""<schedule xmlns="urn:x"><conference><title>T</title></conference><day date="2027-05-01"><room name="A">
<event id="1"><title>Late</title><start>25:30</start><duration>1:00</duration></event></room></day></schedule>"""

    [event] = inspect_schedule(data, ZONE).schedule.events

    assert (event.title, event.start) == ({"en": "Late"}, datetime(2027, 5, 2, 1, 30, tzinfo=ZONE))


def test_inspect_when_the_day_begins_in_the_morning_then_night_comes_after_it_and_stays_so() -> None:
    late = {"id": 1, "title": "Late\x07", "start": "00:30", "duration": "01:00"}
    day = {"date": "2027-05-01", "day_start": "2027-05-01T06:00:00+08:00", "rooms": {"A": [late]}}
    data = json.dumps({"schedule": {"conference": {"days": [day]}}}).replace("\\u0007", "\x07").encode()

    schedule = inspect_schedule(data, ZONE).schedule

    [event] = schedule.events
    assert (event.title, event.start) == ({"en": "Late"}, datetime(2027, 5, 2, 0, 30, tzinfo=ZONE))
    assert inspect_schedule(write_frab_json(schedule), ZONE).schedule.events == schedule.events


def test_write_opass_when_another_format_came_in_then_attachments_opt_out_and_ids_survive() -> None:
    data = b"""<schedule><conference><title>T</title></conference><day date="2027-05-01"><room name="A">
<event guid="11111111-1111-4111-8111-111111111111" id="25"><title>Opening</title><start>10:00</start>
<duration>00:30</duration><recording><license>CC0</license><optout>true</optout></recording>
<links><link href="https://example.org/slides">Slides</link></links>
<attachments><attachment href="https://example.org/a.pdf">Paper</attachment></attachments></event>
</room></day></schedule>"""

    [event] = inspect_schedule(write_opass_json(inspect_schedule(data, ZONE).schedule), ZONE).schedule.events

    assert (event.links, event.attachments, event.is_recording_refused, event.guid, event.number) == (
        (Link("https://example.org/slides", "Slides"),),
        (Link("https://example.org/a.pdf", "Paper"),),
        True,
        "11111111-1111-4111-8111-111111111111",
        "25",
    )
