"""Real schedules through the whole product: imported, edited in the timetable editor, published, exported, imported."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts, get_edition
from expo.flows.program_import import import_program, read_schedule_file
from expo.formats.json_text import clean_json
from expo.formats.schedule import Schedule, ScheduleEvent
from expo.program.exports import export_schedule
from expo.program.queries import list_sessions, read_draft
from expo.program.rules.timetable import Slot, slot_to_json
from tests.conftest import make_edition, shared_file
from tests.formats.test_schedules import FILES
from tests.sessions import browser_of

EDITOR, VERSIONS = "/organizer/program/timetable", "/organizer/program/versions"
FORMATS = {"frab-xml": "frab-xml", "frab-json": "frab-json", "opass-json": "json"}


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_schedule_when_edited_published_exported_and_imported_again_then_nothing_is_lost(
    name: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = shared_file(f"schedules/{name}").read_bytes()
    source = read_schedule_file(edition, data)
    import_program(SYSTEM, edition.id, source, now)
    person_id = ensure_person("olga@example.org", "Olga", "en", now)
    grant_role(SYSTEM, edition.id, person_id, Role.ORGANIZER, now)
    organizer = browser_of(app, person_id, edition.id)

    slug, slot = _move_in_the_editor(organizer, edition)
    revision = read_draft(edition).revision
    published = organizer.post(f"{VERSIONS}/publish", data={"revision": revision, "label": "", "notify": ""})
    exported = _export(edition, source)
    again = read_schedule_file(edition, exported)

    assert published.status_code == 302
    moved = next(each for each in list_sessions(edition.id) if each.slug == slug)
    room = read_draft(edition).rooms[slot.room_id or 0]
    assert moved.room is not None
    assert (moved.room.slug, moved.starts_at, moved.ends_at) == (room.slug, slot.starts_at, slot.ends_at)
    before, after = _by_key(source), _by_key(again)
    changed = [key for key in before if before[key] != after.get(key)]
    assert after.keys() == before.keys()
    (key,) = changed
    assert after[key] == replace(
        before[key],
        day=after[key].day,
        start=slot.starts_at.astimezone(edition.zone),
        room=after[key].room,
        sequence=after[key].sequence,
    )
    assert _names(again) == _names(source)
    elements, exported_elements = _elements(data), _elements(exported)
    assert [each for each in elements if elements[each] != exported_elements[each]] == [
        before[key].number or before[key].key
    ]

    repeated = import_program(SYSTEM, edition.id, again, now)
    assert (repeated.added, repeated.changed, repeated.removed) == ((), (), ())
    assert repeated.unchanged == len(before)
    other = make_edition(now, "expo-2028", 2028)
    import_program(SYSTEM, other.id, again, now)
    assert _export(other, source) == exported


def _move_in_the_editor(organizer: FlaskClient, edition: EditionFacts) -> tuple[str, Slot]:
    """Move the first session that has a room to another room and later, and return it with its new place."""
    draft = read_draft(edition)
    session = next(each for each in draft.sessions.values() if each.slot and each.slot.room_id)
    before = session.slot
    assert before is not None
    other_room = next(each for each in reversed(draft.rooms) if each != before.room_id)
    later = timedelta(minutes=35)
    slot = Slot(other_room, before.starts_at + later, before.ends_at + later)
    body = {"slug": session.slug, "slot": slot_to_json(slot), "before": slot_to_json(before)}
    answer = organizer.post(f"{EDITOR}/placements", json=body | {"request_id": "1", "since": draft.revision})
    assert answer.status_code == 200
    return session.slug, slot


def _export(edition: EditionFacts, source: Schedule) -> bytes:
    return export_schedule(
        get_edition(edition.id), FORMATS[source.format], lambda slug: f"https://expo.test/sessions/{slug}"
    )


def _by_key(schedule: Schedule) -> dict[str, ScheduleEvent]:
    """Return what the events say, without the form in which their file says it."""
    return {
        each.key: replace(each, raw=None, persons=tuple(replace(person, raw=None) for person in each.persons))
        for each in schedule.events
    }


def _names(schedule: Schedule) -> Any:
    """Return the names of rooms and tracks, and what is known about people."""
    return (
        {each.key: each.name for each in schedule.rooms},
        {each.key: each.name for each in schedule.tracks},
        {each.key: (each.name, each.biography) for each in schedule.persons},
        (schedule.title, schedule.acronym, schedule.base_url),
    )


def _elements(data: bytes) -> dict[str, str]:
    """Return each event as the file spells it, with what only the file's generator knows, by its number."""
    if data.lstrip().startswith(b"<"):
        parser = etree.XMLParser(remove_blank_text=True, remove_comments=True)
        events = etree.fromstring(data, parser).iter("event")
        return {str(each.get("id")): etree.tostring(each, method="c14n").decode() for each in events}
    document = clean_json(json.loads(data))
    days = document["schedule"]["conference"]["days"] if "schedule" in document else []
    rows = [each for day in days for room in day["rooms"].values() for each in room] or document["sessions"]
    return {str(each["id"]): json.dumps(each, ensure_ascii=False) for each in rows}
