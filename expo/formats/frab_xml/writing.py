"""Writing schedules as frab (pentabarf) XML: by updating the imported document, or from our fields."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lxml import etree

from expo.formats.frab_names import acronym_of, event_guid, event_number, event_slug, room_name, track_name
from expo.formats.frab_xml.nodes import clean_xml_text, text_of, to_element
from expo.formats.frab_xml.reading import read_clock, read_date, read_event, read_start
from expo.formats.schedule import (
    ANY,
    Link,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    show_minutes,
)


def write_frab_xml(schedule: Schedule) -> bytes:
    """Write a schedule: in its original form if imported as frab XML, otherwise valid by the format's schema."""
    came_as_this = schedule.format == "frab-xml" and schedule.document
    root = _from_raw(schedule) if came_as_this else _from_fields(schedule)
    etree.indent(root, "  ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _first(texts: dict[str, str]) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")


def _from_raw(schedule: Schedule) -> etree._Element:
    root = to_element(schedule.document["root"])
    places: dict[tuple[date, str], etree._Element] = {}
    days: dict[date, etree._Element] = {}
    for node in schedule.document["children"]:
        if "day" not in node:
            root.append(to_element(node))
            continue
        day = to_element(node["day"])
        day_date = read_date(day, len(days))
        days[day_date] = day
        for room in day.findall("room"):
            places.setdefault((day_date, room.get("name", "")), room)
        root.append(day)
    day_change = read_clock(root.findtext("conference/day_change"))
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
    """Return the event's raw element, updated with later changes."""
    if event.raw is None:
        return _new_event(event, schedule)
    element = to_element(event.raw)
    before = read_event(event.raw, None)
    day = event.day or schedule.days[0]
    was = read_start(event.raw, event.key, day, day_change, schedule.zone, None)
    if event.start and event.start != was:
        local = event.start.astimezone(schedule.zone)
        _set(element, "start", local.strftime("%H:%M"))
        if element.find("date") is not None:
            _set(element, "date", local.isoformat())
    if event.minutes is not None and event.minutes != before.minutes:
        _set(element, "duration", show_minutes(event.minutes))
    if event.room is not None and text_of(event.raw, "room") != event.room:
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
    child.text = clean_xml_text(_first(person.name))


def _add_links(parent: etree._Element, tag: str, links: Iterable[Link]) -> None:
    for child in list(parent):
        parent.remove(child)
    for link in links:
        etree.SubElement(parent, tag, href=clean_xml_text(link.url)).text = clean_xml_text(link.title or link.url)


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
    child.text = clean_xml_text(text)


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
        etree.SubElement(conference, "track", name=clean_xml_text(_first(track.name)))
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
            rooms[name] = etree.SubElement(element, "room", name=clean_xml_text(name))
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
    """Return the start and end of a day of the programme; sessions after midnight still belong to it."""
    begins = datetime.combine(day, time(4), zone)
    return begins, begins + timedelta(days=1) - timedelta(minutes=1)
