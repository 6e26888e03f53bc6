"""Schedules as frab (pentabarf) XML: https://c3voc.de/wiki/schedule."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from expo.formats.bounds import MAX_DEPTH, parse_bounded_xml
from expo.formats.errors import BadFile
from expo.formats.frab_names import acronym_of, event_guid, event_number, event_slug, room_name, track_name
from expo.formats.schedule import (
    ANY,
    Link,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    clock_on,
    in_order,
    parse_clock,
    parse_day,
    parse_minutes,
    part_repeats,
    people_of,
    show_minutes,
)
from expo.pure.levels import read_level
from expo.pure.texts import clean_text

_BETWEEN_LINES = re.compile(rb"[\x0b\x0c]|&#(?:0*1[12]|x0*[bc]);", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.IGNORECASE)
# A node as JSON: tag, attributes, text, children, what follows it, its own namespaces.
Node = dict[str, Any]

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# Where events are looked for, as a refusal names it.
PLACES = "schedule/day/room/event, schedule/day/event"


def read_frab_xml(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Return the schedule of a file; `zone` holds for times without one. Raises BadFile with the line."""
    root = _parse(data)
    _remove_namespace(root)
    conference = root.find("conference")
    if etree.QName(root).localname != "schedule":
        raise BadFile("schedule_unknown")
    if conference is None:
        conference = etree.SubElement(root, "conference")
    faults: list[BadFile] = []
    zone = _zone_of(conference, zone)
    day_change = _clock(conference.findtext("day_change"))
    events: list[ScheduleEvent] = []
    days: list[date] = []
    days_of_elements: dict[etree._Element, date] = {}
    for day in root.iter("day"):
        try:
            days_of_elements[day] = _date_of(day, len(days))
        except BadFile as fault:
            faults.append(fault)
            continue
        days.append(days_of_elements[day])
    for event in root.iter("event"):
        node, line = _to_json(event), _line_of(event)
        try:
            day_date = _day_of(event, node, days_of_elements)
            if day_date is not None:
                read = _event_of(node, line)
                events.append(_placed(read, node, day_date, _room_of(event, node), day_change, zone, line))
        except BadFile as fault:
            faults.append(fault)
    days = sorted({*days, *(event.day for event in events if event.day)})
    events = part_repeats(events, faults)
    nodes = {day: {"day": _skeleton(day)} for day in root.findall("day") if day in days_of_elements}
    document = {
        "root": _to_json(root, with_children=False),
        "children": [
            nodes.get(child) or _without_events(_to_json(child))
            for child in root
            if _is_element(child) and not (child.tag == "day" and child not in nodes) and child.tag != "event"
        ],
    }
    rooms = in_order(
        [*(clean_text(room.get("name", "")) for room in root.iter("room")), *(event.room or "" for event in events)]
    )
    schedule = Schedule(
        format="frab-xml",
        title=conference.findtext("title") or "",
        acronym=conference.findtext("acronym") or "",
        version=root.findtext("version") or "",
        base_url=conference.findtext("base_url") or "",
        zone=zone,
        events=tuple(events),
        rooms=tuple(ScheduleRoom(name, {ANY: name}) for name in rooms),
        tracks=tuple(ScheduleTrack(name, {ANY: name}) for name in in_order([event.track or "" for event in events])),
        persons=people_of(events),
        days=tuple(days),
        document=document,
    )
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def write_frab_xml(schedule: Schedule) -> bytes:
    """Return the schedule as a file: as it came where it came as frab XML, else valid against the format's schema."""
    came_as_this = schedule.format == "frab-xml" and schedule.document
    root = _as_it_came(schedule) if came_as_this else _from_fields(schedule)
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _parse(data: bytes) -> etree._Element:
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        # What no text may hold is taken out; the rest of the file is as good as it was.
        data = _BETWEEN_LINES.sub(b" ", data)
        data = _CONTROL_REFERENCE.sub(b"", _CONTROL.sub(b"", data))
    try:
        return parse_bounded_xml(data)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):
            raise BadFile("file_too_deep", maximum=MAX_DEPTH) from None
        line = getattr(error, "lineno", None)
        code = (
            "file_encoding"
            if "encoding" in str(error).lower() or "Input is not proper" in str(error)
            else "file_broken"
        )
        raise BadFile(code, line, reason=str(error).split(", line ")[0][:200]) from None


def _remove_namespace(root: etree._Element) -> None:
    """Take the root's namespace off the names of elements: some generators declare one."""
    space = etree.QName(root).namespace
    if space:
        for element in root.iter(f"{{{space}}}*"):
            element.tag = etree.QName(element).localname


def _line_of(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)


def _is_element(node: etree._Element) -> bool:
    return isinstance(node.tag, str)


