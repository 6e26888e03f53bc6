"""Uploaded schedules in any format: those that name their fields, and tables, whose columns a person can map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from expo.formats.detect import check_events, inspect_schedule
from expo.formats.encodings import Candidate
from expo.formats.errors import BadFile
from expo.formats.headers import Table, columns_of, map_columns
from expo.formats.schedule import ReadSchedule, Schedule
from expo.formats.schedule_table import COLUMNS, REQUIRED, read_schedule_table
from expo.formats.uploads import UploadedTable, read_uploaded_table
from expo.formats.workbooks import is_workbook

# Rows shown beside the columns, so that a person sees what each column has.
SAMPLE_ROWS = 3
_SAMPLE_LENGTH = 80
_NOT_TABLES = (b"<", b"{", b"[")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# So many bytes say whether it is a table.
_BEGINNING = 1_024


@dataclass(frozen=True)
class TableReading:
    """How a table was read: its columns, the field of each, and what a person can choose."""

    columns: tuple[str, ...]
    # Columns by field, and the required fields without one.
    mapped: Mapping[str, str]
    missing: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    encoding: str
    is_certain: bool
    candidates: tuple[Candidate, ...]
    sheet: str
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class ScheduleUpload:
    """A schedule as read from a file; `table` is None for formats that name their fields."""

    read: ReadSchedule
    table: TableReading | None = None


def is_table(data: bytes) -> bool:
    """Whether a file is a workbook or a text with separated columns, by its beginning."""
    start = data[:_BEGINNING]
    if start.startswith(_UTF_16):
        start = start.decode("utf-16", "ignore").encode()
    start = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return is_workbook(data) or bool(start and start not in _NOT_TABLES)


def read_schedule_upload(
    data: bytes, zone: ZoneInfo, encoding: str = "", sheet: str = "", columns: Mapping[str, str] | None = None
) -> ScheduleUpload:
    """Read as much as possible of a schedule; the last three say how to read a table.

    A table without a required column has no sessions until a person maps one. Raises BadFile if nothing can be read.
    """
    if not is_table(data):
        return ScheduleUpload(inspect_schedule(data, zone))
    upload = read_uploaded_table(data, encoding, sheet, columns_of(COLUMNS))
    chosen = {column: field for column, field in (columns or {}).items() if field and column in upload.table.columns}
    dropped = {column for column, field in (columns or {}).items() if not field}
    table = _without(upload.table, dropped)
    mapped = map_columns(table, COLUMNS, chosen)
    if not chosen and not (mapped or (table.rows and len(upload.table.columns) >= len(REQUIRED))):
        raise BadFile("schedule_unknown")
    reading = _describe(upload, mapped)
    if reading.missing:
        empty = Schedule(format="table", title="", zone=zone, events=())
        return ScheduleUpload(ReadSchedule(empty, ()), reading)
    return ScheduleUpload(check_events(read_schedule_table(table, zone, chosen), ", ".join(REQUIRED)), reading)


def _without(table: Table, dropped: set[str]) -> Table:
    """Return a table without the columns that are not to be imported."""
    return replace(table, columns=tuple(column for column in table.columns if column not in dropped))


def _describe(upload: UploadedTable, mapped: Mapping[str, str]) -> TableReading:
    table = upload.table
    return TableReading(
        columns=table.columns,
        mapped=mapped,
        missing=tuple(field for field in REQUIRED if field not in mapped),
        sample=tuple(
            tuple(row.cells.get(column, "")[:_SAMPLE_LENGTH] for column in table.columns)
            for row in table.rows[:SAMPLE_ROWS]
        ),
        encoding=upload.encoding,
        is_certain=upload.is_certain,
        candidates=upload.candidates,
        sheet=upload.sheet,
        sheets=upload.sheets,
    )
