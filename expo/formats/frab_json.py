"""Schedules as frab JSON: https://c3voc.de/wiki/schedule. Generators differ; what each adds is kept."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from expo.formats.frab_names import acronym_of, event_guid, event_number, event_slug, room_name, track_name
from expo.formats.frab_xml import day_bounds
from expo.formats.json_text import dump_json, parse_json
from expo.formats.schedule import (
    ANY,
    BadEvent,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    ScheduleFault,
    ScheduleLink,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    change_of_day,
    check_readable,
    clock_on,
    in_order,
    is_true,
    parse_minutes,
    people_of,
    separate_slots,
    show_minutes,
)

Json = dict[str, Any]

_EVENT_LISTS = ("events", "sessions", "talks")


def read_frab_json(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Return the schedule of a file; `zone` holds for times without one. Raises BadFile."""
    whole = parse_json(data)
    conference = _dict(_dict(_dict(whole).get("schedule")).get("conference"))
    is_own_layout = bool(conference)
    if not conference:
        conference = _dict(_dict(whole).get("conference")) or _dict(_dict(whole).get("schedule")) or _dict(whole)
    zone = _zone_of(conference, zone)
    read: list[tuple[ScheduleEvent, int | None]] = []
    faults: list[ScheduleFault] = []
    days: list[date] = []
    rooms: list[str] = []
    day_skeletons: list[Json] = []
    for index, day in enumerate(_list(conference.get("days"))):
        try:
            days.append(_date_of(_dict(day), index))
        except BadEvent as bad:
            faults.append(bad.fault)
        change = change_of_day("", _str(_dict(day).get("day_start")))
        is_own_layout = is_own_layout and isinstance(_dict(day).get("rooms"), dict)
        for room, listed in _rooms_of(_dict(day)):
            rooms.append(room)
            for raw in listed:
                try:
                    event = _event_of(raw, _date_of(_dict(day), index), zone, change)
                    read.append((_complete(event, room), None))
                except BadEvent as bad:
                    faults.append(bad.fault)
        if is_own_layout:
            day_skeletons.append({**_dict(day), "rooms": {room: [] for room in day["rooms"]}})
    events, repeated = separate_slots(read)
    faults += repeated
    check_readable(events, faults, "schedule.conference.days[].rooms{}[]")
    document = None
    if is_own_layout and not faults:
        document = {**whole, "schedule": {**whole["schedule"], "conference": {**conference, "days": day_skeletons}}}
    return ReadSchedule(
        Schedule(
            format="frab-json",
            title=_str(conference.get("title")),
            acronym=_str(conference.get("acronym")),
            version=_str(_dict(_dict(whole).get("schedule")).get("version")),
            base_url=_str(_dict(_dict(whole).get("schedule")).get("base_url")),
            zone=zone,
            events=tuple(events),
            rooms=tuple(
                ScheduleRoom(name, {ANY: name}) for name in in_order([*rooms, *(each.room or "" for each in events)])
            ),
            tracks=tuple(
                ScheduleTrack(name, {ANY: name}) for name in in_order([event.track or "" for event in events])
            ),
            persons=people_of(events),
            days=tuple(dict.fromkeys(days)),
            document=document,
        ),
        tuple(faults),
    )


def _rooms_of(day: Json) -> list[tuple[str, list[Any]]]:
    """Return the sessions of a day by room, in whichever of the known nestings they stand."""
    found: list[tuple[str, list[Any]]] = []
    rooms = day.get("rooms")
    if isinstance(rooms, dict):
        found = [(room, _list(_dict(listed).get("events")) or _list(listed)) for room, listed in rooms.items()]
    for room in _list(rooms):
        name = _first(_texts(_dict(room).get("name"))) or _first(_texts(_dict(room).get("title")))
        found += [(name, _list(_dict(room).get(key))) for key in _EVENT_LISTS if key in _dict(room)]
    return found + [("", _list(day.get(key))) for key in _EVENT_LISTS if key in day]


def _complete(event: ScheduleEvent, room: str) -> ScheduleEvent:
    if not event.title:
        raise BadEvent("session_title_missing", event.key, "title", key=event.key)
    return replace(event, room=room or _first(_texts(_dict(event.raw).get("room"))) or None)


def write_frab_json(schedule: Schedule) -> bytes:
    """Return the schedule as a file: as it came where it came as frab JSON, else valid against the format's schema."""
    if schedule.format == "frab-json" and schedule.document:
        return dump_json(_as_it_came(schedule))
    return dump_json(_from_fields(schedule))


def _as_it_came(schedule: Schedule) -> Json:
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
        change = change_of_day("", _str(by_date[event.day].get("day_start")))
        by_date[event.day]["rooms"].setdefault(event.room or "", []).append(_changed_event(event, schedule, change))
    return {**whole, "schedule": {**whole["schedule"], "conference": {**conference, "days": days}}}


