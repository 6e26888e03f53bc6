"""Reading schedules from frab (pentabarf) XML."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml import etree

from expo.formats.errors import BadFile
from expo.formats.frab_xml.nodes import (
    Node,
    find_child,
    is_element,
    line_of,
    parse_document,
    remove_namespace,
    skeleton_of,
    text_of,
    to_json,
    without_events,
)
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
)
from expo.pure.levels import read_level
from expo.pure.texts import clean_text

# The places searched for events, as named in the error.
PLACES = "schedule/day/room/event, schedule/day/event"


def read_frab_xml(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    """Read the schedule of a file; `zone` applies to times without one. Raises BadFile with the line."""
    root = parse_document(data)
    remove_namespace(root)
    conference = root.find("conference")
    if etree.QName(root).localname != "schedule":
        raise BadFile("schedule_unknown")
    if conference is None:
        conference = etree.SubElement(root, "conference")
    faults: list[BadFile] = []
    zone = _zone_of(conference, zone)
    day_change = read_clock(conference.findtext("day_change"))
    events: list[ScheduleEvent] = []
    days: list[date] = []
    days_of_elements: dict[etree._Element, date] = {}
    for day in root.iter("day"):
        try:
            days_of_elements[day] = read_date(day, len(days))
        except BadFile as fault:
            faults.append(fault)
            continue
        days.append(days_of_elements[day])
    for event in root.iter("event"):
        node, line = to_json(event), line_of(event)
        try:
            day_date = _day_of(event, node, days_of_elements)
            if day_date is not None:
                read = read_event(node, line)
                events.append(_placed(read, node, day_date, _room_of(event, node), day_change, zone, line))
        except BadFile as fault:
            faults.append(fault)
    days = sorted({*days, *(event.day for event in events if event.day)})
    events = part_repeats(events, faults)
    nodes = {day: {"day": skeleton_of(day)} for day in root.findall("day") if day in days_of_elements}
    document = {
        "root": to_json(root, with_children=False),
        "children": [
            nodes.get(child) or without_events(to_json(child))
            for child in root
            if is_element(child) and not (child.tag == "day" and child not in nodes) and child.tag != "event"
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


def _day_of(event: etree._Element, node: Node, days: dict[etree._Element, date]) -> date | None:
    """Return the day that contains an event, otherwise the day of its own date; None under a faulty day."""
    day = next(event.iterancestors("day"), None)
    if day is not None:
        return days.get(day)
    try:
        return parse_day(text_of(node, "date"))
    except ValueError:
        raise BadFile("schedule_event", line_of(event), event=text_of(node, "title")[:100], reason="day") from None


def _room_of(event: etree._Element, node: Node) -> str:
    room = next(event.iterancestors("room"), None)
    return clean_text((room.get("name") if room is not None else None) or "") or text_of(node, "room")


def read_event(node: Node, line: int | None) -> ScheduleEvent:
    """Return the fields of an event that are in its own element."""
    attributes = node.get("attributes", {})
    key = attributes.get("guid") or attributes.get("id") or attributes.get("code") or text_of(node, "slug")
    if not key:
        raise BadFile("schedule_event", line, event=text_of(node, "title")[:100], reason="id")
    if not text_of(node, "title").strip():
        raise BadFile("schedule_event_untitled", line, event=key)
    persons = find_child(node, "persons")
    try:
        duration = text_of(node, "duration")
        minutes = parse_minutes(duration) if duration.strip() else None
    except ValueError:
        raise BadFile("schedule_event", line, event=key, reason=f"duration {duration!r}") from None
    return ScheduleEvent(
        key=key,
        title=_texts(text_of(node, "title")),
        subtitle=_texts(text_of(node, "subtitle")),
        abstract=_texts(text_of(node, "abstract")),
        description=_texts(text_of(node, "description")),
        track=text_of(node, "track") or None,
        kind=text_of(node, "type"),
        language=text_of(node, "language"),
        level=read_level(text_of(node, "level")),
        slug=text_of(node, "slug"),
        guid=attributes.get("guid", ""),
        number=attributes.get("id", ""),
        url=text_of(node, "url"),
        links=_links_of(node, "links", "link"),
        attachments=_links_of(node, "attachments", "attachment"),
        is_recording_refused=_is_true(text_of(find_child(node, "recording"), "optout"))
        or _is_true(text_of(node, "do_not_record")),
        minutes=minutes,
        persons=tuple(_person_of(child) for child in persons.get("children", []) if child["tag"] == "person"),
    )


def _links_of(node: Node, around: str, tag: str) -> tuple[Link, ...]:
    found = (each for each in find_child(node, around).get("children", []) if each["tag"] == tag)
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
    """Return the event with its day, room and start."""
    return replace(event, day=day, room=room, start=read_start(node, event.key, day, day_change, zone, line), raw=node)


def read_start(node: Node, key: str, day: date, day_change: time, zone: ZoneInfo, line: int | None) -> datetime | None:
    """Return the start of a session: its own date and time, or its time on its day. Raises BadFile."""
    whole, clock = text_of(node, "date").strip(), text_of(node, "start").strip()
    try:
        if "T" in whole:
            start = datetime.fromisoformat(whole)
            return start if start.tzinfo else start.replace(tzinfo=zone)
        return clock_on(day, clock, day_change, zone) if clock else None
    except ValueError:
        raise BadFile("schedule_event", line, event=key, reason=f"start {whole or clock!r}") from None


def read_date(day: etree._Element, index: int) -> date:
    """Return the date of a day element. Raises BadFile."""
    text = day.get("date") or (day.get("start") or "")[:10]
    try:
        return parse_day(text)
    except ValueError:
        raise BadFile("schedule_event", line_of(day), event=f"day {index + 1}", reason=f"date {text!r}") from None


def _zone_of(conference: etree._Element, fallback: ZoneInfo) -> ZoneInfo:
    name = conference.findtext("time_zone_name") or ""
    try:
        return ZoneInfo(name.strip()) if name.strip() else fallback
    except (ZoneInfoNotFoundError, ValueError):
        return fallback


def read_clock(text: str | None) -> time:
    """Return the time of day at which days change, by default midnight."""
    try:
        return parse_clock(text) if text else time(0)
    except ValueError:
        return time(0)


def _texts(text: str) -> dict[str, str]:
    return {ANY: text} if text else {}
