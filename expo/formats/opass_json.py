"""Schedules as OPass JSON, in which every text stands in Chinese and English: https://github.com/CCIP-App."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.json_text import dump_json, parse_json
from expo.formats.schedule import (
    BadEvent,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    ScheduleFault,
    ScheduleLink,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    Texts,
    check_readable,
    in_order,
    is_true,
    name_of,
    people_of,
    separate_slots,
)
from expo.formats.sessionize import minutes_between

Json = dict[str, Any]

LANGUAGES = ("zh", "en")
# What organizers link a session to, and how we call it.
_LINKS = (("slide", "Slides"), ("record", "Recording"), ("live", "Live"), ("qa", "Q&A"), ("co_write", "Notes"))
_LISTS = ("sessions", "speakers", "session_types", "rooms", "tags")


def is_opass(whole: Any) -> bool:
    """Return whether a JSON file has the structure of this format: sessions whose texts stand under languages."""
    sessions = whole.get("sessions") if isinstance(whole, dict) else None
    return any(
        isinstance(raw, dict) and any(isinstance(raw.get(language), dict) for language in LANGUAGES)
        for raw in (sessions if isinstance(sessions, list) else [])
    )


def read_opass_json(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Return the schedule of a file; `zone` holds for times without one. Raises BadFile."""
    whole = parse_json(data)
    if not isinstance(whole, dict) or not isinstance(whole.get("sessions"), list):
        raise BadFile("schedule_unknown")
    lists = {
        name: [each for each in listed if isinstance(each, dict)] if isinstance(listed := whole.get(name), list) else []
        for name in _LISTS
    }
    persons = {person.key: person for person in map(_person_of, lists["speakers"])}
    read: list[tuple[ScheduleEvent, int | None]] = []
    faults: list[ScheduleFault] = []
    for raw in lists["sessions"]:
        try:
            read.append((_titled(_event_of(raw, persons, zone)), None))
        except BadEvent as bad:
            faults.append(bad.fault)
    events, repeated = separate_slots(read)
    faults += repeated
    check_readable(events, faults, "sessions[]")
    rooms = {_key(raw): ScheduleRoom(_key(raw), _names(raw), raw) for raw in lists["rooms"]}
    for name in in_order([event.room or "" for event in events]):
        rooms.setdefault(name, ScheduleRoom(name, {"en": name}))
    tracks = {_key(raw): ScheduleTrack(_key(raw), _names(raw), raw) for raw in lists["session_types"]}
    for name in in_order([event.track or "" for event in events]):
        tracks.setdefault(name, ScheduleTrack(name, {"en": name}))
    persons |= {person.key: person for person in people_of(events) if person.key not in persons}
    schedule = Schedule(
        format="opass-json",
        title="",
        zone=zone,
        events=tuple(events),
        rooms=tuple(rooms.values()),
        tracks=tuple(tracks.values()),
        persons=tuple(persons.values()),
        days=tuple(sorted({event.day for event in events if event.day})),
        document={
            **{key: [] if key in _LISTS else value for key, value in whole.items()},
            "tag_rows": whole.get("tags", []),
        },
    )
    return ReadSchedule(schedule, tuple(faults))


def write_opass_json(schedule: Schedule) -> bytes:
    """Return the schedule as a file: as it came where it came in this format, else with texts under both languages."""
    as_it_came = schedule.format == "opass-json"
    written: Json = {
        "sessions": [_write_event(event, schedule, as_it_came=as_it_came) for event in schedule.events],
        "speakers": [
            _write_named(_own(each, as_it_came=as_it_came), "bio", each.biography)
            for each in schedule.persons
            if each.raw or not as_it_came
        ],
        "session_types": [_write_named(each) for each in schedule.tracks if each.raw or not as_it_came],
        "rooms": [_write_named(each) for each in schedule.rooms if each.raw or not as_it_came],
        "tags": [],
    }
    if as_it_came and isinstance(schedule.document, dict):
        tags = schedule.document.get("tag_rows", [])
        rest = {key: value for key, value in schedule.document.items() if key != "tag_rows"}
        return dump_json({key: written.get(key, value) if key != "tags" else tags for key, value in rest.items()})
    return dump_json(written)


