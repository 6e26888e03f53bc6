"""What an import of a schedule changes, what it asks, and what was decided. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from expo.formats.schedule import Schedule, ScheduleEvent, Texts
from expo.program.rules.renames import Rename
from expo.pure.door_days import DoorCalendar

# Formats that name the day of each session.
_OWN_DAYS = frozenset({"frab-xml", "frab-json", "own"})
# For sessions whose duration is not in the file.
DEFAULT_MINUTES = 30


class ImportMode(StrEnum):
    """What happens to sessions that are not in the file."""

    # They are removed.
    REPLACE = "replace"
    # They stay.
    UPDATE = "update"


@dataclass(frozen=True)
class ImportDecisions:
    """What a person decided about an import.

    `take` names the conflicts in which the file wins, each as `FieldChange.id`; in all others our value stays.
    `renames` says which rooms and tracks of the file are renamed ones of the programme; all others are new.
    `allowed_removals` is the confirmed number of sessions to be removed; None allows any number.
    """

    mode: ImportMode = ImportMode.REPLACE
    take: frozenset[str] = frozenset()
    allowed_removals: int | None = None
    renames: tuple[Rename, ...] = ()


@dataclass(frozen=True)
class FieldChange:
    """One field that the file changes, or would change if somebody decides so. Values are texts for people to read."""

    # Unique within an import, and the same in every preview of it.
    id: str
    name: str
    ours: Texts
    theirs: Texts
    # Whether it was also changed here, so that a person decides.
    is_conflict: bool


@dataclass(frozen=True)
class ItemChange:
    """A session or speaker whose fields the file changes."""

    kind: str
    slug: str
    title: Texts
    fields: tuple[FieldChange, ...]

    @property
    def conflicts(self) -> tuple[FieldChange, ...]:
        """The fields about which a person decides."""
        return tuple(each for each in self.fields if each.is_conflict)


@dataclass(frozen=True)
class Finding:
    """Something in the file that is worth a look, though it does not prevent the import.

    Codes: `room_overlap`, `room_taken` (by a session that is not in the file), `outside_days`, `room_unknown`.
    """

    code: str
    titles: tuple[Texts, ...]
    place: Texts
    at: datetime | None = None


@dataclass(frozen=True)
class ScheduleChange:
    """What an import changes or would change: sessions by their titles."""

    added: tuple[Texts, ...]
    changed: tuple[Texts, ...]
    unchanged: int
    removed: tuple[Texts, ...]
    # What changes in sessions and speakers, field by field, and what a person has to decide.
    details: tuple[ItemChange, ...] = ()
    # How many fields changed here stay, because the file has not changed them.
    kept: int = 0
    removed_speakers: tuple[Texts, ...] = ()
    removed_tracks: tuple[Texts, ...] = ()
    # Published sessions that are not in the file and stay.
    missing: int = 0
    findings: tuple[Finding, ...] = ()
    # Rooms and tracks that look like renamed ones, about which a person decides.
    renames: tuple[Rename, ...] = ()
    # The number of the version of the timetable that the import made; None without one.
    version: int | None = None

    @property
    def total(self) -> int:
        """The number of sessions before the import."""
        return len(self.changed) + self.unchanged + len(self.removed) + self.missing

    @property
    def removes_much(self) -> bool:
        """Whether more than a tenth of the programme would be removed, which must be confirmed by typing the number."""
        return len(self.removed) * 10 > self.total

    @property
    def conflicts(self) -> tuple[FieldChange, ...]:
        """The fields about which a person decides."""
        return tuple(each for item in self.details for each in item.conflicts)


@dataclass(frozen=True)
class KeptSession:
    """A session of the programme that is not in the file, and where it is placed."""

    title: Texts
    room_id: int
    start: datetime
    end: datetime


@dataclass
class _Busy:
    until: datetime
    event: ScheduleEvent = field(repr=False)


def end_of(event: ScheduleEvent) -> datetime | None:
    """Return the end of an event, with the usual duration if the file has none."""
    if event.start is None:
        return None
    return event.start + timedelta(minutes=DEFAULT_MINUTES if event.minutes is None else event.minutes)


def with_program_days(schedule: Schedule, calendar: DoorCalendar) -> Schedule:
    """Return a schedule in which sessions after midnight belong to the day before, as in the programme.

    Files of frab say themselves when a day ends; in other formats a day is a date.
    """
    if schedule.format in _OWN_DAYS:
        return schedule
    events = tuple(replace(each, day=calendar.day_of(each.start)) if each.start else each for each in schedule.events)
    return replace(schedule, events=events, days=tuple(sorted({each.day for each in events if each.day})))


def find_in_schedule(schedule: Schedule, days: Sequence[date], unknown_rooms: Iterable[str]) -> tuple[Finding, ...]:
    """Return rooms that are unknown so far, sessions outside the days of the expo, and sessions that share a room."""
    names = {room.key: room.name for room in schedule.rooms}
    titles: dict[str, list[Texts]] = {}
    for event in schedule.events:
        titles.setdefault(event.room or "", []).append(event.title)
    unknown = [
        Finding("room_unknown", tuple(titles.get(key, ())), names.get(key, {"en": key})) for key in unknown_rooms if key
    ]
    outside = [
        Finding("outside_days", (event.title,), names.get(event.room or "", {}), event.start)
        for event in schedule.events
        if event.day is not None and days and not days[0] <= event.day <= days[-1]
    ]
    return (*unknown, *outside, *_find_overlaps(schedule, names))


def find_taken(schedule: Schedule, rooms: Mapping[str, int], staying: Iterable[KeptSession]) -> tuple[Finding, ...]:
    """Return the sessions of a schedule in whose rooms others would still be, unless they are removed.

    `rooms` has the id of each room of the file that the programme has.
    """
    by_room: dict[int | None, list[KeptSession]] = {}
    for each in staying:
        by_room.setdefault(each.room_id, []).append(each)
    names = {room.key: room.name for room in schedule.rooms}
    return tuple(
        Finding("room_taken", (event.title, other.title), names.get(event.room or "", {}), event.start)
        for event in schedule.events
        if event.start is not None and (end := end_of(event)) is not None
        for other in by_room.get(rooms.get(event.room or ""), ())
        if event.start < other.end and other.start < end
    )


def _find_overlaps(schedule: Schedule, names: dict[str, Texts]) -> Iterable[Finding]:
    """Yield each session that begins in a room before an earlier one there has ended."""
    busy: dict[str, _Busy] = {}
    timed: list[tuple[datetime, Any, ScheduleEvent]] = [
        (event.start, end, event) for event in schedule.events if event.start and event.room and (end := end_of(event))
    ]
    for start, end, event in sorted(timed, key=lambda each: each[:2]):
        before = busy.get(event.room or "")
        if before and start < before.until:
            yield Finding("room_overlap", (before.event.title, event.title), names.get(event.room or "", {}), start)
        if before is None or end > before.until:
            busy[event.room or ""] = _Busy(end, event)
