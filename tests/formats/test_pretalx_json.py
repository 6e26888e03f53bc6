"""Talks and speakers as pretalx's API returns them, in its newer and its older form."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.detect import detect_format
from expo.formats.pretalx_json import read_pretalx_json, write_pretalx_json
from expo.formats.schedule import Link

ZONE = ZoneInfo("Europe/Berlin")
TALK = {
    "code": "ABCDEF",
    "title": "A talk",
    "abstract": "Short",
    "description": "Long",
    "state": "confirmed",
    "content_locale": "en",
    "do_not_record": True,
    "duration": 30,
    "track": {"id": 1, "name": {"en": "Data", "de": "Daten"}},
    "submission_type": {"id": 2, "name": {"en": "Talk"}},
    "tags": [{"id": 5, "tag": "beginner"}],
    "resources": [{"resource": "https://a.test/slides.pdf", "description": "Slides"}],
    "speakers": [{"code": "SPEAKR", "name": "Ada"}],
    "slots": [
        {"start": "2027-05-26T10:00:00+02:00", "end": "2027-05-26T10:30:00+02:00", "room": {"name": {"en": "Hall A"}}}
    ],
}
OLD = {
    "code": "OLDOLD",
    "title": "An old talk",
    "submission_type": {"en": "Workshop"},
    "track": {"en": "Data"},
    "state": "confirmed",
    "speakers": [{"code": "SPEAKR", "name": "Ada", "biography": "Wrote programs."}],
    "slot": {"start": "2027-05-26T12:00:00+02:00", "end": "2027-05-26T13:00:00+02:00", "room": {"en": "Hall B"}},
}


def data(*talks: dict[str, Any]) -> bytes:
    return json.dumps({"count": len(talks), "next": None, "results": talks}).encode()


def test_read_when_talks_are_expanded_then_all_fields() -> None:
    file = data(TALK, {**TALK, "code": "REJECT", "state": "rejected"})

    schedule = read_pretalx_json(file, ZONE).schedule

    [event] = schedule.events
    assert detect_format(file) == "pretalx"
    assert (event.key, event.title, event.abstract) == ("ABCDEF", {"en": "A talk"}, {"en": "Short"})
    assert (event.start, event.minutes, event.room) == (datetime(2027, 5, 26, 8, 0, tzinfo=UTC), 30, "Hall A")
    assert (event.track, event.kind, event.language, event.level) == ("Data", "Talk", "en", "beginner")
    assert event.attachments == (Link("https://a.test/slides.pdf", "Slides"),)
    assert event.is_recording_refused
    assert [track.name for track in schedule.tracks] == [{"en": "Data", "de": "Daten"}]


def test_read_when_talks_are_in_the_older_form_then_the_same_fields() -> None:
    schedule = read_pretalx_json(data(OLD), ZONE).schedule

    [event] = schedule.events
    assert (event.room, event.minutes, event.kind, event.track) == ("Hall B", 60, "Workshop", "Data")
    assert [person.biography for person in schedule.persons] == [{"en": "Wrote programs."}]


def test_read_when_talks_and_speakers_are_in_one_file_then_joined() -> None:
    talks = [{**TALK, "speakers": ["SPEAKR"]}]
    speakers = [{"code": "SPEAKR", "name": "Ada", "biography": "Wrote programs."}]
    file = json.dumps({"talks": talks, "speakers": {"results": speakers}}).encode()

    [event] = read_pretalx_json(file, ZONE).schedule.events

    assert [(each.name, each.biography) for each in event.persons] == [({"en": "Ada"}, {"en": "Wrote programs."})]


def test_read_when_a_talk_has_two_slots_then_two_events() -> None:
    again = {**TALK["slots"][0], "start": "2027-05-27T10:00:00+02:00", "end": "2027-05-27T10:30:00+02:00"}  # type: ignore[index]

    events = read_pretalx_json(data({**TALK, "slots": [*TALK["slots"], again]}), ZONE).schedule.events  # type: ignore[misc]

    assert len({event.key for event in events}) == 2


def test_write_when_read_again_then_the_same() -> None:
    schedule = read_pretalx_json(data(TALK, OLD), ZONE).schedule

    again = read_pretalx_json(write_pretalx_json(schedule), ZONE).schedule

    def fields(each: Any) -> list[object]:
        return [each.key, each.title, each.start, each.minutes, each.room, each.track, each.kind, each.attachments]

    assert [fields(event) for event in again.events] == [fields(event) for event in schedule.events]
