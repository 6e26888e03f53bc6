"""Schedules of Sessionize: its `All`, `Sessions` and `GridSmart` views (https://sessionize.com/playbook/api)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.json_text import parse_json
from expo.formats.schedule import (
    ANY,
    MAX_MINUTES,
    BadEvent,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    ScheduleFault,
    ScheduleLink,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    check_readable,
    in_order,
    is_true,
    people_of,
    separate_slots,
)

Json = dict[str, Any]

# What organizers call the categories that mean our track, type and language.
_TRACKS = ("track", "topic", "theme", "stream", "主题", "专场")
_KINDS = ("format", "type", "形式", "类型")
_LANGUAGES = ("language", "语言")
_LINKS = (("liveUrl", "Live"), ("recordingUrl", "Recording"))


def read_sessionize(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Return the schedule of a file; Sessionize writes times without a zone, which are in `zone`. Raises BadFile."""
    whole = parse_json(data)
    if not is_sessionize(whole):
        raise BadFile("schedule_unknown")
    top = whole if isinstance(whole, dict) else {}
    rooms = {_str(room.get("id")): _str(room.get("name")) for room in _dicts(top.get("rooms"))}
    persons = {_str(raw.get("id")): _person_of(raw) for raw in _dicts(top.get("speakers"))}
    categories = {
        _str(item.get("id")): (_str(category.get("title")), _str(item.get("name")))
        for category in _dicts(top.get("categories"))
        for item in _dicts(category.get("items"))
    }
    read: list[tuple[ScheduleEvent, int | None]] = []
    faults: list[ScheduleFault] = []
    plenums: set[tuple[str, datetime | None]] = set()
    for raw in list_sessionize_sessions(whole):
        try:
            event = _event_of(raw, rooms, persons, categories, zone)
        except BadEvent as bad:
            faults.append(bad.fault)
            continue
        # The grid repeats a session for everyone in each room.
        if raw.get("isPlenumSession") is True and (event.key, event.start) in plenums:
            continue
        plenums.add((event.key, event.start))
        read.append((event, None))
    events, repeated = separate_slots(read)
    faults += repeated
    check_readable(events, faults, "sessions[], [].sessions[], [].rooms[].sessions[]")
    speaking = {person.key: person for person in people_of(events)}
    names = in_order([*rooms.values(), *(event.room or "" for event in events)])
    return ReadSchedule(
        Schedule(
            format="sessionize",
            title="",
            zone=zone,
            events=tuple(events),
            rooms=tuple(ScheduleRoom(name, {ANY: name}) for name in names),
            tracks=tuple(ScheduleTrack(name, {ANY: name}) for name in in_order([each.track or "" for each in events])),
            persons=tuple({**persons, **speaking}.values()),
            days=tuple(sorted({event.day for event in events if event.day})),
        ),
        tuple(faults),
    )


def is_sessionize(whole: Any) -> bool:
    """Return whether a JSON file has the structure of a Sessionize view: sessions with a title or `startsAt`."""
    return any("startsAt" in raw or isinstance(raw.get("title"), str) for raw in list_sessionize_sessions(whole))


def list_sessionize_sessions(whole: Any) -> list[Json]:
    """Return the sessions of any view: `All`, `Sessions` (groups) or `GridSmart` (days with rooms)."""
    if isinstance(whole, dict):
        return _dicts(whole.get("sessions"))
    found: list[Json] = []
    for group in _dicts(whole):
        found += _dicts(group.get("sessions"))
        for room in _dicts(group.get("rooms")):
            for raw in _dicts(room.get("sessions")):
                found.append({"roomId": room.get("id"), "room": room.get("name"), **raw})
    return found


def _event_of(
    raw: Json,
    rooms: dict[str, str],
    persons: dict[str, SchedulePerson],
    categories: dict[str, tuple[str, str]],
    zone: ZoneInfo,
) -> ScheduleEvent:
    key, title = _str(raw.get("id")), _str(raw.get("title")).strip()
    if not key:
        raise BadEvent("session_id_missing", title, "id")
    if not title:
        raise BadEvent("session_title_missing", key, "title", key=key)
    start = _moment(raw, "startsAt", "session_start_invalid", zone)
    end = _moment(raw, "endsAt", "session_end_invalid", zone)
    minutes = minutes_between(start, end, title, key)
    room = rooms.get(_str(raw.get("roomId"))) or _str(raw.get("room"))
    said = _categories_of(raw, categories)
    return ScheduleEvent(
        key=key,
        title={ANY: title},
        description=_texts(raw.get("description")),
        day=start.astimezone(zone).date() if start else None,
        start=start,
        minutes=minutes,
        room=room or None,
        track=_said(said, _TRACKS) or None,
        kind=_said(said, _KINDS),
        language=_said(said, _LANGUAGES),
        persons=tuple(_speaker_of(each, persons) for each in _list(raw.get("speakers"))),
        number=key if key.isdigit() else "",
        links=tuple(ScheduleLink(_str(raw[name]), title) for name, title in _LINKS if _str(raw.get(name))),
        do_not_record=is_true(raw.get("doNotRecord")),
        raw=raw,
    )


def minutes_between(start: datetime | None, end: datetime | None, name: str, key: str) -> int | None:
    """Return how long a session lasts; None while one end is open. Raises BadEvent for an end before the start."""
    if start is None or end is None:
        return None
    minutes = int((end - start).total_seconds() // 60)
    if not 0 <= minutes <= MAX_MINUTES:
        raise BadEvent("session_end_invalid", name, "end", end.isoformat(), key)
    return minutes


def _moment(raw: Json, name: str, code: str, zone: ZoneInfo) -> datetime | None:
    text = _str(raw.get(name)).strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadEvent(code, _str(raw.get("title")), name, text, _str(raw.get("id"))) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _categories_of(raw: Json, known: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    found = [known[_str(item)] for item in _list(raw.get("categoryItems")) if _str(item) in known]
    for category in _dicts(raw.get("categories")):
        title = _str(category.get("name")) or _str(category.get("title"))
        found += [(title, _str(item.get("name"))) for item in _dicts(category.get("categoryItems"))]
    return found


def _said(categories: list[tuple[str, str]], words: tuple[str, ...]) -> str:
    return next((item for title, item in categories if any(word in title.casefold() for word in words)), "")[:100]


def _speaker_of(value: Any, persons: dict[str, SchedulePerson]) -> SchedulePerson:
    if isinstance(value, dict):
        key = _str(value.get("id")) or _str(value.get("name"))
        return persons.get(key) or _person_of(value)
    key = _str(value)
    return persons.get(key) or SchedulePerson(key, {ANY: key})


def _person_of(raw: Json) -> SchedulePerson:
    parts = f"{_str(raw.get('firstName'))} {_str(raw.get('lastName'))}".strip()
    name = _str(raw.get("fullName")) or _str(raw.get("name")) or parts
    key = _str(raw.get("id")) or name
    return SchedulePerson(key, {ANY: name or key}, _texts(raw.get("bio")), raw)


def _texts(value: Any) -> dict[str, str]:
    text = _str(value)
    return {ANY: text} if text else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[Json]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _str(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list | bool) else str(value)
