"""Schedules of pretalx's API: the submissions or talks of an event, with their speakers.

Resources: https://docs.pretalx.org/api/resources/. Fields are read in both the expanded form (`expand=speakers,track,
submission_type,slots.room`) and the older one with a single `slot`. A file is one page of results, the list of all
results, or an object with `talks` (or `submissions`) and `speakers`, each in one of these forms.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.frab_names import room_name, track_name
from expo.formats.json_text import dump_json, parse_json
from expo.formats.schedule import (
    ANY,
    Link,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    Texts,
    in_order,
    part_repeats,
)
from expo.pure.levels import find_level

Json = dict[str, Any]

# The places searched for sessions, as named in the error.
PLACES = "results, talks, submissions"
_LISTS = ("talks", "submissions", "results")
# Submissions in these states are not held.
_NOT_HELD = frozenset({"submitted", "rejected", "withdrawn", "canceled", "deleted", "draft"})


def is_pretalx(whole: Any) -> bool:
    """Whether a JSON value has the structure of the API's submissions or talks."""
    return any(
        "code" in each and "title" in each and ("submission_type" in each or "slots" in each or "slot" in each)
        for each in _list_talks(whole)
    )


def read_pretalx_json(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Read the schedule of a file; `zone` applies to times without one. Raises BadFile."""
    whole = parse_json(data)
    listed = _results(whole.get("speakers")) if isinstance(whole, dict) else []
    persons = {person.key: person for person in map(_person_of, listed)}
    faults: list[BadFile] = []
    events: list[ScheduleEvent] = []
    for raw in _list_talks(whole):
        if _str(raw.get("state")) in _NOT_HELD:
            continue
        try:
            events += _events_of(raw, persons, zone)
        except BadFile as fault:
            faults.append(fault)
    events = part_repeats(events, faults)
    for person in (person for event in events for person in event.persons):
        persons.setdefault(person.key, person)
    rooms = {key: name for each in _list_talks(whole) for key, name in _rooms_of(each)}
    tracks = {_str_name(each.get("track")): _texts(_name_in(each.get("track"))) for each in _list_talks(whole)}
    used_rooms = in_order([event.room or "" for event in events])
    used_tracks = in_order([event.track or "" for event in events])
    schedule = Schedule(
        format="pretalx",
        title="",
        zone=zone,
        events=tuple(events),
        rooms=tuple(ScheduleRoom(name, rooms.get(name) or {ANY: name}) for name in used_rooms),
        tracks=tuple(ScheduleTrack(name, tracks.get(name) or {ANY: name}) for name in used_tracks),
        persons=tuple(persons.values()),
        days=tuple(sorted({event.day for event in events if event.day})),
    )
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def write_pretalx_json(schedule: Schedule) -> bytes:
    """Write a schedule as talks and speakers, in the expanded form of the API."""
    names: dict[str, Texts] = {room.key: room.name for room in schedule.rooms}
    track_names: dict[str, Texts] = {track.key: track.name for track in schedule.tracks}
    talks = []
    held: dict[str, list[str]] = {}
    for event in schedule.events:
        for person in event.persons:
            held.setdefault(person.key, []).append(event.key)
        end = event.start + timedelta(minutes=event.minutes) if event.start and event.minutes is not None else None
        room = names.get(event.room or "") or _texts(room_name(schedule, event.room))
        slot = {
            "start": event.start.astimezone(schedule.zone).isoformat() if event.start else None,
            "end": end.astimezone(schedule.zone).isoformat() if end else None,
            "room": {"name": room} if room else None,
        }
        track = track_names.get(event.track or "") or _texts(track_name(schedule, event.track))
        talks.append(
            {
                "code": event.key,
                "title": _first(event.title),
                "abstract": _first(event.abstract),
                "description": _first(event.description),
                "state": "confirmed",
                "submission_type": {"name": _texts(event.kind)} if event.kind else None,
                "track": {"name": track} if track else None,
                "duration": event.minutes,
                "content_locale": event.language,
                "tags": [{"tag": event.level}] if event.level else [],
                "do_not_record": event.is_recording_refused,
                "resources": [{"resource": link.url, "description": link.title} for link in event.attachments],
                "speakers": [{"code": person.key, "name": _first(person.name)} for person in event.persons],
                "slots": [slot],
            }
        )
    speakers = [
        {
            "code": person.key,
            "name": _first(person.name),
            "biography": _first(person.biography),
            "avatar_url": person.photo or None,
            "submissions": held.get(person.key, []),
        }
        for person in schedule.persons
    ]
    return dump_json({"talks": {"results": talks}, "speakers": {"results": speakers}})


def _list_talks(whole: Any) -> list[Json]:
    if isinstance(whole, dict):
        for name in _LISTS:
            if name in whole:
                return _results(whole[name])
        return []
    return _results(whole)


def _results(value: Any) -> list[Json]:
    """Return the objects of a list, of a page of results, or of several pages."""
    if isinstance(value, dict):
        return _results(value.get("results"))
    found: list[Json] = []
    for each in value if isinstance(value, list) else []:
        if isinstance(each, dict):
            found += _results(each) if isinstance(each.get("results"), list) else [each]
    return found


def _events_of(raw: Json, persons: dict[str, SchedulePerson], zone: ZoneInfo) -> Iterable[ScheduleEvent]:
    """Return an event for each slot of a talk; a talk without one is an event without a time."""
    key = _str(raw.get("code"))
    if not key:
        raise BadFile("schedule_event", event=_str(raw.get("title"))[:100], reason="code")
    for slot in _slots_of(raw):
        start, end = (_moment(slot.get(name), key, zone) for name in ("start", "end"))
        minutes = int((end - start).total_seconds() // 60) if start and end else None
        duration = _str(raw.get("duration"))
        yield ScheduleEvent(
            key=key,
            title=_texts(raw.get("title")),
            abstract=_texts(raw.get("abstract")),
            description=_texts(raw.get("description")),
            day=start.astimezone(zone).date() if start else None,
            start=start,
            minutes=int(duration) if minutes is None and duration.isdigit() else minutes,
            room=_str_name(slot.get("room")) or None,
            track=_str_name(raw.get("track")) or None,
            kind=_str_name(raw.get("submission_type")),
            language=_str(raw.get("content_locale")),
            level=find_level(_str(each) or _str_name({"name": each.get("tag")}) for each in raw.get("tags") or []),
            attachments=tuple(_links_of(raw.get("resources"))),
            is_recording_refused=raw.get("do_not_record") is True,
            persons=tuple(each for each in (_speaker(one, persons) for one in raw.get("speakers") or []) if each),
            raw=raw,
        )


def _slots_of(raw: Json) -> list[Json]:
    slots: list[Json] = [each for each in raw.get("slots") or [] if isinstance(each, dict)]
    if not slots and isinstance(raw.get("slot"), dict):
        slots.append(raw["slot"])
    if not slots:
        slots.append({})
    return slots


def _rooms_of(raw: Json) -> list[tuple[str, Texts]]:
    rooms = [slot.get("room") for slot in _slots_of(raw)]
    return [(_str_name(room), _texts(_name_in(room))) for room in rooms]


def _links_of(value: Any) -> Iterable[Link]:
    for each in value if isinstance(value, list) else []:
        url = _str(each.get("resource") or each.get("link")) if isinstance(each, dict) else ""
        if url:
            yield Link(url, _str(each.get("description")))


def _speaker(value: Any, persons: dict[str, SchedulePerson]) -> SchedulePerson | None:
    if isinstance(value, dict):
        person = _person_of(value)
        return persons.get(person.key) or (person if person.name else None)
    return persons.get(_str(value))


def _person_of(raw: Json) -> SchedulePerson:
    name = _str(raw.get("name"))
    return SchedulePerson(
        _str(raw.get("code")) or name, _texts(name), _texts(raw.get("biography")), raw, _str(raw.get("email"))
    )


def _moment(value: Any, key: str, zone: ZoneInfo) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(_str(value))
    except ValueError:
        raise BadFile("schedule_event", event=key, reason=f"start {value!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _name_in(value: Any) -> Any:
    """Return the name of an expanded object; older versions have the name itself, by language."""
    return value["name"] if isinstance(value, dict) and "name" in value else value


def _str_name(value: Any) -> str:
    return _first(_texts(_name_in(value)))


def _str(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _texts(value: Any) -> Texts:
    if isinstance(value, dict):
        return {str(language): text for language, text in value.items() if isinstance(text, str) and text}
    text = _str(value)
    return {ANY: text} if text else {}


def _first(texts: Texts) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
