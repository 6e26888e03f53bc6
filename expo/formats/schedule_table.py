"""Schedules as tables, in CSV or Excel: one row for each session."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from expo.formats.errors import BadFile
from expo.formats.frab_names import room_name, track_name
from expo.formats.headers import Table, TableRow, map_columns
from expo.formats.schedule import (
    ANY,
    Link,
    ReadSchedule,
    Schedule,
    ScheduleEvent,
    SchedulePerson,
    ScheduleRoom,
    ScheduleTrack,
    Texts,
    in_order,
    parse_clock,
    parse_day,
    parse_minutes,
    part_repeats,
    people_of,
)
from expo.formats.tables import Cell, write_csv, write_xlsx
from expo.pure.levels import read_level

# The fields of a session and common names of their columns; accents, case and punctuation do not matter.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("session", "session title", "talk", "topic", "name", "titel", "titre", "título", "题目", "标题", "主题",
        "演讲题目", "议题", "标题名称", "場次", "議題", "proposal title", "event name"),
    "day": ("date", "session date", "datum", "jour", "fecha", "日期", "时间日期"),
    "start": ("starts", "start time", "starts at", "begin", "from", "time", "beginn", "début", "开始", "开始时间",
        "时间", "scheduled at", "event start"),
    "end": ("ends", "end time", "ends at", "to", "until", "ende", "fin", "结束", "结束时间", "event end"),
    "end day": ("end date", "结束日期"),
    "duration": ("minutes", "length", "dauer", "durée", "时长", "时长（分钟）", "scheduled duration"),
    "room": ("location", "venue", "hall", "place", "stage", "raum", "salle", "会场", "会议室", "地点", "场地"),
    "speakers": ("speaker", "presenter", "presenters", "referent", "sprecher", "intervenant", "嘉宾", "演讲嘉宾",
        "演讲人", "主讲人", "讲者", "speaker names"),
    "emails": ("speaker email", "speaker emails", "speaker e-mail", "email", "e-mail", "owner email", "邮箱",
        "嘉宾邮箱"),
    "track": ("theme", "stream", "专题", "分论坛", "论坛", "分会场"),
    "type": ("format", "session type", "kind", "类型", "形式", "session format", "event type"),
    "language": ("sprache", "langue", "语言"),
    "level": ("difficulty", "难度", "级别"),
    "subtitle": ("副标题",),
    "abstract": ("summary", "摘要", "简介"),
    "description": ("text", "details", "描述", "介绍"),
    "links": ("link", "链接"),
    "attachments": ("attachment", "files", "slides", "附件"),
    "recording": ("recorded", "录制"),
    "id": ("code", "key", "session id", "编号"),
}  # fmt: skip
REQUIRED = ("title", "start")
# Columns of our export, in its order. `sequence` is for readers of the file: it is not imported.
_HEADERS = ("day", "start", "end", "room", "title", "speakers", "track", "type", "language", "end day", "links",
    "attachments", "recording", "sequence", "level", "id", "subtitle", "abstract", "description",
)  # fmt: skip
_BETWEEN_NAMES = re.compile(r"\s*[;；、\n]\s*")
_BETWEEN_ADDRESSES = re.compile(r"[\s;；,，、]+")
_MOMENT = re.compile(r"(?P<day>\S+)[ T]+(?P<clock>\d{1,2}[:.]\d{2}.*)")
_NO = frozenset({"no", "false", "0", "n", "否", "不"})


def write_schedule_table(schedule: Schedule, name: Literal["csv", "xlsx"]) -> bytes:
    """Write a schedule as a table ordered by time and room, which can be imported again."""
    places = {room.key: position for position, room in enumerate(schedule.rooms)}
    events = sorted(
        schedule.events, key=lambda event: (event.start is None, event.start, places.get(event.room or "", 0))
    )
    rows = [_row_of(event, schedule) for event in events]
    return write_csv(_HEADERS, rows) if name == "csv" else write_xlsx(_HEADERS, rows, "Programme")


def _row_of(event: ScheduleEvent, schedule: Schedule) -> list[Cell]:
    start = event.start.astimezone(schedule.zone) if event.start else None
    end = None
    if event.start and event.minutes is not None:
        end = (event.start + timedelta(minutes=event.minutes)).astimezone(schedule.zone)
    return [
        start.date().isoformat() if start else "",
        start.strftime("%H:%M") if start else "",
        end.strftime("%H:%M") if end else "",
        room_name(schedule, event.room),
        _first(event.title),
        "; ".join(_first(person.name) for person in event.persons),
        track_name(schedule, event.track),
        event.kind,
        event.language,
        end.date().isoformat() if end else "",
        " ".join(link.url for link in event.links),
        " ".join(link.url for link in event.attachments),
        "no" if event.is_recording_refused else "",
        event.sequence,
        event.level,
        event.key,
        _first(event.subtitle),
        _first(event.abstract),
        _first(event.description),
    ]


def read_schedule_table(table: Table, zone: ZoneInfo, overrides: Mapping[str, str] | None = None) -> ReadSchedule:
    """Read the schedule of a table; times are in `zone`. A row that cannot be read is a fault with its line.

    Raises BadFile `table_column_missing`.
    """
    mapped = map_columns(table, COLUMNS, overrides)
    for field in REQUIRED:
        if field not in mapped:
            raise BadFile("table_column_missing", 1, field=field, columns=", ".join(table.columns))
    faults: list[BadFile] = []
    events: list[ScheduleEvent] = []
    for row in table.rows:
        try:
            events.append(_event_of(row, mapped, zone))
        except BadFile as fault:
            faults.append(fault)
    events = part_repeats(events, faults)
    schedule = Schedule(
        format="table",
        title="",
        zone=zone,
        events=tuple(events),
        rooms=tuple(ScheduleRoom(name, {ANY: name}) for name in in_order([each.room or "" for each in events])),
        tracks=tuple(ScheduleTrack(name, {ANY: name}) for name in in_order([each.track or "" for each in events])),
        persons=people_of(events),
        days=tuple(sorted({event.day for event in events if event.day})),
    )
    return ReadSchedule(schedule, tuple(each.fault for each in faults))


def _event_of(row: TableRow, mapped: Mapping[str, str], zone: ZoneInfo) -> ScheduleEvent:
    cells = {field: row.cells.get(column, "").strip() for field, column in mapped.items()}
    title = cells["title"]
    if not title:
        raise BadFile("schedule_row_untitled", row.line)
    start = _read_moment(cells.get("day", ""), cells["start"], mapped, row, zone)
    return ScheduleEvent(
        key=(cells.get("id") or title)[:200],
        is_keyed_by_title=not cells.get("id"),
        title={ANY: title},
        subtitle=_texts(cells, "subtitle"),
        abstract=_texts(cells, "abstract"),
        description=_texts(cells, "description"),
        day=start.date() if start else None,
        start=start,
        minutes=_read_minutes(cells, start, mapped, row, zone),
        room=cells.get("room") or None,
        track=cells.get("track") or None,
        kind=cells.get("type", ""),
        language=cells.get("language", ""),
        level=read_level(cells.get("level", "")),
        links=_links(cells.get("links", "")),
        attachments=_links(cells.get("attachments", "")),
        is_recording_refused=cells.get("recording", "").casefold() in _NO,
        persons=_read_persons(cells, mapped, row),
    )


def _read_persons(cells: Mapping[str, str], mapped: Mapping[str, str], row: TableRow) -> tuple[SchedulePerson, ...]:
    """Return the speakers of a row, each with the address at the same place, if there is an address for each."""
    names = [each for each in _BETWEEN_NAMES.split(cells.get("speakers", "")) if each]
    emails = [each for each in _BETWEEN_ADDRESSES.split(cells.get("emails", "")) if each]
    if emails and (len(emails) != len(names) or not all("@" in each for each in emails)):
        value = cells["emails"][:60]
        raise BadFile("schedule_row_emails", row.line, column=mapped["emails"], value=value)
    found = dict(zip(names, emails or [""] * len(names), strict=True))
    return tuple(SchedulePerson(name, {ANY: name}, email=email) for name, email in found.items())


def _read_moment(
    day: str, clock: str, mapped: Mapping[str, str], row: TableRow, zone: ZoneInfo, field: str = "start"
) -> datetime | None:
    """Return the moment in a cell with day and time, or in two cells; None if both are empty."""
    if not clock and not day:
        return None
    together = _MOMENT.fullmatch(clock)
    if together:
        day, clock = together["day"], together["clock"]
    try:
        date_ = parse_day(day)
    except ValueError:
        column = mapped["day"] if day and not together and "day" in mapped else mapped[field]
        raise BadFile("schedule_row_day", row.line, column=column, value=(day or clock)[:60]) from None
    try:
        return datetime.combine(date_, parse_clock(clock), zone)
    except ValueError:
        raise BadFile("schedule_row_time", row.line, column=mapped[field], value=clock[:60]) from None


def _read_minutes(
    cells: Mapping[str, str], start: datetime | None, mapped: Mapping[str, str], row: TableRow, zone: ZoneInfo
) -> int | None:
    if start is None:
        return None
    if cells.get("end"):
        day = cells.get("end day") or start.date().isoformat()
        end = _read_moment(day, cells["end"], mapped, row, zone, "end")
        if end is None:
            return None
        if end < start and not cells.get("end day"):
            end = datetime.combine(end.date() + timedelta(days=1), end.time(), zone)
        if end < start:
            raise BadFile("schedule_row_ends_early", row.line, column=mapped["end"], value=cells["end"][:60])
        return int((end.timestamp() - start.timestamp()) // 60)
    if not cells.get("duration"):
        return None
    try:
        return parse_minutes(cells["duration"])
    except ValueError:
        column, value = mapped["duration"], cells["duration"][:60]
        raise BadFile("schedule_row_duration", row.line, column=column, value=value) from None


def _links(text: str) -> tuple[Link, ...]:
    return tuple(Link(url) for url in text.split() if "://" in url)


def _texts(cells: Mapping[str, str], name: str) -> Texts:
    text = cells.get(name, "")
    return {ANY: text} if text else {}


def _first(texts: Texts) -> str:
    return texts.get(ANY) or next(iter(texts.values()), "")
