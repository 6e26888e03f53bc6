import json
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from lxml import etree

from expo.formats.detect import detect_format, read_schedule
from expo.formats.errors import BadFile
from expo.formats.frab_json import write_frab_json
from expo.formats.frab_xml import write_frab_xml
from expo.formats.json_text import clean_json
from expo.formats.opass_json import write_opass_json
from expo.formats.schedule import Schedule
from tests.conftest import shared_file

FILES = [
    "fosdem-2013.xml",
    "fosdem-2019.xml",
    "fosdem-2024.xml",
    "frab-camp2019.json",
    "pretalx-rc3.json",
    "coscup-2023.json",
]
WRITERS = {"frab-xml": write_frab_xml, "frab-json": write_frab_json, "opass-json": write_opass_json}
ZONE = ZoneInfo("Europe/Brussels")


def shared(name: str) -> bytes:
    return shared_file(f"schedules/{name}").read_bytes()


def canonical(data: bytes) -> object:
    if data.lstrip().startswith(b"<"):
        root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True, remove_comments=True))
        return etree.tostring(root, method="c14n")
    # Control characters, which some files have, do not come back.
    return json.dumps(clean_json(json.loads(data)), ensure_ascii=False)


@pytest.mark.parametrize("name", FILES)
def test_write_when_nothing_changed_then_equals_what_came_in(name: str) -> None:
    data = shared(name)

    written = WRITERS[detect_format(data)](read_schedule(data, ZONE))

    assert canonical(written) == canonical(data)


@pytest.mark.parametrize("name", FILES)
def test_write_frab_xml_when_other_format_came_in_then_valid(name: str) -> None:
    schedule = read_schedule(shared(name), ZONE)
    schema = etree.XMLSchema(etree.fromstring(shared("schedule.xml.xsd")))

    written = write_frab_xml(_as_own(schedule))

    document = etree.fromstring(written)
    schema.assertValid(document)
    assert len(document.findall("day/room/event")) == sum(1 for event in schedule.events if event.start)


@pytest.mark.parametrize("name", FILES)
def test_write_frab_json_when_other_format_came_in_then_valid(name: str) -> None:
    schedule = read_schedule(shared(name), ZONE)
    schema = json.loads(shared("schedule.schema.json"))

    written = json.loads(write_frab_json(_as_own(schedule)))

    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(written)]
    assert errors == []


def _as_own(schedule: Schedule) -> Schedule:
    from dataclasses import replace

    return replace(schedule, format="own", document=None, events=tuple(replace(e, raw=None) for e in schedule.events))


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "file_empty", None),
        (b"<html><body>Not found</body></html>", "file_is_html", None),
        (b"<schedule>\n<conference>\n</schedule>", "file_broken", 3),
        (b"<rss></rss>", "schedule_unknown", None),
        (b'{"schedule": {}', "file_broken", 1),
        (b'{"a": 1}', "schedule_unknown", None),
        (b"PK\x03\x04\x00\x00", "file_not_text", None),
        (b"Title,Start\n", "schedule_unknown", None),
        ("<schedule><conference><title>é</title></conference></schedule>".encode("latin-1"), "file_encoding", 1),
    ],
)
def test_read_when_file_is_bad_then_says_what_is_wrong(data: bytes, code: str, line: int | None) -> None:
    with pytest.raises(BadFile) as refused:
        read_schedule(data, ZONE)

    assert (refused.value.code, refused.value.line) == (code, line)


def test_read_when_start_lies_before_day_change_then_next_morning() -> None:
    data = b"""<schedule><conference><title>T</title><day_change>09:00:00</day_change></conference>
<day index="1" date="2027-05-26"><room name="A"><event id="7"><title>Late</title><start>00:30</start>
<duration>01:00</duration></event></room></day></schedule>"""

    [event] = read_schedule(data, ZONE).events

    assert event.start is not None
    assert event.day is not None
    assert (event.day.isoformat(), event.start.isoformat()) == ("2027-05-26", "2027-05-27T00:30:00+02:00")


def test_read_when_start_is_no_time_then_names_event_and_line() -> None:
    data = b"""<schedule><conference><title>T</title></conference>
<day index="1" date="2027-05-26"><room name="A">
<event id="7"><title>X</title><start>soon</start></event></room></day></schedule>"""

    with pytest.raises(BadFile) as refused:
        read_schedule(data, ZONE)

    assert (refused.value.code, refused.value.line, refused.value.params["event"]) == ("schedule_event", 3, "7")
