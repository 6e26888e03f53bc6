"""Tables that come in and go out: CSV and Excel, and JSON lists of objects.

What comes in is text by text with the line it stands on, so that a refusal can say where. What goes out cannot be
taken for a formula by a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from expo.formats.errors import BadFile
from expo.formats.json_text import parse_json

MAX_BYTES = 16 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 200
# Signs that begin a formula in Excel, LibreOffice or WPS, in their full width too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BINARY_STARTS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x1f\x8b": "gzip"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"

Cell = str | int | float | date | datetime | bool | None


@dataclass(frozen=True)
class TableRow:
    """One row: the line it begins on (1 is the file's first) and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table as read: every cell a text, trimmed."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken: where, a stable code, and what its sentence needs."""

    line: int
    column: str | None
    code: str
    params: Mapping[str, Any]


def read_records(data: bytes, max_bytes: int = MAX_BYTES) -> Table:
    """Return the table of a CSV, Excel or JSON file, told apart by their content. Raises BadFile."""
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    if not data.strip():
        raise BadFile("file_empty")
    for start, kind in _BINARY_STARTS.items():
        if data.startswith(start):
            raise BadFile("file_kind", kind=kind)
    if data.startswith((b"PK\x03\x04", _OLD_OFFICE)):
        return read_sheet(data)
    text = decode_text(data)
    if text.lstrip()[:1] in ("[", "{"):
        return _read_json(data)
    if text.lstrip()[:1] == "<":
        raise BadFile("file_is_html")
    return _read_csv(text)


def decode_text(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or GB 18030. Raises BadFile for any other."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data[:4096]:
        raise BadFile("file_not_text")
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
    raise BadFile("file_encoding", line)


def map_columns(
    table: Table, known: Mapping[str, Sequence[str]], overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the file's column for each known field that it has.

    `known` gives each field's usual column names, `overrides` maps columns to fields as a person says.
    Raises BadFile `table_column` for an override whose column or field does not exist.
    """
    by_name = {_fold(column): column for column in table.columns}
    found: dict[str, str] = {}
    for column, field in (overrides or {}).items():
        if _fold(column) not in by_name:
            raise BadFile("table_column", 1, column=column, columns=", ".join(table.columns))
        if field not in known:
            raise BadFile("table_field", 1, field=field, fields=", ".join(known))
        found[field] = by_name[_fold(column)]
    for field, names in known.items():
        for name in (field, *names):
            if field not in found and _fold(name) in by_name:
                found[field] = by_name[_fold(name)]
    return found


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file in UTF-8 with a mark at its beginning, which Excel needs to read it as such."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_harmless(header) for header in headers])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_name: str) -> bytes:
    """Return an Excel file of one sheet with a fixed head; texts stay texts whatever they begin with."""
    import xlsxwriter  # noqa: PLC0415 - large, and needed by few requests

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name[:31])
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, bool) or cell is None:
                sheet.write_string(number, column, "" if cell is None else str(cell).lower())
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell.replace(tzinfo=None), moment)
            else:
                sheet.write_string(number, column, str(cell)[:32_767])
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return _harmless(cell)


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet runs: what begins like a formula gets an apostrophe before it."""
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) or text.startswith("\t") else text


def _read_csv(text: str) -> Table:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text), strict=False)
    lines: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for cells in reader:
            lines.append((before + 1, [_as_it_was(cell) for cell in cells]))
            before = reader.line_num
            if len(lines) > MAX_ROWS + 1:
                raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
    except csv.Error as error:
        raise BadFile("file_broken", reader.line_num, reason=str(error)) from None
    return _table(lines)


def _as_it_was(cell: str) -> str:
    """Return a cell without the apostrophe that write_csv puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and _harmless(cell[1:]) == cell else cell


def _delimiter(text: str) -> str:
    """Return the separator that occurs most in the head, outside quotes."""
    head = text.lstrip("\n").split("\n", 1)[0]
    bare = "".join(head.split('"')[::2])
    return max((",", ";", "\t"), key=bare.count)


def read_sheet(data: bytes, index: int = 0) -> Table:
    """Return the table of one sheet of an Excel file, counted from 0. Raises BadFile."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - large, and needed by few requests

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        values = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
    except (CalamineError, OSError, IndexError, ValueError) as error:
        raise BadFile("file_broken", reason=str(error)[:200]) from None
    if len(values) > MAX_ROWS + 1:
        raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
    return _table([(number, [_as_text(value) for value in row]) for number, row in enumerate(values, start=1)])


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _read_json(data: bytes) -> Table:
    whole = parse_json(data)
    if isinstance(whole, dict):
        lists = [value for value in whole.values() if isinstance(value, list)]
        whole = lists[0] if len(lists) == 1 else whole
    if not isinstance(whole, list) or not all(isinstance(each, dict) for each in whole):
        raise BadFile("table_not_list")
    columns = list(dict.fromkeys(str(key) for each in whole for key in each))
    rows = [
        TableRow(number, {str(key): _json_text(value) for key, value in each.items()})
        for number, each in enumerate(whole, start=1)
    ]
    return Table(tuple(columns), tuple(rows))


def _json_text(value: Any) -> str:
    if isinstance(value, list):
        return ";".join(_json_text(each) for each in value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("en") or next(iter(value.values()), ""))
    return "" if value is None else str(value).strip()


def _table(lines: list[tuple[int, list[str]]]) -> Table:
    filled = [(line, [cell.strip() for cell in cells]) for line, cells in lines]
    filled = [(line, cells) for line, cells in filled if any(cells)]
    if not filled:
        raise BadFile("file_empty")
    head_line, head = filled[0]
    while head and not head[-1]:
        head.pop()
    if len(head) > MAX_COLUMNS:
        raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
    if not all(head):
        raise BadFile("table_header", head_line, column=head.index("") + 1)
    twice = [one for one, other in pairwise(sorted(head, key=_fold)) if _fold(one) == _fold(other)]
    if twice:
        raise BadFile("table_header_twice", head_line, column=twice[0])
    rows = [TableRow(line, dict(zip(head, cells, strict=False))) for line, cells in filled[1:]]
    return Table(tuple(head), tuple(rows))


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())
