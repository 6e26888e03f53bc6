"""Calendars as iCalendar (RFC 5545), with their time zone described."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from expo.formats.time_zones import describe_zone
from expo.pure.texts import clean_text


@dataclass(frozen=True)
class CalendarEntry:
    """One event. `uid` stays the same for ever; `starts_at` and `ends_at` are aware."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    location: str = ""
    description: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    # How often it has changed; calendars take the highest.
    sequence: int = 0
    attachments: tuple[str, ...] = ()


def write_ics(name: str, entries: Iterable[CalendarEntry], zone: ZoneInfo, changed_at: datetime, host: str) -> bytes:
    """Return a calendar file: the same entries give the same bytes. Times are written in `zone`."""
    calendar = Calendar()
    calendar.add("prodid", "-//expo//programme//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    listed = list(entries)
    first = min((entry.starts_at for entry in listed), default=changed_at)
    calendar.add_component(describe_zone(zone, first.astimezone(zone).year))
    for entry in listed:
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", changed_at)
        event.add("last-modified", changed_at)
        event.add("sequence", entry.sequence)
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
        event.add("summary", clean_text(entry.title))
        if entry.location:
            event.add("location", clean_text(entry.location))
        if entry.description:
            event.add("description", clean_text(entry.description))
        if entry.url:
            event.add("url", entry.url)
        if entry.categories:
            event.add("categories", list(entry.categories))
        for address in entry.attachments:
            event.add("attach", address)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
