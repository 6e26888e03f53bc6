"""Reading schedules of Sessionize's API: its views "All", "GridSmart" and "Sessions"."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.json_text import parse_json
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
from expo.pure.levels import read_level

Json = dict[str, Any]

# The places searched for sessions, as named in the error.
PLACES = "sessions, [].sessions, [].rooms[].sessions"
_TRACK_WORDS = ("track", "专题", "分会场", "topic", "theme")
_TYPE_WORDS = ("format", "type", "类型")
_LANGUAGE_WORDS = ("language", "语言")
_LEVEL_WORDS = ("level", "difficulty", "难度", "级别")


def is_sessionize(whole: Any) -> bool:
    """Whether a JSON value has the structure of one of the views."""
    return any("startsAt" in each or "roomId" in each or "isServiceSession" in each for each, _room in _sessions(whole))


def read_sessionize(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Read the schedule of a file; `zone` applies to times without one. Raises BadFile."""
    whole = parse_json(data)
    top = whole if isinstance(whole, dict) else {}
    rooms = {_str(each.get("id")): _str(each.get("name")) for each in _dicts(top.get("rooms"))}
    persons = {person.key: person for person in map(_person_of, _dicts(top.get("speakers")))}
    categories = _categories(top)
    faults: list[BadFile] = []
    events: list[ScheduleEvent] = []
    plenums: set[tuple[str, datetime | None]] = set()
    for raw, group in _sessions(whole):
        try:
            event = _event_of(raw, group, rooms, persons, categories, zone)
        except BadFile as fault:
            faults.append(fault)
            continue
        # The grid lists a plenary session under every room.
        if raw.get("isPlenumSession") is True:
            if (event.key, event.start) in plenums:
                continue
            plenums.add((event.key, event.start))
        events.append(event)
    events = part_repeats(events, faults)
    names = in_order([*rooms.values(), *(event.room or "" for event in events)])
    people = {person.key: person for event in events for person in event.persons}
    schedule = Schedule(
        format="sessionize" if isinstance(whole, dict) else "sessionize-grid",
        title="",
        zone=zone,
        events=tuple(events),
        rooms=tuple(ScheduleRoom(name, {ANY: name}) for name in names),
        tracks=tuple(ScheduleTrack(name, {ANY: name}) for name in in_order([each.track or "" for each in events])),
        persons=tuple({**persons, **people}.values()),
        days=tuple(sorted({event.day for event in events if event.day})),
    )
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def _sessions(whole: Any) -> Iterator[tuple[Json, str]]:
    """Yield each session with the name of its room or group."""
    if isinstance(whole, dict):
        for each in _dicts(whole.get("sessions")):
            yield each, ""
        return
    for group in _dicts(whole):
        for each in _dicts(group.get("sessions")):
            yield each, ""
        for room in _dicts(group.get("rooms")):
            for each in _dicts(room.get("sessions")):
                yield each, _str(room.get("name"))


def _event_of(
    raw: Json,
    group: str,
    rooms: dict[str, str],
    persons: dict[str, SchedulePerson],
    categories: dict[str, tuple[str, str]],
    zone: ZoneInfo,
) -> ScheduleEvent:
    key = _str(raw.get("id"))
    if not key:
        raise BadFile("schedule_event", event=_str(raw.get("title"))[:100], reason="id")
    start, end = (_moment(raw.get(name), key, zone) for name in ("startsAt", "endsAt"))
    chosen = _chosen(raw, categories)
    speakers = [_speaker(each, persons) for each in raw.get("speakers") or []]
    fields = (("liveUrl", "Live"), ("recordingUrl", "Recording"))
    return ScheduleEvent(
        key=key,
        title=_texts(raw.get("title")),
        description=_texts(raw.get("description")),
        day=start.astimezone(zone).date() if start else None,
        start=start,
        minutes=int((end - start).total_seconds() // 60) if start and end else None,
        room=_str(raw.get("room")) or rooms.get(_str(raw.get("roomId"))) or group or None,
        track=_category(chosen, _TRACK_WORDS),
        kind=_category(chosen, _TYPE_WORDS) or ("service" if raw.get("isServiceSession") is True else ""),
        language=_category(chosen, _LANGUAGE_WORDS) or "",
        level=read_level(_category(chosen, _LEVEL_WORDS) or ""),
        number=key if key.isdigit() else "",
        links=tuple(Link(_str(raw[name]), title) for name, title in fields if _str(raw.get(name))),
        persons=tuple(each for each in speakers if each is not None),
        raw=raw,
    )


def _categories(top: Json) -> dict[str, tuple[str, str]]:
    """Return the category name and item name by item id."""
    return {
        _str(item.get("id")): (_str(category.get("title")), _str(item.get("name")))
        for category in _dicts(top.get("categories"))
        for item in _dicts(category.get("items"))
    }


def _chosen(raw: Json, categories: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    chosen = [categories[_str(each)] for each in raw.get("categoryItems") or [] if _str(each) in categories]
    for category in _dicts(raw.get("categories")):
        chosen += [
            (_str(category.get("name")), _str(item.get("name"))) for item in _dicts(category.get("categoryItems"))
        ]
    return chosen


def _category(chosen: list[tuple[str, str]], words: tuple[str, ...]) -> str | None:
    return next((item for name, item in chosen if any(word in name.casefold() for word in words)), None)


def _speaker(value: Any, persons: dict[str, SchedulePerson]) -> SchedulePerson | None:
    if isinstance(value, dict):
        known = persons.get(_str(value.get("id")))
        name = _str(value.get("name")) or _str(value.get("fullName"))
        return known or (SchedulePerson(_str(value.get("id")) or name, {ANY: name}) if name else None)
    return persons.get(_str(value))


def _person_of(raw: Json) -> SchedulePerson:
    parts = (_str(raw.get("firstName")), _str(raw.get("lastName")))
    name = _str(raw.get("fullName")) or " ".join(filter(None, parts))
    return SchedulePerson(_str(raw.get("id")) or name, _texts(name), _texts(raw.get("bio")), raw)


def _moment(value: Any, key: str, zone: ZoneInfo) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(_str(value))
    except ValueError:
        raise BadFile("schedule_event", event=key, reason=f"start {value!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _dicts(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _str(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _texts(value: Any) -> Texts:
    text = _str(value)
    return {ANY: text} if text else {}