def _event_of(raw: Json, persons: dict[str, SchedulePerson], zone: ZoneInfo) -> ScheduleEvent:
    key = _key(raw)
    if not key:
        raise BadEvent("session_id_missing", name_of(_texts(raw, "title"), ""), "id")
    name = name_of(_texts(raw, "title"), key)
    start = _moment(raw.get("start"), "start", name, key, zone)
    end = _moment(raw.get("end"), "end", name, key, zone)
    speakers = [str(each) for each in _list(raw.get("speakers"))]
    return ScheduleEvent(
        key=key,
        title=_texts(raw, "title"),
        description=_texts(raw, "description"),
        day=start.astimezone(zone).date() if start else None,
        start=start,
        minutes=minutes_between(start, end, name, key),
        room=str(raw["room"]) if raw.get("room") else None,
        track=str(raw["type"]) if raw.get("type") else None,
        language=str(raw.get("language") or ""),
        url=str(raw.get("uri") or ""),
        persons=tuple(persons.get(each, SchedulePerson(each, {"en": each})) for each in speakers),
        guid=str(raw.get("guid") or ""),
        number=str(raw.get("number") or ""),
        links=_links(raw, "links")
        or tuple(
            ScheduleLink(str(raw[field]), title)
            for field, title in _LINKS
            if isinstance(raw.get(field), str) and raw[field]
        ),
        attachments=_links(raw, "attachments"),
        do_not_record=is_true(raw.get("do_not_record")),
        license=str(raw.get("recording_license") or ""),
        raw=raw,
    )


def _titled(event: ScheduleEvent) -> ScheduleEvent:
    if not event.title:
        raise BadEvent("session_title_missing", event.key, "title", key=event.key)
    return event


def _person_of(raw: Json) -> SchedulePerson:
    return SchedulePerson(_key(raw), _names(raw), _texts(raw, "bio"), raw)


def _moment(value: Any, field: str, name: str, key: str, zone: ZoneInfo) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadEvent(f"session_{field}_invalid", name, field, str(value), key) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _links(raw: Json, name: str) -> tuple[ScheduleLink, ...]:
    links = [each for each in _list(raw.get(name)) if isinstance(each, dict) and each.get("url")]
    return tuple(ScheduleLink(str(link["url"]), str(link.get("title") or "")) for link in links)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _key(raw: Json) -> str:
    return str(raw.get("id") or "")


def _texts(raw: Json, name: str) -> Texts:
    found = {}
    for language in LANGUAGES:
        texts = raw.get(language)
        text = texts.get(name) if isinstance(texts, dict) else None
        if isinstance(text, str) and text:
            found[language] = text
    return found


def _names(raw: Json) -> Texts:
    return _texts(raw, "name") or {"en": _key(raw)}


def _write_event(event: ScheduleEvent, schedule: Schedule, *, as_it_came: bool) -> Json:
    raw: Json = dict(event.raw) if as_it_came and event.raw else {"id": event.key}
    before = _event_of(raw, {person.key: person for person in schedule.persons}, schedule.zone)
    if event.start and (event.start != before.start or event.minutes != before.minutes):
        local = event.start.astimezone(schedule.zone)
        raw["start"] = local.isoformat()
        raw["end"] = datetime.fromtimestamp(
            event.start.timestamp() + (event.minutes or 0) * 60, schedule.zone
        ).isoformat()
    for name, old, new in (
        ("room", before.room, event.room),
        ("type", before.track, event.track),
        ("language", before.language, event.language),
        ("uri", before.url, event.url),
    ):
        if (old or "") != (new or ""):
            raw[name] = new or ""
    for name, old_texts, new_texts in (
        ("title", before.title, event.title),
        ("description", before.description, event.description or event.abstract),
    ):
        if old_texts != new_texts:
            for language in LANGUAGES:
                raw[language] = {**raw.get(language, {}), name: _in(new_texts, language)}
    if not as_it_came:
        _write_extras(raw, event)
    keys = [person.key for person in event.persons]
    if keys != [person.key for person in before.persons] or "speakers" not in raw:
        raw["speakers"] = keys
    raw.setdefault("tags", [])
    return raw


def _write_extras(raw: Json, event: ScheduleEvent) -> None:
    """Add what OPass has no field for under the names of frab JSON; its apps pass over names they do not know."""
    for name, links in (("links", event.links), ("attachments", event.attachments)):
        if links:
            raw[name] = [{"title": link.title, "url": link.url} for link in links]
    if event.do_not_record is not None:
        raw["do_not_record"] = event.do_not_record
    for name, text in (("guid", event.guid), ("number", event.number), ("recording_license", event.license)):
        if text:
            raw[name] = text


def _own(person: SchedulePerson, *, as_it_came: bool) -> SchedulePerson:
    """Return a person without the form that another format gave it."""
    return person if as_it_came else replace(person, raw=None)


def _write_named(
    each: SchedulePerson | ScheduleRoom | ScheduleTrack, long: str | None = None, texts: Texts | None = None
) -> Json:
    raw: Json = dict(each.raw) if each.raw else {"id": each.key}
    unchanged = bool(each.raw) and _names(raw) == each.name and (long is None or _texts(raw, long) == texts)
    if unchanged:
        return raw
    for language in LANGUAGES:
        raw[language] = {**raw.get(language, {}), "name": _in(each.name, language)}
        if long:
            raw[language][long] = _in(texts or {}, language)
    return raw


def _in(texts: Texts, language: str) -> str:
    return texts.get(language) or next(iter(texts.values()), "")
