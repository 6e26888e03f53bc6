"""A conference schedule as a plain value, whichever format it came in.

Each object carries beside its fields the `raw` form that a file gave it. A writer of the same format begins with that
form and changes only what differs from the fields, so that a schedule written again equals the schedule that was read,
down to elements that only its maker knows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile

Format = Literal["frab-xml", "frab-json", "opass-json", "sessionize", "own"]
Texts = dict[str, str]

# The language under which a text is kept that says nothing of its language.
ANY = "en"


# Longer than any session; more is a typing error.
MAX_MINUTES = 31 * 24 * 60
# The hour by which a day of the programme has begun; what a file states later is the first session, not the change.
LATEST_CHANGE = 10
_DAY_HOURS = 24


@dataclass(frozen=True)
class ScheduleLink:
    """Something on the web that belongs to a session."""

    url: str
    title: str = ""


@dataclass(frozen=True)
class ScheduleFault:
    """Why one session of a file cannot be imported: where it stands, which field, and a stable code."""

    code: str
    event: str
    field: str
    value: str = ""
    line: int | None = None
    # What the schedule calls the session, where that is known: it is neither changed nor removed.
    key: str = ""


@dataclass(frozen=True)
class SchedulePerson:
    """Someone who speaks. `key` identifies them within the schedule."""

    key: str
    name: Texts
    biography: Texts = field(default_factory=dict)
    raw: Any = None


@dataclass(frozen=True)
class ScheduleRoom:
    """A room; `key` is what events name it by."""

    key: str
    name: Texts
    raw: Any = None


@dataclass(frozen=True)
class ScheduleTrack:
    """A theme; `key` is what events name it by."""

    key: str
    name: Texts
    raw: Any = None


@dataclass(frozen=True)
class ScheduleEvent:
    """A session. `start` is aware; `minutes` None where the file does not say how long it lasts."""

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
    slug: str = ""
    guid: str = ""
    url: str = ""
    persons: tuple[SchedulePerson, ...] = ()
    # The file's number of the session, where it has one beside the guid.
    number: str = ""
    links: tuple[ScheduleLink, ...] = ()
    attachments: tuple[ScheduleLink, ...] = ()
    # None where nothing is said about recording.
    do_not_record: bool | None = None
    license: str = ""
    raw: Any = None


@dataclass(frozen=True)
class Schedule:
    """A whole programme. `document` is what the file says beside the objects listed here."""

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
    """A schedule with the sessions that can be imported, and every fault of those that cannot."""

    schedule: Schedule
    faults: tuple[ScheduleFault, ...] = ()


class BadEvent(ValueError):
    """A session that cannot be read; readers collect its fault and go on with the next one."""

    def __init__(self, code: str, event: str, field: str, value: str = "", key: str = "") -> None:
        super().__init__(code)
        self.fault = ScheduleFault(code, event[:200], field, value[:200], key=key)


def parse_minutes(text: str) -> int:
    """Return the minutes of `HH:MM`, `HH:MM:SS` or, above a day, `D:HH:MM:SS`. Raises ValueError."""
    parts = [int(part) for part in text.strip().split(":")]
    if any(part < 0 for part in parts):
        raise ValueError(text)
    match parts:
        case [hours, minutes] | [hours, minutes, _]:
            total = hours * 60 + minutes
        case [days, hours, minutes, _]:
            total = (days * 24 + hours) * 60 + minutes
        case _:
            raise ValueError(text)
    if total > MAX_MINUTES:
        raise ValueError(text)
    return total


def show_minutes(minutes: int) -> str:
    """Return a duration as `HH:MM`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def parse_clock(text: str) -> time:
    """Return the time of day of `H:MM`, `HH:MM` or `HH:MM:SS`. Raises ValueError."""
    hours, minutes, *seconds = (int(part) for part in text.strip().split(":"))
    return time(hours, minutes, seconds[0] if seconds else 0)


def clock_on(day: date, text: str, day_change: time, zone: ZoneInfo) -> datetime:
    """Return the moment of a time on a day of the programme; `25:30` is half past one of the next day.

    What lies before the day's change is after midnight. Raises ValueError.
    """
    hours, _, rest = text.strip().partition(":")
    if _DAY_HOURS <= int(hours) < 2 * _DAY_HOURS:
        return datetime.combine(day + timedelta(days=1), parse_clock(f"{int(hours) - _DAY_HOURS}:{rest}"), zone)
    clock = parse_clock(text)
    return datetime.combine(day + timedelta(days=1) if clock < day_change else day, clock, zone)


def change_of_day(stated: str, start: str) -> time:
    """Return when a day of the programme begins: as the file states it, else from the day's own first moment."""
    try:
        if stated.strip():
            return parse_clock(stated)
        begins = datetime.fromisoformat(start.strip())
    except ValueError:
        return time(0)
    # A day that begins at noon does not make an early session one of the next day.
    return begins.time() if "T" in start and begins.hour < LATEST_CHANGE else time(0)


def separate_slots(
    events: Iterable[tuple[ScheduleEvent, int | None]],
) -> tuple[list[ScheduleEvent], list[ScheduleFault]]:
    """Return the events with a key each, and a fault for each that stands in the file twice.

    A session that is repeated at another time or in another room is a second slot: its key is the first one's with
    the time and, where two begin together, the room.
    """
    found: dict[str, ScheduleEvent] = {}
    seen: set[tuple[str, datetime | None, str | None]] = set()
    faults: list[ScheduleFault] = []
    for event, line in events:
        slot, key = (event.key, event.start, event.room), event.key
        if key in found:
            moment = f"{event.start.astimezone(UTC):%Y%m%dT%H%M}" if event.start else "later"
            is_parallel = found[key].start == event.start or f"{key}@{moment}" in found
            key = f"{key}@{moment}@{event.room or ''}" if is_parallel else f"{key}@{moment}"
        if slot in seen or key in found:
            name = name_of(event.title, event.key)
            faults.append(ScheduleFault("session_repeated", name, "id", event.key, line, event.key))
            continue
        seen.add(slot)
        found[key] = replace(event, key=key)
    return list(found.values()), faults


def check_readable(events: Sequence[ScheduleEvent], faults: Sequence[ScheduleFault], looked_for: str) -> None:
    """Raise BadFile for a file in which no session is found, or none has a title or a time."""
    if not events and not faults:
        raise BadFile("schedule_no_sessions", places=looked_for)
    if not any(event.title for event in events) and not any(fault.field != "title" for fault in faults):
        raise BadFile("schedule_no_titles", places=looked_for)
    if events and not any(event.start for event in events):
        raise BadFile("schedule_no_times", places=looked_for)


def name_of(title: Texts, key: str) -> str:
    """Return what to call an event in a message: its title, else its key."""
    return next((text for text in title.values() if text), key)[:200]


def is_true(value: object) -> bool | None:
    """Return what a file's yes or no says; None where it says neither."""
    text = str(value).strip().lower()
    if text in ("true", "1", "yes"):
        return True
    return False if text in ("false", "0", "no") else None


def in_order(keys: list[str]) -> list[str]:
    """Return each non-empty key once, in the order of its first appearance."""
    return list(dict.fromkeys(key for key in keys if key))


def people_of(events: list[ScheduleEvent]) -> tuple[SchedulePerson, ...]:
    """Return everyone who speaks, each once, as first named."""
    found: dict[str, SchedulePerson] = {}
    for event in events:
        for person in event.persons:
            found.setdefault(person.key, person)
    return tuple(found.values())
