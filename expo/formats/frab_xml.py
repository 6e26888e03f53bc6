"""Schedules as frab (pentabarf) XML: https://c3voc.de/wiki/schedule."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from expo.formats.bounds import parse_xml
from expo.formats.errors import BadFile
from expo.formats.frab_names import acronym_of, event_guid, event_number, event_slug, room_name, track_name
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
    name_of,
    parse_minutes,
    people_of,
    separate_slots,
    show_minutes,
)
from expo.pure.texts import clean_text

# A node as JSON: tag, attributes, text, children, what follows it, its own namespaces.
Node = dict[str, Any]


def read_frab_xml(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Return the schedule of a file; `zone` holds for times without one. Raises BadFile with the line."""
    root = parse_xml(data)
    is_own_layout = _remove_namespaces(root)
    conference = root.find("conference")
    if root.tag not in ("schedule", "conference", "events", "pentabarf"):
        raise BadFile("schedule_unknown")
    if conference is None:
        conference = etree.Element("conference")
    zone = _zone_of(conference, zone)
    read: list[tuple[ScheduleEvent, int | None]] = []
    faults: list[ScheduleFault] = []
    days: list[date] = []
    for element in root.iter("day"):
        try:
            days.append(_date_of(element, len(days)))
        except BadEvent as bad:
            faults.append(replace(bad.fault, line=_line_of(element)))
    for element in root.iter("event"):
        is_own_layout = is_own_layout and _is_in_its_place(element)
        try:
            read.append((_read_event(element, conference, zone), _line_of(element)))
        except BadEvent as bad:
            faults.append(replace(bad.fault, line=_line_of(element)))
    events, repeated = separate_slots(read)
    faults += repeated
    check_readable(events, faults, "schedule/day/room/event")
    rooms = [room.get("name") or "" for room in root.iterfind("day/room")] if is_own_layout else []
    days += [event.day for event in events if event.day and event.day not in days]
    return ReadSchedule(
        Schedule(
            format="frab-xml",
            title=conference.findtext("title") or "",
            acronym=conference.findtext("acronym") or "",
            version=root.findtext("version") or "",
            base_url=conference.findtext("base_url") or "",
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
            document=_document_of(root) if is_own_layout and not faults else None,
        ),
        tuple(sorted(faults, key=lambda fault: fault.line or 0)),
    )


def _document_of(root: etree._Element) -> Node:
    return {
        "root": _to_json(root, with_children=False),
        "children": [
            {"day": _skeleton(child)} if child.tag == "day" else _to_json(child) for child in root if _is_element(child)
        ],
    }


def _remove_namespaces(root: etree._Element) -> bool:
    """Take a format's namespace off its element names; return whether there was none."""
    space = etree.QName(root).namespace
    if not space:
        return True
    for element in root.iter(f"{{{space}}}*"):
        element.tag = etree.QName(element).localname
    return False


def _is_in_its_place(event: etree._Element) -> bool:
    """Return whether an event stands where the format wants it: schedule, day, room, event."""
    return [parent.tag for parent in event.iterancestors()] == ["room", "day", "schedule"]


def _read_event(element: etree._Element, conference: etree._Element, zone: ZoneInfo) -> ScheduleEvent:
    node = _to_json(element)
    event = _event_of(node)
    day_element = next(element.iterancestors("day"), None)
    room = next((parent.get("name") or parent.get("title") for parent in element.iterancestors("room")), None)
    room = room if room is not None else _text(node, "room").strip()
    day = _date_of(day_element, 0) if day_element is not None else None
    change = change_of_day(
        conference.findtext("day_change") or "", day_element.get("start", "") if day_element is not None else ""
    )
    start = _start_of(node, event, day, change, zone)
    if day is None and start is not None:
        day = start.astimezone(zone).date()
    if not event.title:
        raise BadEvent("session_title_missing", event.key, "title", key=event.key)
    return replace(event, day=day, room=room, start=start, raw=node)


def write_frab_xml(schedule: Schedule) -> bytes:
    """Return the schedule as a file: as it came where it came as frab XML, else valid against the format's schema."""
    came_as_this = schedule.format == "frab-xml" and schedule.document
    root = _as_it_came(schedule) if came_as_this else _from_fields(schedule)
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _line_of(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)


def _is_element(node: etree._Element) -> bool:
    return isinstance(node.tag, str)


def _to_json(element: etree._Element, *, with_children: bool = True) -> Node:
    node: Node = {"tag": element.tag}
    if element.attrib:
        node["attributes"] = dict(element.attrib)
    if element.text and (element.text.strip() or not len(element)):
        node["text"] = element.text
    if with_children and len(element):
        node["children"] = [_to_json(child) for child in element if _is_element(child)]
    if element.tail and element.tail.strip():
        node["tail"] = element.tail
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
        if child.tag != "room":
            node["children"].append(_to_json(child))
            continue
        room = _to_json(child, with_children=False)
        others = [_to_json(each) for each in child if _is_element(each) and each.tag != "event"]
        if others:
            room["children"] = others
        node["children"].append(room)
    return node


def _text(node: Node, tag: str) -> str:
    return next((str(child.get("text", "")) for child in node.get("children", []) if child["tag"] == tag), "")


