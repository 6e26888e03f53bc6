"""Schedules as OPass JSON, with every text in Chinese and English: https://github.com/CCIP-App."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.json_text import dump_json, parse_json
from expo.formats.schedule import (
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
from expo.pure.levels import find_level, read_level

Json = dict[str, Any]

LANGUAGES = ("zh", "en")
_LISTS = ("sessions", "speakers", "session_types", "rooms", "tags")


# The places searched for sessions, as named in the error.
PLACES = "sessions"
# Fields with links, and the matching link titles in other formats.
_LINKS = {"slide": "Slides", "live": "Live", "record": "Recording", "co_write": "Notes", "qa": "Questions"}


def read_opass_json(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Read the schedule of a file; `zone` applies to times without one. Raises BadFile."""
    whole = parse_json(data)
    if not isinstance(whole, dict) or not isinstance(whole.get("sessions"), list):
        raise BadFile("schedule_unknown")
    lists = {name: [each for each in whole.get(name) or [] if isinstance(each, dict)] for name in _LISTS}
    persons = {person.key: person for person in map(_person_of, lists["speakers"])}
    tags = _tag_names(lists["tags"])
    faults: list[BadFile] = []
    events = []
    for raw in lists["sessions"]:
        try:
            events.append(_event_of(raw, persons, zone, tags))
        except BadFile as fault:
            faults.append(fault)
    events = part_repeats(events, faults)
    rooms = {_key(raw): ScheduleRoom(_key(raw), _names(raw), raw) for raw in lists["rooms"]}
    for name in in_order([event.room or "" for event in events]):
        rooms.setdefault(name, ScheduleRoom(name, {"en": name}))
    tracks = {_key(raw): ScheduleTrack(_key(raw), _names(raw), raw) for raw in lists["session_types"]}
    for name in in_order([event.track or "" for event in events]):
        tracks.setdefault(name, ScheduleTrack(name, {"en": name}))
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
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def write_opass_json(schedule: Schedule) -> bytes:
    """Write a schedule: in its original form if imported as OPass, otherwise with texts under both languages."""
    keeps_original = schedule.format == "opass-json"
    written: Json = {
        "sessions": [_write_event(event, schedule, keeps_original=keeps_original) for event in schedule.events],
        "speakers": [_write_named(each, "bio", each.biography) for each in schedule.persons],
        "session_types": [_write_named(each) for each in schedule.tracks if each.raw or not keeps_original],
        "rooms": [_write_named(each) for each in schedule.rooms if each.raw or not keeps_original],
        "tags": [],
    }
    if keeps_original and isinstance(schedule.document, dict):
        tags = schedule.document.get("tag_rows", [])
        rest = {key: value for key, value in schedule.document.items() if key != "tag_rows"}
        return dump_json({key: written.get(key, value) if key != "tags" else tags for key, value in rest.items()})
    return dump_json(written)


def _tag_names(tags: list[Json]) -> dict[str, list[str]]:
    """Return the names of tags by id."""
    return {_key(raw): list(_names(raw).values()) for raw in tags}


def _level_of(raw: Json, tags: dict[str, list[str]]) -> str:
    """Return the level of a session, from its own field or from a tag that is a level."""
    listed = raw.get("tags")
    names = [name for each in (listed if isinstance(listed, list) else []) for name in tags.get(str(each), [str(each)])]
    return read_level(str(raw.get("level") or "")) or find_level(names)


def _event_of(
    raw: Json, persons: dict[str, SchedulePerson], zone: ZoneInfo, tags: dict[str, list[str]]
) -> ScheduleEvent:
    key = _key(raw)
    if not key:
        raise BadFile("schedule_event", event=str(raw.get("uri"))[:100], reason="id")
    start, end = (_moment(raw.get(name), key, zone) for name in ("start", "end"))
    speakers = [str(each) for each in raw.get("speakers") or []]
    return ScheduleEvent(
        key=key,
        title=_texts(raw, "title"),
        description=_texts(raw, "description"),
        day=start.astimezone(zone).date() if start else None,
        start=start,
        minutes=int((end - start).total_seconds() // 60) if start and end else None,
        room=str(raw["room"]) if raw.get("room") else None,
        track=str(raw["type"]) if raw.get("type") else None,
        language=str(raw.get("language") or ""),
        level=_level_of(raw, tags),
        guid=str(raw.get("guid") or ""),
        number=str(raw.get("number") or "") or (key if key.isdigit() else ""),
        attachments=_links_of(raw, "attachments"),
        is_recording_refused=raw.get("do_not_record") is True,
        url=str(raw.get("uri") or ""),
        links=_links_of(raw, "links")
        or tuple(Link(str(raw[name]), title) for name, title in _LINKS.items() if raw.get(name)),
        persons=tuple(persons.get(each, SchedulePerson(each, {"en": each})) for each in speakers),
        raw=raw,
    )


def _person_of(raw: Json) -> SchedulePerson:
    return SchedulePerson(_key(raw), _names(raw), _texts(raw, "bio"), raw)


def _moment(value: Any, key: str, zone: ZoneInfo) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise BadFile("schedule_event", event=key, reason=f"start {value!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


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


def _write_event(event: ScheduleEvent, schedule: Schedule, *, keeps_original: bool) -> Json:
    raw: Json = dict(event.raw) if keeps_original and event.raw else {"id": event.key}
    document = schedule.document if keeps_original and isinstance(schedule.document, dict) else {}
    tags = _tag_names([each for each in document.get("tag_rows", []) if isinstance(each, dict)])
    before = _event_of(raw, {person.key: person for person in schedule.persons}, schedule.zone, tags)
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
        ("level", before.level, event.level),
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
    if before.links != event.links or event.attachments:
        _write_links(raw, event)
    if not keeps_original:
        _write_extras(raw, event)
    keys = [person.key for person in event.persons]
    if keys != [person.key for person in before.persons] or "speakers" not in raw:
        raw["speakers"] = keys
    raw.setdefault("tags", [])
    return raw


def _write_extras(raw: Json, event: ScheduleEvent) -> None:
    """Add the values that the format has no fields for; its apps ignore unknown fields."""
    for name, links in (("links", event.links), ("attachments", event.attachments)):
        if links:
            raw[name] = [{"title": link.title, "url": link.url} for link in links]
    if event.is_recording_refused:
        raw["do_not_record"] = True
    for name, text in (("guid", event.guid), ("number", event.number)):
        if text:
            raw[name] = text


def _links_of(raw: Json, name: str) -> tuple[Link, ...]:
    listed = raw.get(name)
    return tuple(
        Link(str(each["url"]), str(each.get("title") or ""))
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and each.get("url")
    )


def _write_links(raw: Json, event: ScheduleEvent) -> None:
    """Put links into the format's fields according to their titles; attachments count as slides."""
    titles = {title: name for name, title in _LINKS.items()}
    for link in event.links:
        if link.title in titles:
            raw[titles[link.title]] = link.url
    slides = next(iter(event.attachments), None)
    if slides is not None and not raw.get("slide"):
        raw["slide"] = slides.url


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
