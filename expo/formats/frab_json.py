"""Schedules as frab JSON: https://c3voc.de/wiki/schedule. Generators differ; everything that each adds is preserved."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from expo.formats.errors import BadFile
from expo.formats.frab_names import acronym_of, event_guid, event_number, event_slug, room_name, track_name
from expo.formats.frab_xml.writing import day_bounds
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
    change_of_day,
    clock_on,
    in_order,
    parse_day,
    parse_minutes,
    part_repeats,
    people_of,
    show_minutes,
)
from expo.pure.levels import find_level, read_level

Json = dict[str, Any]


# The places searched for sessions, as named in the error.
PLACES = "schedule.conference.days[].rooms"


def read_frab_json(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Read the schedule of a file; `zone` applies to times without one. Raises BadFile."""
    whole = _wrapped(parse_json(data))
    conference = _dict(_dict(whole.get("schedule")).get("conference"))
    if not isinstance(conference.get("days"), list):
        raise BadFile("schedule_no_sessions", places=PLACES)
    faults: list[BadFile] = []
    zone = _zone_of(conference, zone)
    events: list[ScheduleEvent] = []
    days: list[date] = []
    rooms: list[str] = []
    day_skeletons: list[Json] = []
    for index, day in enumerate(conference["days"]):
        try:
            day_date = _date_of(_dict(day), index)
        except BadFile as fault:
            faults.append(fault)
            continue
        days.append(day_date)
        by_room = _sessions_by_room(_dict(day))
        for room, listed in by_room:
            rooms.append(room)
            for raw in listed:
                try:
                    events.append(
                        replace(
                            _event_of(raw, day_date, zone, change_of_day(_str(_dict(day).get("day_start")))),
                            room=room or None,
                        )
                    )
                except BadFile as fault:
                    faults.append(fault)
        kept = {name: value for name, value in _dict(day).items() if name not in ("events", "talks", "sessions")}
        day_skeletons.append({**kept, "rooms": {room: [] for room, _listed in by_room}})
    events = part_repeats(events, faults)
    schedule = Schedule(
        format="frab-json",
        title=_str(conference.get("title")),
        acronym=_str(conference.get("acronym")),
        version=_str(_dict(whole["schedule"]).get("version")),
        base_url=_str(_dict(whole["schedule"]).get("base_url")),
        zone=zone,
        events=tuple(events),
        rooms=tuple(ScheduleRoom(name, {ANY: name}) for name in in_order(rooms)),
        tracks=tuple(ScheduleTrack(name, {ANY: name}) for name in in_order([event.track or "" for event in events])),
        persons=people_of(events),
        days=tuple(days),
        document={**whole, "schedule": {**whole["schedule"], "conference": {**conference, "days": day_skeletons}}},
    )
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def _wrapped(whole: Any) -> Json:
    """Return a file with all outer levels of the format: some generators omit them."""
    top = _dict(whole)
    schedule = _dict(top.get("schedule")) if "schedule" in top else top
    if "conference" not in schedule and isinstance(schedule.get("days"), list):
        schedule = {"version": schedule.get("version"), "conference": schedule}
    return {**top, "schedule": schedule} if "schedule" in top else {"schedule": schedule}


def _sessions_by_room(day: Json) -> list[tuple[str, list[Any]]]:
    """Return a day's sessions by room, for all layouts in use: by room name, in a list of rooms, or without rooms."""
    rooms = day.get("rooms")
    found: dict[str, list[Any]] = {}
    if isinstance(rooms, dict):
        found = {str(name): _list(listed) for name, listed in rooms.items()}
    for room in _list(rooms):
        name = _first(_texts(_dict(room).get("name"))) or _str(_dict(room).get("title"))
        for listed in ("events", "talks", "sessions"):
            found.setdefault(name, []).extend(_list(_dict(room).get(listed)))
    for listed in ("events", "talks", "sessions"):
        for raw in _list(day.get(listed)):
            room = _dict(raw).get("room")
            found.setdefault(_first(_texts(_dict(room).get("name"))) or _first(_texts(room)), []).append(raw)
    return list(found.items())


def write_frab_json(schedule: Schedule) -> bytes:
    """Write a schedule: in its original form if imported as frab JSON, otherwise valid by the format's schema."""
    if schedule.format == "frab-json" and schedule.document:
        return dump_json(_from_raw(schedule))
    return dump_json(_from_fields(schedule))


def _from_raw(schedule: Schedule) -> Json:
    whole = schedule.document
    conference = whole["schedule"]["conference"]
    days = [{**day, "rooms": {room: [] for room in day["rooms"]}} for day in conference["days"]]
    by_date = {_date_of(day, index): day for index, day in enumerate(days)}
    for event in schedule.events:
        if event.day is None or event.start is None:
            continue
        if event.day not in by_date:
            by_date[event.day] = _new_day(event.day, len(days) + 1, schedule.zone)
            days.append(by_date[event.day])
        by_date[event.day]["rooms"].setdefault(event.room or "", []).append(_changed_event(event, schedule))
    return {**whole, "schedule": {**whole["schedule"], "conference": {**conference, "days": days}}}


