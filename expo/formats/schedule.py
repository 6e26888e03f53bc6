"""A conference schedule as a plain value, independent of its file format.

Besides its fields each object has the `raw` form from its file. A writer of the same format starts from that form and
changes only what differs from the fields, so that a schedule survives a round trip completely, including elements that
only its generator knows.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile, Fault

Format = Literal["frab-xml", "frab-json", "opass-json", "sessionize", "sessionize-grid", "pretalx", "table", "own"]
Texts = dict[str, str]

_DAY_HOURS, _LATEST_CHANGE, _NOON = 24, 10, 12
_SPELLED = re.compile(
    r"P?(?:(?P<days>\d{1,3})\s*d)?\s*T?(?:(?P<hours>\d{1,4})\s*h)?\s*(?:(?P<minutes>\d{1,5})\s*(?:m|min|minutes)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<hours>\d{1,2})[:.](?P<minutes>\d{2})(?:[:.](?P<seconds>\d{2}))?\s*(?:(?P<half>[ap])\.?m\.?)?", re.IGNORECASE
)
# With slashes, only the order of a year at the beginning is certain.
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)|(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)"
)

_NEVER = datetime.max.replace(tzinfo=UTC)
# The key of a text without a language.
ANY = "en"


@dataclass(frozen=True)
class Link:
    """A link to a page, slides or a paper. `title` is empty if the file has none."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class SchedulePerson:
    """A speaker. `key` identifies them within the schedule."""

    key: str
    name: Texts
    biography: Texts = field(default_factory=dict)
    raw: Any = None
    # Only organizers' files have it; never exported.
    email: str = ""
    # Only exported: the address of the photo, and links to pages about the person.
    photo: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class ScheduleRoom:
    """A room; events refer to it by `key`."""

    key: str
    name: Texts
    raw: Any = None


@dataclass(frozen=True)
class ScheduleTrack:
    """A theme; events refer to it by `key`."""

    key: str
    name: Texts
    raw: Any = None


@dataclass(frozen=True)
class ScheduleEvent:
    """A session. `start` is aware; `minutes` is None if the file has no duration."""

    key: str
    title: Texts
    day: date | None = None
    start: datetime | None = None
    minutes: int | None = None
    room: str | None = None
    subtitle: Texts = field(default_factory=dict)
    abstract: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    track: str | None = None
    kind: str = ""
    language: str = ""
    # One of expo.pure.levels.LEVELS, or the file's own term. Both frab schemas forbid additional fields, so it is only
    # exported in the other formats, and in frab only if it was imported from there.
    level: str = ""
    slug: str = ""
    guid: str = ""
    # The file's number of the event, besides a guid.
    number: str = ""
    url: str = ""
    links: tuple[Link, ...] = ()
    attachments: tuple[Link, ...] = ()
    is_recording_refused: bool = False
    persons: tuple[SchedulePerson, ...] = ()
    raw: Any = None
    # Whether the file has nothing but the title to identify it by.
    is_keyed_by_title: bool = False
    # Only exported in tables.
    sequence: int = 0


@dataclass(frozen=True)
class Schedule:
    """A whole programme. `document` is the file's content besides the objects listed here."""

    format: Format
    title: str
    zone: ZoneInfo
    events: tuple[ScheduleEvent, ...]
    rooms: tuple[ScheduleRoom, ...] = ()
    tracks: tuple[ScheduleTrack, ...] = ()
    persons: tuple[SchedulePerson, ...] = ()
    days: tuple[date, ...] = ()
    acronym: str = ""
    version: str = "1"
    base_url: str = ""
    document: Any = None


@dataclass(frozen=True)
class ReadSchedule:
    """The readable part of a file, and the faults in the rest."""

    schedule: Schedule
    faults: tuple[Fault, ...]


def parse_minutes(text: str) -> int:
    """Parse a duration into minutes: `HH:MM`, `HH:MM:SS`, `D:HH:MM:SS`, `45`, `1h30` or `PT45M`.

    Raises ValueError.
    """
    if re.search(r"\d", text) and (spelled := _SPELLED.fullmatch(text.strip())):
        return int(spelled["days"] or 0) * 1440 + int(spelled["hours"] or 0) * 60 + int(spelled["minutes"] or 0)
    parts = [int(part) for part in text.strip().split(":")]
    if "-" in text:
        raise ValueError(text)
    match parts:
        case [hours, minutes] | [hours, minutes, _]:
            return hours * 60 + minutes
        case [days, hours, minutes, _]:
            return (days * 24 + hours) * 60 + minutes
    raise ValueError(text)


