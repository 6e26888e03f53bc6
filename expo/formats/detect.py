"""Detecting the format of a schedule file, and reading it strictly or with a list of its faults."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from expo.formats import frab_json, frab_xml, opass_json, pretalx_json, sessionize
from expo.formats.errors import BadFile, Fault
from expo.formats.json_text import clean_json, parse_json
from expo.formats.schedule import ReadSchedule, Schedule, ScheduleEvent

MAX_BYTES = 32 * 1024 * 1024
MAX_EVENTS = 20_000
MAX_KEY_LENGTH = 200
# Maximum lengths of short fields; longer texts are cut there, but stay complete in the raw form.
MAX_KIND_LENGTH, MAX_LANGUAGE_LENGTH, MAX_LEVEL_LENGTH = 100, 64, 64
FIRST_YEAR, LAST_YEAR = 1970, 2199
LONGEST = timedelta(days=31)

FileFormat = Literal["frab-xml", "frab-json", "opass-json", "sessionize", "pretalx"]
Reader = Callable[[bytes, ZoneInfo], ReadSchedule]

_READERS: dict[FileFormat, tuple[Reader, str]] = {
    "frab-xml": (frab_xml.read_frab_xml, frab_xml.PLACES),
    "frab-json": (frab_json.read_frab_json, frab_json.PLACES),
    "opass-json": (opass_json.read_opass_json, opass_json.PLACES),
    "sessionize": (sessionize.read_sessionize, sessionize.PLACES),
    "pretalx": (pretalx_json.read_pretalx_json, pretalx_json.PLACES),
}


def read_schedule(data: bytes, zone: ZoneInfo, max_bytes: int = MAX_BYTES) -> Schedule:
    """Read a schedule file in any known format; `zone` applies to times without one.

    Raises BadFile for the first fault.
    """
    read = inspect_schedule(data, zone, max_bytes)
    for fault in read.faults:
        raise _as_error(fault)
    return read.schedule


def inspect_schedule(data: bytes, zone: ZoneInfo, max_bytes: int = MAX_BYTES) -> ReadSchedule:
    """Read as much as possible of a schedule file in any known format, and collect all its faults.

    Raises BadFile for a file that cannot be read at all; `schedule_no_sessions` lists the places that were searched.
    """
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    data = _as_utf_8(data)
    reader, places = _READERS[detect_format(data)]
    return check_events(reader(data, zone), places)


def check_events(read: ReadSchedule, places: str) -> ReadSchedule:
    """Return a schedule without events that cannot be stored, which become faults. Raises BadFile if none is left."""
    faults = list(read.faults)
    events = [checked for event in read.schedule.events if (checked := _checked(event, faults)) is not None]
    if len(events) > MAX_EVENTS:
        raise BadFile("schedule_too_large", maximum=MAX_EVENTS)
    if not events and faults and all(each.code == "schedule_event_untitled" for each in faults):
        raise BadFile("schedule_no_titles")
    if not events:
        raise _as_error(faults[0]) if faults else BadFile("schedule_no_sessions", places=places)
    if not any(event.start for event in events):
        raise BadFile("schedule_no_times")
    return ReadSchedule(_clean(replace(read.schedule, events=tuple(events))), tuple(faults))


def detect_format(data: bytes) -> FileFormat:
    """Detect the format of a schedule file by its structure. Raises BadFile for any other file."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000]
    if not start:
        raise BadFile("file_empty")
    lowered = start.lower()
    if b"<html" in lowered or lowered.startswith(b"<!doctype html"):
        raise BadFile("file_is_html")
    if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        return "frab-xml"
    if start.startswith((b"{", b"[")):
        whole = parse_json(data)
        if isinstance(whole, dict) and ("schedule" in whole or _has_days(whole)):
            return "frab-json"
        if sessionize.is_sessionize(whole):
            return "sessionize"
        if pretalx_json.is_pretalx(whole):
            return "pretalx"
        if isinstance(whole, dict) and "sessions" in whole:
            return "opass-json"
        raise BadFile("schedule_unknown")
    if b"\x00" in start:
        raise BadFile("file_not_text")
    raise BadFile("schedule_unknown")


def _has_days(whole: dict[str, Any]) -> bool:
    conference = whole.get("conference", whole)
    return isinstance(conference, dict) and isinstance(conference.get("days"), list)


def _as_utf_8(data: bytes) -> bytes:
    """Convert JSON in UTF-16 to UTF-8; XML declares its own encoding."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    text = data.decode("utf-16", "ignore")
    return text.encode() if text.lstrip().startswith(("{", "[")) else data


def _checked(event: ScheduleEvent, faults: list[Fault]) -> ScheduleEvent | None:
    """Return an event that can be stored, or None after recording its fault."""
    key = event.key if len(event.key) <= MAX_KEY_LENGTH else ""
    reason = None
    if not key:
        reason = "id"
    elif event.start is not None and not FIRST_YEAR <= event.start.year <= LAST_YEAR:
        reason = f"start {event.start.isoformat()!r}"
    elif event.minutes is not None and not 0 <= event.minutes <= LONGEST.total_seconds() // 60:
        reason = f"duration {event.minutes} min"
    if reason is None and not any(text.strip() for text in event.title.values()):
        faults.append(BadFile("schedule_event_untitled", event=key[:100]).fault)
        return None
    if reason is not None:
        faults.append(BadFile("schedule_event", event=event.key[:100], reason=reason).fault)
        return None
    return replace(
        event,
        kind=event.kind[:MAX_KIND_LENGTH],
        language=event.language[:MAX_LANGUAGE_LENGTH],
        level=event.level[:MAX_LEVEL_LENGTH],
    )


def _as_error(fault: Fault) -> BadFile:
    return BadFile(fault.code, **fault.params)


def _clean(schedule: Schedule) -> Schedule:
    """Return the schedule with all texts cleaned for storage: one function for all formats."""
    return replace(
        schedule,
        title=clean_json(schedule.title),
        acronym=clean_json(schedule.acronym),
        document=clean_json(schedule.document),
    )