def _changed_event(event: ScheduleEvent, schedule: Schedule) -> Json:
    """Return the event's raw form, updated with later changes."""
    if event.raw is None:
        return _new_event(event, schedule)
    raw = dict(event.raw)
    before = _event_of(raw, event.day or schedule.days[0], schedule.zone, _change_on(event.day, schedule))
    if event.start is not None and event.start != before.start:
        local = event.start.astimezone(schedule.zone)
        raw["date"], raw["start"] = local.isoformat(), local.strftime("%H:%M")
    if event.minutes is not None and event.minutes != before.minutes:
        raw["duration"] = show_minutes(event.minutes)
    if event.room is not None and raw.get("room", event.room) != event.room:
        raw["room"] = event.room
    for name, old, new in (
        ("title", _first(before.title), _first(event.title)),
        ("subtitle", _first(before.subtitle), _first(event.subtitle)),
        ("track", before.track or "", event.track or ""),
        ("type", before.kind, event.kind),
        ("language", before.language, event.language),
        ("abstract", _first(before.abstract), _first(event.abstract)),
        ("description", _first(before.description), _first(event.description)),
    ):
        if old != new:
            raw[name] = new  # noqa: PERF403 - a comprehension would hide that most stay unchanged
    _change_links(raw, before, event)
    if [_key_and_name(each) for each in before.persons] != [_key_and_name(each) for each in event.persons]:
        known = {person.key: person.raw for person in before.persons}
        raw["persons"] = [{**(known.get(each.key) or _new_person(each)), **_names(each)} for each in event.persons]
    return raw


def _change_links(raw: Json, before: ScheduleEvent, event: ScheduleEvent) -> None:
    if before.is_recording_refused != event.is_recording_refused:
        raw["do_not_record"] = event.is_recording_refused
    if before.links != event.links:
        raw["links"] = _links_to_json(event.links)
    if before.attachments != event.attachments:
        raw["attachments"] = _links_to_json(event.attachments)


def _change_on(day: date | None, schedule: Schedule) -> time:
    days = _list(_dict(_dict(_dict(schedule.document).get("schedule")).get("conference")).get("days"))
    found = next((each for each in map(_dict, days) if day and _str(each.get("date")) == day.isoformat()), {})
    return change_of_day(_str(found.get("day_start")))


def _event_of(raw: Any, day: date, zone: ZoneInfo, day_change: time) -> ScheduleEvent:
    event = _dict(raw)
    key = _str(event.get("guid")) or _str(event.get("id")) or _str(event.get("code")) or _str(event.get("slug"))
    if not key:
        raise BadFile("schedule_event", event=_str(event.get("title"))[:100], reason="id")
    duration = _str(event.get("duration"))
    try:
        minutes = parse_minutes(duration) if duration.strip() else None
    except ValueError:
        raise BadFile("schedule_event", event=key, reason=f"duration {duration!r}") from None
    return ScheduleEvent(
        key=key,
        title=_texts(event.get("title")),
        subtitle=_texts(event.get("subtitle")),
        abstract=_texts(event.get("abstract")),
        description=_texts(event.get("description")),
        day=day,
        start=_start_of(event, key, day, zone, day_change),
        minutes=minutes,
        track=_first(_texts(event.get("track"))) or None,
        kind=_first(_texts(event.get("type"))),
        language=_str(event.get("language")),
        level=_level_of(event),
        slug=_str(event.get("slug")),
        guid=_str(event.get("guid")),
        number=_str(event.get("id")),
        url=_str(event.get("url")),
        links=_links_of(event.get("links")),
        attachments=_links_of(event.get("attachments")),
        is_recording_refused=event.get("do_not_record") is True or _dict(event.get("recording")).get("optout") is True,
        persons=tuple(_person_of(_dict(person)) for person in _list(event.get("persons"))),
        raw=raw,
    )


def _level_of(event: Json) -> str:
    """Return the level of an event, from its own field, or from an answer or tag that is a level.

    pretalx exports the answers to its call for papers, with the questions only as numbers.
    """
    answers = [_str(_dict(each).get("answer")) for each in _list(event.get("answers"))]
    tags = [_first(_texts(_dict(each).get("tag"))) or _str(each) for each in _list(event.get("tags"))]
    return read_level(_first(_texts(event.get("level")))) or find_level([*answers, *tags])


def _links_of(value: Any) -> tuple[Link, ...]:
    found = []
    for each in _list(value):
        if isinstance(each, str):
            found.append(Link(each))
        else:
            row = _dict(each)
            url = _str(row.get("url")) or _str(row.get("href")) or _str(row.get("link"))
            found.append(Link(url, _first(_texts(row.get("title"))) or _first(_texts(row.get("description")))))
    return tuple(link for link in found if link.url.strip())