def _to_json(element: etree._Element, *, with_children: bool = True) -> Node:
    node: Node = {"tag": element.tag}
    if element.attrib:
        node["attributes"] = {str(name): clean_text(str(value)) for name, value in element.attrib.items()}
    if element.text and (element.text.strip() or not len(element)):
        node["text"] = clean_text(element.text)
    if with_children and len(element):
        node["children"] = [_to_json(child) for child in element if _is_element(child)]
    if element.tail and element.tail.strip():
        node["tail"] = clean_text(element.tail)
    parent = element.getparent()
    own = {prefix: uri for prefix, uri in element.nsmap.items() if parent is None or parent.nsmap.get(prefix) != uri}
    if own:
        node["namespaces"] = [[prefix, uri] for prefix, uri in own.items()]
    return node


def _to_element(node: Node) -> etree._Element:
    element = etree.Element(node["tag"], nsmap=dict(node.get("namespaces", [])))
    for name, value in node.get("attributes", {}).items():
        element.set(name, value)
    element.text = node.get("text")
    element.tail = node.get("tail")
    for child in node.get("children", []):
        element.append(_to_element(child))
    return element


def _skeleton(day: etree._Element) -> Node:
    """Return a day with its rooms and whatever else it has, without the events."""
    node = _to_json(day, with_children=False)
    node["children"] = []
    for child in day:
        if not _is_element(child):
            continue
        if child.tag == "event":
            continue
        if child.tag != "room":
            node["children"].append(_without_events(_to_json(child)))
            continue
        room = _to_json(child, with_children=False)
        others = [_to_json(each) for each in child if _is_element(each) and each.tag != "event"]
        if others:
            room["children"] = others
        node["children"].append(room)
    return node


def _without_events(node: Node) -> Node:
    """Return a node without the events in it: they are written where events belong."""
    if "children" not in node:
        return node
    return {**node, "children": [_without_events(child) for child in node["children"] if child["tag"] != "event"]}


def _day_of(event: etree._Element, node: Node, days: dict[etree._Element, date]) -> date | None:
    """Return the day that an event stands under, or else that of its own date; None under a day that is a fault."""
    day = next(event.iterancestors("day"), None)
    if day is not None:
        return days.get(day)
    try:
        return parse_day(_text(node, "date"))
    except ValueError:
        raise BadFile("schedule_event", _line_of(event), event=_text(node, "title")[:100], reason="day") from None


def _room_of(event: etree._Element, node: Node) -> str:
    room = next(event.iterancestors("room"), None)
    return clean_text((room.get("name") if room is not None else None) or "") or _text(node, "room")


def _text(node: Node, tag: str) -> str:
    return next((str(child.get("text", "")) for child in node.get("children", []) if child["tag"] == tag), "")


def _event_of(node: Node, line: int | None) -> ScheduleEvent:
    """Return the fields of an event that stand in its own element."""
    attributes = node.get("attributes", {})
    key = attributes.get("guid") or attributes.get("id") or attributes.get("code") or _text(node, "slug")
    if not key:
        raise BadFile("schedule_event", line, event=_text(node, "title")[:100], reason="id")
    persons = _child(node, "persons")
    try:
        duration = _text(node, "duration")
        minutes = parse_minutes(duration) if duration.strip() else None
    except ValueError:
        raise BadFile("schedule_event", line, event=key, reason=f"duration {duration!r}") from None
    return ScheduleEvent(
        key=key,
        title=_texts(_text(node, "title")),
        subtitle=_texts(_text(node, "subtitle")),
        abstract=_texts(_text(node, "abstract")),
        description=_texts(_text(node, "description")),
        track=_text(node, "track") or None,
        kind=_text(node, "type"),
        language=_text(node, "language"),
        level=read_level(_text(node, "level")),
        slug=_text(node, "slug"),
        guid=attributes.get("guid", ""),
        number=attributes.get("id", ""),
        url=_text(node, "url"),
        links=_links_of(node, "links", "link"),
        attachments=_links_of(node, "attachments", "attachment"),
        is_recording_refused=_is_true(_text(_child(node, "recording"), "optout"))
        or _is_true(_text(node, "do_not_record")),
        minutes=minutes,
        persons=tuple(_person_of(child) for child in persons.get("children", []) if child["tag"] == "person"),
    )


def _child(node: Node, tag: str) -> Node:
    return next((child for child in node.get("children", []) if child["tag"] == tag), {})


def _links_of(node: Node, around: str, tag: str) -> tuple[Link, ...]:
    found = (each for each in _child(node, around).get("children", []) if each["tag"] == tag)
    links = (
        Link(each.get("attributes", {}).get("href") or str(each.get("text", "")), str(each.get("text", "")))
        for each in found
    )
    return tuple(link for link in links if link.url.strip())


