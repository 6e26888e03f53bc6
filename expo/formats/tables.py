"""Tables that come in and go out: CSV and Excel, and JSON lists of objects.

What comes in is text by text with the line it stands on, so that a refusal can say where. What goes out cannot be
taken for a formula by a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from expo.formats.encodings import decode_text
from expo.formats.errors import BadFile
from expo.formats.heads import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RawRow, Table, TableRow, fold_head, make_table
from expo.formats.json_text import parse_json
from expo.formats.workbooks import is_workbook, list_sheets, read_cells

MAX_BYTES = 16 * 1024 * 1024
# Signs that begin a formula in Excel, LibreOffice or WPS, in their full width too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BINARY_STARTS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x1f\x8b": "gzip"}
_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(?P<sign>.)"?[,;\t|]*\n', re.IGNORECASE)
# So many lines say which sign separates the cells.
_LINES_SEEN = 60
_LONGEST_CELL = 1024 * 1024

Cell = str | int | float | date | datetime | bool | None


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be taken: where, a stable code, and what its sentence needs."""

    line: int
    column: str | None
    code: str
    params: Mapping[str, Any]


def read_records(data: bytes, max_bytes: int = MAX_BYTES, known: Collection[str] = ()) -> Table:
    """Return the table of a CSV, Excel or JSON file, told apart by their content. Raises BadFile.

    `known` are usual names of the columns, by which the line of names is found below titles.
    """
    check_kind(data, max_bytes)
    if is_workbook(data):
        return make_table(read_cells(data, list_sheets(data).to_look_at[0]), known)
    return read_text(decode_text(data), known)


def check_kind(data: bytes, max_bytes: int = MAX_BYTES) -> None:
    """Accept a file that may be a table. Raises BadFile for one that is empty, too large or of another kind."""
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    if not data.strip():
        raise BadFile("file_empty")
    for start, kind in _BINARY_STARTS.items():
        if data.startswith(start):
            raise BadFile("file_kind", kind=kind)


def read_text(text: str, known: Collection[str] = ()) -> Table:
    """Return the table of a text: CSV or JSON. Raises BadFile."""
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("[", "{"):
        return _read_json(text.encode())
    if text.lstrip()[:1] == "<":
        raise BadFile("file_is_html")
    return _read_csv(text, known)


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


def _read_csv(text: str, known: Collection[str]) -> Table:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    said = _SEPARATOR_LINE.match(text)
    delimiter = said.group("sign") if said else _delimiter(text, known)
    rows: list[RawRow] = []
    cells_read = 0
    reader = _csv_lines(text[said.end() :] if said else text, delimiter)
    before, first = 0, 2 if said else 1
    try:
        for cells in reader:
            rows.append(RawRow(before + first, tuple(_as_it_was(cell) for cell in cells)))
            before = reader.line_num
            cells_read += len(cells)
            if cells_read > MAX_CELLS * 2:
                raise BadFile("table_too_many_cells", before, cells=MAX_CELLS * 2)
            if len(rows) > MAX_ROWS * 2:
                raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
    except csv.Error as error:
        raise BadFile("file_broken", reader.line_num, reason=str(error)) from None
    return make_table(rows, known)


def _csv_lines(text: str, delimiter: str) -> Any:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)


def _as_it_was(cell: str) -> str:
    """Return a cell without the apostrophe that write_csv puts before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and _harmless(cell[1:]) == cell else cell


def _delimiter(text: str, known: Collection[str]) -> str:
    """Return the separator by which the first lines have most known names, or else most cells in like number."""
    start = "".join(text.splitlines(keepends=True)[:_LINES_SEEN])
    names = {fold_head(name) for name in known}

    def plausibility(sign: str) -> tuple[int, float]:
        try:
            lines = [cells for cells in _csv_lines(start, sign) if any(cells)]
        except csv.Error:
            return 0, 0.0
        widths = [len(cells) for cells in lines]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        known_names = max((len({fold_head(cell) for cell in cells} & names) for cells in lines), default=0)
        return known_names if known_names > 1 else 0, (usual - 1) * widths.count(usual) / max(len(widths), 1)

    return max(_SEPARATORS, key=plausibility)


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