def _changed_event(event: ScheduleEvent, schedule: Schedule, day_change: time) -> Json:
    """Return the event as it came, with what has changed since."""
    if event.raw is None:
        return _new_event(event, schedule)
    raw = dict(event.raw)
    day = event.day or schedule.days[0]
    before = _event_of(raw, day, schedule.zone, day_change)
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
            raw[name] = new  # noqa: PERF403 - a comprehension would hide that most stay as they came
    if [_named(each) for each in before.persons] != [_named(each) for each in event.persons]:
        known = {person.key: person.raw for person in before.persons}
        raw["persons"] = [{**(known.get(each.key) or _new_person(each)), **_names(each)} for each in event.persons]
    return raw


def _event_of(raw: Any, day: date, zone: ZoneInfo, day_change: time) -> ScheduleEvent:
    event = _dict(raw)
    key = _str(event.get("guid")) or _str(event.get("id")) or _str(event.get("code")) or _str(event.get("slug"))
    if not key:
        raise BadEvent("session_id_missing", _first(_texts(event.get("title"))), "id")
    name = _first(_texts(event.get("title"))) or key
    duration = _str(event.get("duration"))
    try:
        minutes = parse_minutes(duration) if duration.strip() else None
    except ValueError:
        raise BadEvent("session_duration_invalid", name, "duration", duration, key) from None
    return ScheduleEvent(
        key=key,
        title=_texts(event.get("title")),
        subtitle=_texts(event.get("subtitle")),
        abstract=_texts(event.get("abstract")),
        description=_texts(event.get("description")),
        day=day,
        start=_start_of(event, name, key, day, day_change, zone),
        minutes=minutes,
        track=_first(_texts(event.get("track"))) or None,
        kind=_first(_texts(event.get("type"))),
        language=_str(event.get("language")),
        slug=_str(event.get("slug")),
        guid=_str(event.get("guid")),
        url=_str(event.get("url")),
        persons=tuple(_person_of(_dict(person)) for person in _list(event.get("persons"))),
        number=_str(event.get("id")),
        links=_links(event.get("links")),
        attachments=_links(event.get("attachments")),
        do_not_record=_opt_out(event),
        license=_str(event.get("recording_license")) or _str(_dict(event.get("recording")).get("license")),
        raw=raw,
    )


def _person_of(raw: Json) -> SchedulePerson:
    name = _str(raw.get("public_name")) or _str(raw.get("name")) or _str(raw.get("full_public_name"))
    key = _str(raw.get("guid")) or _str(raw.get("id")) or _str(raw.get("code")) or name
    return SchedulePerson(key=key, name=_texts(name), biography=_texts(raw.get("biography")), raw=raw)


def _links(value: Any) -> tuple[ScheduleLink, ...]:
    found = []
    for each in _list(value):
        if isinstance(each, str):
            found.append(ScheduleLink(each.strip()))
            continue
        link = _dict(each)
        url = _str(link.get("url")) or _str(link.get("href"))
        found.append(ScheduleLink(url.strip(), _first(_texts(link.get("title"))) or _str(link.get("name"))))
    return tuple(link for link in found if link.url)


def _opt_out(event: Json) -> bool | None:
    said = event.get("do_not_record")
    return is_true(said if said is not None else _dict(event.get("recording")).get("optout"))


def _start_of(event: Json, name: str, key: str, day: date, day_change: time, zone: ZoneInfo) -> datetime | None:
    whole, clock = _str(event.get("date")), _str(event.get("start"))
    try:
        for text in (whole, clock):
            if "T" in text:
                start = datetime.fromisoformat(text)
                return start if start.tzinfo else start.replace(tzinfo=zone)
        return clock_on(day, clock, day_change, zone) if clock else None
    except (ValueError, OverflowError):
        raise BadEvent("session_start_invalid", name, "start", clock or whole, key) from None


def _date_of(day: Json, index: int) -> date:
    text = (_str(day.get("date")) or _str(day.get("day_start")))[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadEvent("schedule_day_invalid", f"day {index + 1}", "date", text) from None


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
        "links": [_link(link) for link in event.links],
        "attachments": [_link(link) for link in event.attachments],
        **({} if event.do_not_record is None else {"do_not_record": event.do_not_record}),
        **({"recording_license": event.license} if event.license else {}),
    }


def _link(link: ScheduleLink) -> Json:
    return {"title": link.title or link.url, "url": link.url}


def _new_person(person: SchedulePerson) -> Json:
    name = _first(person.name)
    if person.key.isdigit():
        return {"id": int(person.key), "public_name": name}
    return {"name": name}


def _names(person: SchedulePerson) -> Json:
    """Return the new name under whichever keys the file uses."""
    keys = [key for key in ("public_name", "name") if key in (person.raw or {})] or ["public_name"]
    return dict.fromkeys(keys, _first(person.name))


def _named(person: SchedulePerson) -> tuple[str, str]:
    return person.key, _first(person.name)


def _dict(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _str(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _texts(value: Any) -> dict[str, str]:
    """Return the texts of a field: most files have one, some have one per language."""
    if isinstance(value, dict):
        return {str(language): text for language, text in value.items() if isinstance(text, str) and text}
    text = _str(value)
    return {ANY: text} if text else {}


def _first(texts: dict[str, str]) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