def _is_true(text: str) -> bool:
    return text.strip().casefold() in ("true", "1", "yes")


def _person_of(node: Node) -> SchedulePerson:
    attributes = node.get("attributes", {})
    name = str(node.get("text", ""))
    key = attributes.get("guid") or attributes.get("id") or attributes.get("code") or name
    return SchedulePerson(key=str(key), name=_texts(name))


def _placed(
    event: ScheduleEvent, node: Node, day: date, room: str, day_change: time, zone: ZoneInfo, line: int | None
) -> ScheduleEvent:
    """Return the event with its day, room and moment."""
    return replace(event, day=day, room=room, start=_start_of(node, event.key, day, day_change, zone, line), raw=node)


def _start_of(node: Node, key: str, day: date, day_change: time, zone: ZoneInfo, line: int | None) -> datetime | None:
    whole, clock = _text(node, "date").strip(), _text(node, "start").strip()
    try:
        if "T" in whole:
            start = datetime.fromisoformat(whole)
            return start if start.tzinfo else start.replace(tzinfo=zone)
        return clock_on(day, clock, day_change, zone) if clock else None
    except ValueError:
        raise BadFile("schedule_event", line, event=key, reason=f"start {whole or clock!r}") from None


def _date_of(day: etree._Element, index: int) -> date:
    text = day.get("date") or (day.get("start") or "")[:10]
    try:
        return parse_day(text)
    except ValueError:
        raise BadFile("schedule_event", _line_of(day), event=f"day {index + 1}", reason=f"date {text!r}") from None


def _zone_of(conference: etree._Element, fallback: ZoneInfo) -> ZoneInfo:
    name = conference.findtext("time_zone_name") or ""
    try:
        return ZoneInfo(name.strip()) if name.strip() else fallback
    except (ZoneInfoNotFoundError, ValueError):
        return fallback


def _clock(text: str | None) -> time:
    try:
        return parse_clock(text) if text else time(0)
    except ValueError:
        return time(0)


def _texts(text: str) -> dict[str, str]:
    return {ANY: text} if text else {}


def _first(texts: dict[str, str]) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")


def _as_it_came(schedule: Schedule) -> etree._Element:
    root = _to_element(schedule.document["root"])
    places: dict[tuple[date, str], etree._Element] = {}
    days: dict[date, etree._Element] = {}
    for node in schedule.document["children"]:
        if "day" not in node:
            root.append(_to_element(node))
            continue
        day = _to_element(node["day"])
        day_date = _date_of(day, len(days))
        days[day_date] = day
        for room in day.findall("room"):
            places.setdefault((day_date, room.get("name", "")), room)
        root.append(day)
    day_change = _clock(root.findtext("conference/day_change"))
    for event in schedule.events:
        if event.day is None or event.start is None:
            continue
        if event.day not in days:
            days[event.day] = etree.SubElement(root, "day", index=str(len(days) + 1), date=event.day.isoformat())
        place = (event.day, event.room or "")
        if place not in places:
            places[place] = etree.SubElement(days[event.day], "room", name=event.room or "")
        places[place].append(_event_element(event, schedule, day_change))
    return root


def _event_element(event: ScheduleEvent, schedule: Schedule, day_change: time) -> etree._Element:
    """Return the element as it came, with what has changed since."""
    if event.raw is None:
        return _new_event(event, schedule)
    element = _to_element(event.raw)
    before = _event_of(event.raw, None)
    day = event.day or schedule.days[0]
    was = _start_of(event.raw, event.key, day, day_change, schedule.zone, None)
    if event.start and event.start != was:
        local = event.start.astimezone(schedule.zone)
        _set(element, "start", local.strftime("%H:%M"))
        if element.find("date") is not None:
            _set(element, "date", local.isoformat())
    if event.minutes is not None and event.minutes != before.minutes:
        _set(element, "duration", show_minutes(event.minutes))
    if event.room is not None and _text(event.raw, "room") != event.room:
        _set(element, "room", event.room)
    for tag, old, new in (
        ("title", _first(before.title), _first(event.title)),
        ("subtitle", _first(before.subtitle), _first(event.subtitle)),
        ("track", before.track or "", event.track or ""),
        ("type", before.kind, event.kind),
        ("language", before.language, event.language),
        ("abstract", _first(before.abstract), _first(event.abstract)),
        ("description", _first(before.description), _first(event.description)),
    ):
        if old != new:
            _set(element, tag, new)
    _change_links(element, before, event)
    if [_named(each) for each in before.persons] != [_named(each) for each in event.persons]:
        _replace_persons(element, event.persons)
    return element


