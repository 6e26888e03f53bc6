"""Names required by the frab formats, generated if missing. Deterministic: the same input gives the same names."""

import hashlib
import re
import uuid

from anyascii import anyascii

from expo.formats.schedule import ANY, Schedule, ScheduleEvent

_SLUG = re.compile(r"[a-z0-9_]{4,}-[a-z0-9_-]{3,}[a-z0-9]")
_NAMESPACE = uuid.UUID("6f4a9a0e-0d5b-5c0b-9b43-1d5b7c1f3a77")


def acronym_of(schedule: Schedule) -> str:
    """Return the conference's acronym: four or more of a–z, 0–9 and _, derived from the title if missing."""
    text = schedule.acronym or schedule.title
    acronym = re.sub(r"[^a-z0-9]+", "_", anyascii(text).lower()).strip("_")
    return (acronym or "expo").ljust(4, "_")[:40].rstrip("_").ljust(4, "0")


def event_guid(event: ScheduleEvent) -> str:
    """Return the event's UUID: its own, or one derived from its key."""
    try:
        return str(uuid.UUID(event.guid or event.key))
    except ValueError:
        return str(uuid.uuid5(_NAMESPACE, event.key))


def event_number(event: ScheduleEvent) -> str:
    """Return the event's number: its own, or one derived from its key."""
    if event.number.isdigit() and int(event.number) > 0:
        return event.number
    if event.key.isdigit() and int(event.key) > 0:
        return event.key
    return str(int.from_bytes(hashlib.sha256(event.key.encode()).digest()[:4], "big") % 2_000_000_000 + 1)


def event_slug(event: ScheduleEvent, schedule: Schedule) -> str:
    """Return the event's slug: its own if the format allows it, otherwise acronym, number and the title's letters."""
    if _SLUG.fullmatch(event.slug):
        return event.slug
    title = re.sub(r"[^a-z0-9]+", "_", anyascii(_first(event.title)).lower()).strip("_")[:60].strip("_")
    acronym = acronym_of(schedule).replace("-", "_")
    return f"{acronym}-{event_number(event)}-{title or 'session'}"


def room_name(schedule: Schedule, key: str | None) -> str:
    """Return the name of the room with this key."""
    found = next((room for room in schedule.rooms if room.key == key), None)
    return _first(found.name) if found else key or ""


def track_name(schedule: Schedule, key: str | None) -> str:
    """Return the name of the track with this key."""
    found = next((track for track in schedule.tracks if track.key == key), None)
    return _first(found.name) if found else key or ""


def _first(texts: dict[str, str]) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