def _links_to_json(links: tuple[Link, ...]) -> list[Json]:
    return [{"url": link.url, "title": link.title or link.url} for link in links]


def _person_of(raw: Json) -> SchedulePerson:
    name = _str(raw.get("public_name")) or _str(raw.get("name")) or _str(raw.get("full_public_name"))
    key = _str(raw.get("guid")) or _str(raw.get("id")) or _str(raw.get("code")) or name
    return SchedulePerson(key=key, name=_texts(name), biography=_texts(raw.get("biography")), raw=raw)


def _start_of(event: Json, key: str, day: date, zone: ZoneInfo, day_change: time) -> datetime | None:
    whole, clock = _str(event.get("date")), _str(event.get("start"))
    try:
        if "T" in whole:
            start = datetime.fromisoformat(whole)
            return start if start.tzinfo else start.replace(tzinfo=zone)
        return clock_on(day, clock, day_change, zone) if clock else None
    except ValueError:
        raise BadFile("schedule_event", event=key, reason=f"start {whole or clock!r}") from None


def _date_of(day: Json, index: int) -> date:
    text = (_str(day.get("date")) or _str(day.get("day_start")))[:10]
    try:
        return parse_day(text)
    except ValueError:
        raise BadFile("schedule_event", event=f"day {index + 1}", reason=f"date {text!r}") from None


def _zone_of(conference: Json, fallback: ZoneInfo) -> ZoneInfo:
    name = _str(conference.get("time_zone_name"))
    try:
        return ZoneInfo(name) if name else fallback
    except (ZoneInfoNotFoundError, ValueError):
        return fallback


def _from_fields(schedule: Schedule) -> Json:
    days = [_new_day(day, index, schedule.zone) for index, day in enumerate(schedule.days, start=1)]
    by_date = dict(zip(schedule.days, days, strict=True))
    for event in schedule.events:
        if event.day in by_date and event.start is not None:
            rooms = by_date[event.day]["rooms"]
            rooms.setdefault(room_name(schedule, event.room), []).append(_new_event(event, schedule))
    conference: Json = {
        "acronym": acronym_of(schedule),
        "title": schedule.title,
        "start": schedule.days[0].isoformat() if schedule.days else "",
        "end": schedule.days[-1].isoformat() if schedule.days else "",
        "daysCount": len(schedule.days),
        "timeslot_duration": "00:05",
        "time_zone_name": schedule.zone.key,
        "tracks": [{"name": _first(track.name)} for track in schedule.tracks],
        "days": days,
    }
    whole: Json = {"version": schedule.version or "1", "conference": conference}
    if schedule.base_url:
        whole["base_url"] = schedule.base_url
    return {"schedule": whole}


def _new_day(day: date, index: int, zone: ZoneInfo) -> Json:
    begins, ends = day_bounds(day, zone)
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": begins.isoformat(),
        "day_end": ends.isoformat(),
        "rooms": {},
    }


def _new_event(event: ScheduleEvent, schedule: Schedule) -> Json:
    if event.start is None:
        raise ValueError("an event without a time has no place in a schedule")
    local = event.start.astimezone(schedule.zone)
    return {
        "guid": event_guid(event),
        "id": int(event_number(event)),
        "date": local.isoformat(),
        "start": local.strftime("%H:%M"),
        "duration": show_minutes(event.minutes or 0),
        "room": room_name(schedule, event.room),
        "slug": event_slug(event, schedule),
        "url": event.url,
        "title": _first(event.title),
        "subtitle": _first(event.subtitle),
        "track": track_name(schedule, event.track),
        "type": event.kind,
        "language": event.language,
        "abstract": _first(event.abstract),
        "description": _first(event.description),
        "persons": [_new_person(person) for person in event.persons],
        "do_not_record": event.is_recording_refused,
        "links": _links_to_json(event.links),
        "attachments": _links_to_json(event.attachments),
    }


def _new_person(person: SchedulePerson) -> Json:
    name = _first(person.name)
    if person.key.isdigit():
        return {"id": int(person.key), "public_name": name}
    return {"name": name}


def _names(person: SchedulePerson) -> Json:
    """Return the new name under the keys that the file uses."""
    keys = [key for key in ("public_name", "name") if key in (person.raw or {})] or ["public_name"]
    return dict.fromkeys(keys, _first(person.name))


def _key_and_name(person: SchedulePerson) -> tuple[str, str]:
    return person.key, _first(person.name)


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _str(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _texts(value: Any) -> dict[str, str]:
    """Return the texts of a field: a single one in most files, one per language in some."""
    if isinstance(value, dict):
        return {str(language): text for language, text in value.items() if isinstance(text, str) and text}
    text = _str(value)
    return {ANY: text} if text else {}


def _first(texts: dict[str, str]) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