def _change_links(element: etree._Element, before: ScheduleEvent, event: ScheduleEvent) -> None:
    if before.is_recording_refused != event.is_recording_refused:
        _set_recording(element, event)
    for around, tag, old_links, new_links in (
        ("links", "link", before.links, event.links),
        ("attachments", "attachment", before.attachments, event.attachments),
    ):
        if old_links != new_links:
            parent = element.find(around)
            _add_links(parent if parent is not None else etree.SubElement(element, around), tag, new_links)


def _named(person: SchedulePerson) -> tuple[str, str]:
    return person.key, _first(person.name)


def _replace_persons(element: etree._Element, persons: Iterable[SchedulePerson]) -> None:
    parent = element.find("persons")
    if parent is None:
        parent = etree.SubElement(element, "persons")
    for child in list(parent):
        parent.remove(child)
    for person in persons:
        _add_person(parent, person)


def _add_person(parent: etree._Element, person: SchedulePerson) -> None:
    child = etree.SubElement(parent, "person")
    if person.key.isdigit():
        child.set("id", person.key)
    child.text = _clean(_first(person.name))


def _add_links(parent: etree._Element, tag: str, links: Iterable[Link]) -> None:
    for child in list(parent):
        parent.remove(child)
    for link in links:
        etree.SubElement(parent, tag, href=_clean(link.url)).text = _clean(link.title or link.url)


def _set_recording(element: etree._Element, event: ScheduleEvent) -> None:
    recording = element.find("recording")
    if recording is None:
        recording = etree.SubElement(element, "recording")
        _set(recording, "license", "")
    _set(recording, "optout", "true" if event.is_recording_refused else "false")


def _set(element: etree._Element, tag: str, text: str) -> None:
    child = element.find(tag)
    if child is None:
        child = etree.SubElement(element, tag)
    child.text = _clean(text)


def _clean(text: str) -> str:
    """Return a text without the signs that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _from_fields(schedule: Schedule) -> etree._Element:
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name="expo")
    _set(root, "version", schedule.version or "1")
    conference = etree.SubElement(root, "conference")
    _set(conference, "title", schedule.title)
    _set(conference, "acronym", acronym_of(schedule))
    if schedule.days:
        _set(conference, "start", schedule.days[0].isoformat())
        _set(conference, "end", schedule.days[-1].isoformat())
    _set(conference, "days", str(len(schedule.days)))
    _set(conference, "timeslot_duration", "00:05")
    if schedule.base_url.startswith(("http://", "https://")):
        _set(conference, "base_url", schedule.base_url)
    _set(conference, "time_zone_name", schedule.zone.key)
    for track in schedule.tracks:
        etree.SubElement(conference, "track", name=_clean(_first(track.name)))
    for index, day in enumerate(schedule.days, start=1):
        root.append(_new_day(schedule, day, index))
    return root


def _new_day(schedule: Schedule, day: date, index: int) -> etree._Element:
    begins, ends = day_bounds(day, schedule.zone)
    element = etree.Element(
        "day", index=str(index), date=day.isoformat(), start=begins.isoformat(), end=ends.isoformat()
    )
    rooms: dict[str, etree._Element] = {}
    for event in schedule.events:
        if event.day != day or event.start is None:
            continue
        name = room_name(schedule, event.room)
        if name not in rooms:
            rooms[name] = etree.SubElement(element, "room", name=_clean(name))
        rooms[name].append(_new_event(event, schedule))
    return element


def _new_event(event: ScheduleEvent, schedule: Schedule) -> etree._Element:
    if event.start is None:
        raise ValueError("an event without a time has no place in a schedule")
    local = event.start.astimezone(schedule.zone)
    element = etree.Element("event", guid=event_guid(event), id=event_number(event))
    _set(element, "room", room_name(schedule, event.room))
    _set(element, "title", _first(event.title))
    _set(element, "subtitle", _first(event.subtitle))
    _set(element, "type", event.kind)
    _set(element, "date", local.isoformat())
    _set(element, "start", local.strftime("%H:%M"))
    _set(element, "duration", show_minutes(event.minutes or 0))
    _set(element, "abstract", _first(event.abstract))
    _set(element, "slug", event_slug(event, schedule))
    _set(element, "track", track_name(schedule, event.track))
    _set(element, "language", event.language)
    _set(element, "description", _first(event.description))
    persons = etree.SubElement(element, "persons")
    for person in event.persons:
        _add_person(persons, person)
    _set_recording(element, event)
    _add_links(etree.SubElement(element, "links"), "link", event.links)
    _add_links(etree.SubElement(element, "attachments"), "attachment", event.attachments)
    if event.url.startswith(("http://", "https://")):
        _set(element, "url", event.url)
    return element


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a day of the programme begins and ends: what runs after midnight still belongs to it."""
    begins = datetime.combine(day, time(4), zone)
    return begins, begins + timedelta(days=1) - timedelta(minutes=1)