def show_minutes(minutes: int) -> str:
    """Format a duration as `HH:MM`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_clock(text: str) -> time:
    """Parse a time of day: `H:MM`, `HH:MM:SS`, `9.30` or `2:30 PM`. Raises ValueError."""
    if not (read := _CLOCK.fullmatch(text.strip())):
        raise ValueError(text)
    hours, half = int(read["hours"]), (read["half"] or "").lower()
    if half and not 1 <= hours <= _NOON:
        raise ValueError(text)
    if half:
        hours = hours % _NOON + (_NOON if half == "p" else 0)
    return time(hours, int(read["minutes"]), int(read["seconds"] or 0))


def parse_day(text: str) -> date:
    """Parse a day such as `2027-05-01`, `2027年5月1日` or `1.5.2027`, with trailing text. Raises ValueError."""
    read = _DAY.match(text.strip())
    if read is None:
        raise ValueError(text)
    year, month, day = read.group(1, 2, 3) if read[1] else read.group(6, 5, 4)
    return date(int(year), int(month), int(day))


def clock_on(day: date, text: str, day_change: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a time on a day; `25:30` is 1:30 on the next day. Raises ValueError."""
    hours, _, rest = text.strip().replace(".", ":").partition(":")
    if hours.isdecimal() and _DAY_HOURS <= int(hours) < 2 * _DAY_HOURS:
        return datetime.combine(day + timedelta(days=1), parse_clock(f"{int(hours) - _DAY_HOURS}:{rest}"), zone)
    return moment_on(day, parse_clock(text), day_change, zone)


def change_of_day(start: str) -> time:
    """Return the time at which days of the programme change, given the first moment of one."""
    try:
        begins = datetime.fromisoformat(start.strip())
    except ValueError:
        return time(0)
    return begins.time() if "T" in start and begins.hour < _LATEST_CHANGE else time(0)


def moment_on(day: date, clock: time, day_change: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a time on a day of the programme; times before the change of day are after midnight."""
    if clock < day_change:
        day += timedelta(days=1)
    return datetime.combine(day, clock, zone)


def part_repeats(events: list[ScheduleEvent], faults: list[BadFile]) -> list[ScheduleEvent]:
    """Return the events with unique keys.

    A repeated session has the guid of the first; its further slots are distinguished by their numbers or times. An
    event that occurs twice at the same time in the same room is a fault, and is used once.
    """
    by_key: dict[str, list[int]] = {}
    for position, event in enumerate(events):
        by_key.setdefault(event.key, []).append(position)
    kept = dict(enumerate(events))
    for key, positions in by_key.items():
        seen: set[tuple[datetime | None, str | None]] = set()
        taken = {key}
        in_time = sorted(positions, key=lambda at: (events[at].start is None, events[at].start or _NEVER, at))
        for order, position in enumerate(in_time):
            event = events[position]
            if (event.start, event.room) in seen:
                faults.append(BadFile("schedule_duplicate", event=key))
                del kept[position]
                continue
            seen.add((event.start, event.room))
            if order:
                mark = event.number or (event.start.isoformat() if event.start else str(order))
                own = f"{key}#{mark}"
                while own in taken:
                    own += f".{order}"
                taken.add(own)
                kept[position] = replace(event, key=own)
    return [kept[position] for position in sorted(kept)]


def in_order(keys: list[str]) -> list[str]:
    """Return the distinct non-empty keys in order of first appearance."""
    return list(dict.fromkeys(key for key in keys if key))


def people_of(events: list[ScheduleEvent]) -> tuple[SchedulePerson, ...]:
    """Return the distinct speakers, each as first named, with the first address that is given."""
    found: dict[str, SchedulePerson] = {}
    for event in events:
        for person in event.persons:
            known = found.setdefault(person.key, person)
            if person.email and not known.email:
                found[person.key] = replace(known, email=person.email)
    return tuple(found.values())