def _event_of(node: Node) -> ScheduleEvent:
    """Return the fields of an event that stand in its own element."""
    attributes = node.get("attributes", {})
    key = attributes.get("guid") or attributes.get("id") or attributes.get("code") or _text(node, "slug")
    if not key:
        raise BadEvent("session_id_missing", _text(node, "title"), "id")
    name = _text(node, "title") or key
    try:
        duration = _text(node, "duration")
        minutes = parse_minutes(duration) if duration.strip() else None
    except ValueError:
        raise BadEvent("session_duration_invalid", name, "duration", duration, key) from None
    recording = _child(node, "recording")
    return ScheduleEvent(
        key=key,
        title=_texts(_text(node, "title")),
        subtitle=_texts(_text(node, "subtitle")),
        abstract=_texts(_text(node, "abstract")),
        description=_texts(_text(node, "description")),
        track=_text(node, "track") or None,
        kind=_text(node, "type"),
        language=_text(node, "language"),
        slug=_text(node, "slug"),
        guid=attributes.get("guid", ""),
        url=_text(node, "url"),
        minutes=minutes,
        persons=tuple(
            _person_of(child) for child in _child(node, "persons").get("children", []) if child["tag"] == "person"
        ),
        number=attributes.get("id", ""),
        links=_links(_child(node, "links")),
        attachments=_links(_child(node, "attachments")),
        do_not_record=is_true(_text(recording, "optout")),
        license=_text(recording, "license"),
    )


def _child(node: Node, tag: str) -> Node:
    return next((child for child in node.get("children", []) if child["tag"] == tag), {})


def _links(node: Node) -> tuple[ScheduleLink, ...]:
    found = []
    for child in node.get("children", []):
        text = str(child.get("text", "")).strip()
        url = str(child.get("attributes", {}).get("href", "")).strip() or text
        if url:
            found.append(ScheduleLink(url, text if text != url else ""))
    return tuple(found)


def _person_of(node: Node) -> SchedulePerson:
    attributes = node.get("attributes", {})
    name = str(node.get("text", ""))
    key = attributes.get("guid") or attributes.get("id") or attributes.get("code") or name
    return SchedulePerson(key=str(key), name=_texts(name))


def _start_of(node: Node, event: ScheduleEvent, day: date | None, day_change: time, zone: ZoneInfo) -> datetime | None:
    whole, clock = _text(node, "date").strip(), _text(node, "start").strip()
    try:
        if "T" in whole:
            start = datetime.fromisoformat(whole)
            return start if start.tzinfo else start.replace(tzinfo=zone)
        if "T" in clock:
            start = datetime.fromisoformat(clock)
            return start if start.tzinfo else start.replace(tzinfo=zone)
        if day is None and whole:
            day = date.fromisoformat(whole)
        return clock_on(day, clock, day_change, zone) if clock and day else None
    except (ValueError, OverflowError):
        name = name_of(event.title, event.key)
        raise BadEvent("session_start_invalid", name, "start", clock or whole, event.key) from None


def _date_of(day: etree._Element, index: int) -> date:
    text = day.get("date") or (day.get("start") or "")[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadEvent("schedule_day_invalid", f"day {index + 1}", "date", text) from None


def _zone_of(conference: etree._Element, fallback: ZoneInfo) -> ZoneInfo:
    name = conference.findtext("time_zone_name") or ""
    try:
        return ZoneInfo(name.strip()) if name.strip() else fallback
    except (ZoneInfoNotFoundError, ValueError):
        return fallback


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
    for event in schedule.events:
        if event.day is None or event.start is None:
            continue
        if event.day not in days:
            days[event.day] = etree.SubElement(root, "day", index=str(len(days) + 1), date=event.day.isoformat())
        place = (event.day, event.room or "")
        if place not in places:
            places[place] = etree.SubElement(days[event.day], "room", name=event.room or "")
        places[place].append(_event_element(event, schedule, _change_of(root, days[event.day])))
    return root


def _change_of(root: etree._Element, day: etree._Element) -> time:
    return change_of_day(root.findtext("conference/day_change") or "", day.get("start", ""))


def _event_element(event: ScheduleEvent, schedule: Schedule, day_change: time) -> etree._Element:
    """Return the element as it came, with what has changed since."""
    if event.raw is None:
        return _new_event(event, schedule)
    element = _to_element(event.raw)
    before = _event_of(event.raw)
    was = _start_of(event.raw, before, event.day or schedule.days[0], day_change, schedule.zone)
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
    if [_named(each) for each in before.persons] != [_named(each) for each in event.persons]:
        _replace_persons(element, event.persons)
    return element


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


def _set(element: etree._Element, tag: str, text: str) -> None:
    child = element.find(tag)
    if child is None:
        child = etree.SubElement(element, tag)
    child.text = _clean(text)


def _clean(text: str) -> str:
    """Return a text without the signs that XML cannot hold."""
    return clean_text(text)


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
    if event.do_not_record is not None or event.license:
        recording = etree.SubElement(element, "recording")
        _set(recording, "license", event.license)
        _set(recording, "optout", "true" if event.do_not_record else "false")
    _add_links(element, "link", event.links)
    _add_links(element, "attachment", event.attachments)
    if event.url.startswith(("http://", "https://")):
        _set(element, "url", event.url)
    return element


def _add_links(element: etree._Element, tag: str, links: Iterable[ScheduleLink]) -> None:
    parent = etree.SubElement(element, f"{tag}s")
    for link in links:
        etree.SubElement(parent, tag, href=_clean(link.url)).text = _clean(link.title or link.url)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return when a day of the programme begins and ends: what runs after midnight still belongs to it."""
    begins = datetime.combine(day, time(4), zone)
    return begins, begins + timedelta(days=1) - timedelta(minutes=1)
