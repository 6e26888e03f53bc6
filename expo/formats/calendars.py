"""iCalendar files (RFC 5545) with their time zone's definition.

Events are written line by line: 1,000 of them with a library that models every property take several times as long.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from expo.formats.zones import describe_zone

# A line has at most 75 octets; a longer one continues after a line break and a space (RFC 5545, 3.1).
_LINE_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


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
    # When it was last changed; if unknown, when the calendar was.
    changed_at: datetime | None = None
    is_cancelled: bool = False
    # How long before its start calendars remind of it, unless it is cancelled.
    remind_before: timedelta | None = None


def write_ics(
    name: str,
    entries: Iterable[CalendarEntry],
    zone: ZoneInfo,
    changed_at: datetime,
    host: str,
    refresh_every: timedelta | None = None,
) -> bytes:
    """Return a calendar file with times in `zone`. Deterministic: the same entries give the same bytes.

    A cancelled event keeps its UID, with STATUS:CANCELLED and a higher SEQUENCE, so that calendars cross it out.
    With `refresh_every`, calendars that subscribe to it are asked to look for changes as often.
    """
    listed = list(entries)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//expo//programme//EN",
        "METHOD:PUBLISH",
        f"NAME:{_escape(name)}",
        f"X-WR-CALNAME:{_escape(name)}",
        f"X-WR-TIMEZONE:{zone.key}",
    ]
    if refresh_every is not None:
        # RFC 7986, 5.7; Outlook reads the other one.
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{_duration(refresh_every)}"]
        lines += [f"X-PUBLISHED-TTL:{_duration(refresh_every)}"]
    years = [moment.year for entry in listed for moment in (entry.starts_at, entry.ends_at)]
    if years:
        lines += describe_zone(zone, min(years)).to_ical().decode().rstrip("\r\n").split("\r\n")
    for entry in listed:
        lines += _event_lines(entry, zone, changed_at, host)
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _event_lines(entry: CalendarEntry, zone: ZoneInfo, changed_at: datetime, host: str) -> Iterator[str]:
    changed = (entry.changed_at or changed_at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escape(f'{entry.uid}@{host}')}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    yield f"DTSTART{_moment(entry.starts_at, zone)}"
    yield f"DTEND{_moment(entry.ends_at, zone)}"
    yield f"SUMMARY:{_escape(entry.title)}"
    if entry.location:
        yield f"LOCATION:{_escape(entry.location)}"
    if entry.description:
        yield f"DESCRIPTION:{_escape(entry.description)}"
    if entry.url:
        yield f"URL:{_address(entry.url)}"
    if entry.categories:
        yield f"CATEGORIES:{','.join(map(_escape, entry.categories))}"
    for attachment in entry.attachments:
        yield f"ATTACH:{_address(attachment)}"
    if entry.remind_before is not None and not entry.is_cancelled:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_escape(entry.title)}"
        yield f"TRIGGER:-{_duration(entry.remind_before)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _duration(time: timedelta) -> str:
    return f"PT{int(time.total_seconds() // 60)}M"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment with its zone; in UTC if it is the second of two (RFC 5545, 3.3.5)."""
    local = moment.astimezone(zone)
    if local.fold:
        return f":{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _escape(text: str) -> str:
    """Return a text as a value of type TEXT (RFC 5545, 3.3.11), without characters that calendars forbid."""
    kept = "".join(char for char in text if char >= " " or char in "\n\t")
    return kept.translate(_ESCAPES)


def _address(url: str) -> str:
    """Return an address without line breaks and other control characters."""
    return "".join(char for char in url if char > " ")


def _fold(line: str) -> str:
    """Return a line in parts of at most 75 octets, each but the first after a space; characters stay whole."""
    if len(line) * 4 <= _LINE_OCTETS or len(line.encode()) <= _LINE_OCTETS:
        return line
    parts: list[str] = []
    part, octets = "", 0
    for char in line:
        size = len(char.encode())
        if octets + size > _LINE_OCTETS:
            parts.append(part)
            # The space before it counts.
            part, octets = "", 1
        part += char
        octets += size
    return "\r\n ".join([*parts, part])
