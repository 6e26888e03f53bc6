"""Writing schedules by the name of a format, and reading back what was written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from expo.formats.frab_json import read_frab_json, write_frab_json
from expo.formats.frab_xml import read_frab_xml, write_frab_xml
from expo.formats.headers import columns_of
from expo.formats.opass_json import read_opass_json, write_opass_json
from expo.formats.pretalx_json import read_pretalx_json, write_pretalx_json
from expo.formats.schedule import Format, ReadSchedule, Schedule
from expo.formats.schedule_table import COLUMNS, read_schedule_table, write_schedule_table
from expo.formats.sessionize import read_sessionize, write_sessionize_all, write_sessionize_grid
from expo.formats.tables import read_records

Writer = Callable[[Schedule], bytes]
Reader = Callable[[bytes, ZoneInfo], ReadSchedule]


def _write_csv(schedule: Schedule) -> bytes:
    return write_schedule_table(schedule, "csv")


def _write_xlsx(schedule: Schedule) -> bytes:
    return write_schedule_table(schedule, "xlsx")


def _read_table(data: bytes, zone: ZoneInfo) -> ReadSchedule:
    return read_schedule_table(read_records(data, known=columns_of(COLUMNS)), zone)


# By the names used in addresses and commands.
WRITERS: Mapping[str, Writer] = {
    "frab-xml": write_frab_xml,
    "frab-json": write_frab_json,
    "json": write_opass_json,
    "sessionize": write_sessionize_all,
    "sessionize-grid": write_sessionize_grid,
    "pretalx": write_pretalx_json,
    "csv": _write_csv,
    "xlsx": _write_xlsx,
}
_ROUND_TRIPS: Mapping[Format, tuple[Writer, Reader]] = {
    "frab-xml": (write_frab_xml, read_frab_xml),
    "frab-json": (write_frab_json, read_frab_json),
    "opass-json": (write_opass_json, read_opass_json),
    "sessionize": (write_sessionize_all, read_sessionize),
    "sessionize-grid": (write_sessionize_grid, read_sessionize),
    "pretalx": (write_pretalx_json, read_pretalx_json),
    "table": (_write_csv, _read_table),
}


def read_back(schedule: Schedule, format_: Format, zone: ZoneInfo) -> Schedule:
    """Return a schedule as a reader of this format finds it in our own export.

    `zone` applies to times without one. No format has all of our fields: one has a single language, another no rooms
    without sessions. Compared with this, a file differs only by what was changed in it.
    """
    if format_ not in _ROUND_TRIPS or not schedule.events:
        return schedule
    write, read = _ROUND_TRIPS[format_]
    # A table does not name its time zone.
    written = replace(schedule, zone=zone) if format_ == "table" else schedule
    return read(write(written), zone).schedule
