"""Reading and writing of tables: CSV, Excel, and JSON lists of objects.

Tables are read with line numbers, so that errors can name the line. Texts are written so that a spreadsheet does not
take them for formulas: https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from expo.formats.encodings import decode_text
from expo.formats.errors import BadFile
from expo.formats.headers import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RawRow, Table, TableRow, fold_header, make_table
from expo.formats.json_text import parse_json
from expo.formats.workbooks import is_workbook, list_sheets, read_cells

MAX_BYTES = 16 * 1024 * 1024
# Characters that begin a formula in Excel, LibreOffice or WPS, including their full-width forms.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BINARY_STARTS = {b"%PDF": "PDF", b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"GIF8": "GIF", b"\x1f\x8b": "gzip"}
_SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'\ufeff?"?sep=(?P<sign>.)"?[,;\t|]*\n', re.IGNORECASE)
# The number of lines used to detect the delimiter.
_LINES_SEEN = 60
_LONGEST_CELL = 1024 * 1024
_LONGEST_SHEET_NAME = 31
# When written workbooks say that they were created: the earliest date of an archive.
_CREATED = datetime(1980, 1, 1)  # noqa: DTZ001 - workbooks know no zones

Cell = str | int | float | date | datetime | bool | None


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be imported: its line, a stable code, and the parameters of the message."""

    line: int
    column: str | None
    code: str
    params: Mapping[str, Any]
    # The row as read, to be corrected and imported again.
    cells: Mapping[str, str] = field(default_factory=dict)


def read_records(data: bytes, max_bytes: int = MAX_BYTES, known: Collection[str] = ()) -> Table:
    """Read a table from a CSV, Excel or JSON file, detected by content. Raises BadFile.

    `known` are common column names, used to find the header row below titles.
    """
    check_kind(data, max_bytes)
    if is_workbook(data):
        return make_table(read_cells(data, list_sheets(data).to_read[0]), known)
    return read_text(decode_text(data), known)


def check_kind(data: bytes, max_bytes: int = MAX_BYTES) -> None:
    """Check that a file may be a table. Raises BadFile for one that is empty, too large or of another kind."""
    if len(data) > max_bytes:
        raise BadFile("file_too_large", megabytes=max_bytes // 1024 // 1024)
    if not data.strip():
        raise BadFile("file_empty")
    for start, kind in _BINARY_STARTS.items():
        if data.startswith(start):
            raise BadFile("file_kind", kind=kind)


def read_text(text: str, known: Collection[str] = ()) -> Table:
    """Read a table from CSV or JSON text. Raises BadFile."""
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("[", "{"):
        return _read_json(text.encode())
    if text.lstrip()[:1] == "<":
        raise BadFile("file_is_html")
    return _read_csv(text, known)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file in UTF-8 with a byte order mark, which Excel needs to recognize the encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_escape_formula(header) for header in headers])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_name: str) -> bytes:
    """Return an Excel file of one sheet with a frozen header row; texts stay texts even if they look like formulas."""
    return write_sheets([(sheet_name, headers, rows)])


def write_sheets(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """Return an Excel file of several sheets, each a name, headers and rows; see `write_xlsx`."""
    import xlsxwriter  # noqa: PLC0415 - large, and needed by few requests

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The same rows give the same bytes.
    book.set_properties({"created": _CREATED})
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    taken: set[str] = set()
    for name, headers, rows in sheets:
        sheet = book.add_worksheet(_sheet_name(name, taken))
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


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a name that Excel accepts: up to 31 characters, some signs excluded, each once whatever its case."""
    base = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'") or "1"
    # Cut between words where there are any.
    longest = _LONGEST_SHEET_NAME
    short = base if len(base) <= longest else base[: longest + 1].rpartition(" ")[0] or base[:longest]
    found, number = short, 2
    while found.casefold() in taken:
        found = f"{short[:27]} {number}"
        number += 1
    taken.add(found.casefold())
    return found


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return _escape_formula(cell)


def _escape_formula(text: str) -> str:
    """Return a text with an apostrophe before it if a spreadsheet would take it for a formula."""
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
            rows.append(RawRow(before + first, tuple(_unescape_formula(cell) for cell in cells)))
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


def _unescape_formula(cell: str) -> str:
    """Return a cell without the apostrophe that write_csv puts before texts that look like formulas."""
    return cell[1:] if cell.startswith("'") and _escape_formula(cell[1:]) == cell else cell


def _delimiter(text: str, known: Collection[str]) -> str:
    """Return the delimiter with the most known names in the first lines, otherwise with the most consistent cells."""
    start = "".join(text.splitlines(keepends=True)[:_LINES_SEEN])
    names = {fold_header(name) for name in known}

    def plausibility(char: str) -> tuple[int, float]:
        try:
            lines = [cells for cells in _csv_lines(start, char) if any(cells)]
        except csv.Error:
            return 0, 0.0
        widths = [len(cells) for cells in lines]
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        known_names = max((len({fold_header(cell) for cell in cells} & names) for cells in lines), default=0)
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
