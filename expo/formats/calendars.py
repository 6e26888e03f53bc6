"""iCalendar files (RFC 5545) with their time zone's definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from expo.formats.zones import describe_zone


@dataclass(frozen=True)
class CalendarEntry:
    """One event. `uid` never changes; `starts_at` and `ends_at` are aware."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    # Incremented by every change: calendars use the entry with the highest sequence.
    sequence: int = 0


def write_ics(name: str, entries: Iterable[CalendarEntry], zone: ZoneInfo, changed_at: datetime, host: str) -> bytes:
    """Return a calendar file with times in `zone`. Deterministic: the same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//expo//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    listed = list(entries)
    for entry in listed:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", changed_at)
        event.add("last-modified", changed_at)
        event.add("sequence", entry.sequence)
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
        event.add("summary", entry.title)
        if entry.location:
            event.add("location", entry.location)
        if entry.description:
            event.add("description", entry.description)
        if entry.url:
            event.add("url", entry.url)
        if entry.categories:
            event.add("categories", list(entry.categories))
        for address in entry.attachments:
            event.add("attach", address)
        calendar.add_component(event)
    years = [moment.year for entry in listed for moment in (entry.starts_at, entry.ends_at)]
    if years:
        calendar.subcomponents.insert(0, describe_zone(zone, min(years)))
    return bytes(calendar.to_ical())
