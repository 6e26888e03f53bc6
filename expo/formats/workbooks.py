"""Sheets of Excel and OpenDocument files, read part by part within limits.

A file of 1,400 bytes can refer to a cell in row 1,048,576 of column XFD, or unpack to gigabytes: only non-empty cells
count, and errors name the limit that was exceeded. Cells are read as the sheet shows them.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from posixpath import dirname, join, normpath
from typing import Any

from lxml import etree

from expo.formats.cell_formats import built_in_format, show_number
from expo.formats.errors import BadFile
from expo.formats.headers import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, RawRow

ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAX_SHEETS = 200
MAX_PARTS = 5_000
MAX_UNPACKED = 512 * 1024 * 1024
# Tables compress to a tenth or a hundredth; a higher ratio indicates a decompression bomb.
MAX_RATIO = 400
_RATIO_COUNTS_FROM = 16 * 1024 * 1024
MAX_SHARED_TEXTS = 1_000_000
MAX_MERGED_AREAS = 100_000
MAX_CELL_LENGTH = 32_767
# An encrypted Excel workbook begins with a compound file of the old format around the encrypted one.
_LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
# Other files that are ZIP archives, by a folder that only they have.
_OTHER_ARCHIVES = {"word/": "Word", "ppt/": "PowerPoint", "Index/": "Numbers", "META-INF/MANIFEST.MF": "Java"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class Sheets:
    """The names of a file's sheets in their order, and the order in which to look for the list: hidden ones last."""

    names: tuple[str, ...]
    to_read: tuple[str, ...]


@dataclass
class _Sheet:
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    cells: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        if column >= MAX_COLUMNS:
            raise BadFile("table_too_wide", row, columns=MAX_COLUMNS, cell=f"{_letters(column)}{row}")
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise BadFile("table_too_many_cells", row, cells=MAX_CELLS)
        self.rows.setdefault(row, {})[column] = text
        if len(self.rows) > MAX_ROWS + 1:
            raise BadFile("table_too_large", row, rows=MAX_ROWS, columns=MAX_COLUMNS)


def is_workbook(data: bytes) -> bool:
    """Return whether a file is an Excel or OpenDocument workbook."""
    return data.startswith((ZIP, OLD_OFFICE))


def list_sheets(data: bytes) -> Sheets:
    """Return the sheets of a file. Raises BadFile."""
    if data.startswith(OLD_OFFICE) and _LOCKED_PACKAGE in data:
        raise BadFile("workbook_encrypted")
    if data.startswith(ZIP):
        with _open_archive(data) as archive:
            if (book := _book_part(archive)) is not None:
                sheets = _sheets_of(archive, book)
                visible = [name for name, (_, is_visible) in sheets.items() if is_visible]
                return Sheets(tuple(sheets), tuple(dict.fromkeys((*visible, *sheets))))
            _refuse_other_archives(archive)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - large, and needed by few requests

    try:
        names = tuple(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names)
    except (CalamineError, OSError, ValueError) as error:
        raise _as_bad_file(error) from None
    if not names:
        raise BadFile("file_empty")
    _check_sheets(len(names))
    return Sheets(names, names)


def read_cells(data: bytes, sheet: str) -> list[RawRow]:
    """Return the non-empty rows of a sheet. Raises BadFile."""
    if data.startswith(ZIP):
        with _open_archive(data) as archive:
            if (book := _book_part(archive)) is not None:
                part, _ = _sheets_of(archive, book)[sheet]
                return _read_part(archive, book, part)
    return _read_other(data, sheet)


@contextmanager
def _open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive, len(data))
            yield archive
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise _as_bad_file(error) from None


def _as_bad_file(error: Exception) -> BadFile:
    reason = str(error)
    if re.search("password|encrypted", reason, re.IGNORECASE):
        return BadFile("workbook_encrypted")
    return BadFile("file_broken", reason=reason[:200])


def _refuse_other_archives(archive: zipfile.ZipFile) -> None:
    """Raise BadFile with its kind for an archive that is not a workbook."""
    names = archive.namelist()
    for start, kind in _OTHER_ARCHIVES.items():
        if any(name.startswith(start) for name in names):
            raise BadFile("file_kind", kind=kind)
    if "content.xml" not in names and not any(name.lower().startswith("xl/") for name in names):
        raise BadFile("file_kind", kind="ZIP")


def _check_archive(archive: zipfile.ZipFile, packed: int) -> None:
    """Check the number and declared sizes of an archive's parts, which zipfile enforces on reading. Raises BadFile."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS:
        raise BadFile("workbook_parts", parts=MAX_PARTS)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED:
        raise BadFile("workbook_unpacked", megabytes=MAX_UNPACKED // 1024 // 1024)
    if unpacked > _RATIO_COUNTS_FROM and unpacked > packed * MAX_RATIO:
        raise BadFile("workbook_ratio", ratio=MAX_RATIO)


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Any]:
    """Yield the elements of a part as they end; the caller clears each one."""
    with archive.open(part) as stream:
        is_first = True
        for _, element in etree.iterparse(
            stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        ):
            if is_first and element.getroottree().docinfo.internalDTD is not None:
                raise BadFile("file_broken", reason="DOCTYPE")
            is_first = False
            if isinstance(element.tag, str):
                yield element


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _book_part(archive: zipfile.ZipFile) -> str | None:
    """Return the name of the workbook's part in an .xlsx file; None for other kinds of workbook."""
    names = {each.lower(): each for each in archive.namelist()}
    if "_rels/.rels" in names:
        for element in _elements(archive, names["_rels/.rels"]):
            if str(element.get("Type", "")).endswith("/officeDocument"):
                target = str(element.get("Target", "")).lstrip("/")
                found = names.get(target.lower())
                return found if found and found.lower().endswith(".xml") else None
    return names.get("xl/workbook.xml")


def _related(archive: zipfile.ZipFile, book: str) -> dict[str, tuple[str, str]]:
    """Return the type and part of each relationship of the workbook."""
    rels = join(dirname(book), "_rels", book.rpartition("/")[2] + ".rels")
    found = {}
    for element in _elements(archive, rels):
        target = str(element.get("Target", ""))
        part = target.lstrip("/") if target.startswith("/") else normpath(join(dirname(book), target))
        found[str(element.get("Id", ""))] = (str(element.get("Type", "")).rpartition("/")[2], part)
    return found


def _sheets_of(archive: zipfile.ZipFile, book: str) -> dict[str, tuple[str, bool]]:
    """Return the part of each worksheet by name, and whether it is visible."""
    related = _related(archive, book)
    found: dict[str, tuple[str, bool]] = {}
    for element in _elements(archive, book):
        if _local(element) != "sheet":
            continue
        relation = element.get(_RELATION) or element.get(_STRICT_RELATION)
        kind, part = related.get(str(relation), ("", ""))
        if kind == "worksheet":
            found[str(element.get("name", ""))] = (part, element.get("state", "visible") == "visible")
        _check_sheets(len(found))
    if not found:
        raise BadFile("file_empty")
    return found


def _check_sheets(count: int) -> None:
    if count > MAX_SHEETS:
        raise BadFile("workbook_sheets", sheets=MAX_SHEETS)


def _read_part(archive: zipfile.ZipFile, book: str, part: str) -> list[RawRow]:
    by_kind = dict(_related(archive, book).values())
    texts = _shared_texts(archive, by_kind["sharedStrings"]) if "sharedStrings" in by_kind else []
    formats = _formats(archive, by_kind["styles"]) if "styles" in by_kind else []
    from_1904 = any(
        _local(each) == "workbookPr" and each.get("date1904") in {"1", "true"} for each in _elements(archive, book)
    )
    sheet = _Sheet()
    row_number = column = 0
    for element in _elements(archive, part):
        name = _local(element)
        if name == "c":
            place = _REFERENCE.fullmatch(str(element.get("r", "")))
            if place:
                column = _number(place.group(1))
                row_number = int(place.group(2))
            elif element.getprevious() is None:
                row_number, column = _row_of(element, row_number), 0
            else:
                column += 1
            if text := _display_text(element, texts, formats, from_1904=from_1904):
                sheet.put(row_number, column, text)
        elif name == "mergeCell":
            _add_merged(sheet, str(element.get("ref", "")))
        elif name in {"row", "sheetData"}:
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return _fill_merged(sheet)


def _row_of(cell: Any, before: int) -> int:
    stated = str(cell.getparent().get("r", ""))
    return int(stated) if stated.isdigit() and len(stated) < 8 else before + 1  # noqa: PLR2004 - digits of 1,048,576


def _shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    texts: list[str] = []
    for element in _elements(archive, part):
        if _local(element) == "si":
            texts.append(_text_of(element))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if len(texts) > MAX_SHARED_TEXTS:
                raise BadFile("workbook_texts", texts=MAX_SHARED_TEXTS)
    return texts


def _text_of(element: Any) -> str:
    """Return a rich text as plain text, without phonetic readings."""
    parts = [
        each.text or ""
        for each in element.iter()
        if isinstance(each.tag, str) and _local(each) == "t" and _local(each.getparent()) != "rPh"
    ]
    text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), "".join(parts))
    return text[:MAX_CELL_LENGTH].replace("\r\n", "\n").replace("\r", "\n")


def _formats(archive: zipfile.ZipFile, part: str) -> list[str]:
    """Return the number format of each cell style."""
    own: dict[int, str] = {}
    numbers: list[int] = []
    for element in _elements(archive, part):
        if _local(element) == "numFmt" and _local(element.getparent()) == "numFmts":
            own[_integer(element.get("numFmtId"))] = str(element.get("formatCode", "General"))
        elif _local(element) == "xf" and _local(element.getparent()) == "cellXfs":
            numbers.append(_integer(element.get("numFmtId")))
    return [own.get(number) or built_in_format(number) for number in numbers]


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - the length of a style number


def _display_text(cell: Any, texts: list[str], formats: list[str], *, from_1904: bool) -> str:  # noqa: PLR0911 - by kind
    """Return the text shown in a cell; an error such as #N/A counts as empty."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text_of(cell)
    value = next((each.text or "" for each in cell if isinstance(each.tag, str) and _local(each) == "v"), "")
    if not value or kind == "e":
        return ""
    if kind == "s":
        return texts[int(value)] if value.isdigit() and int(value) < len(texts) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind == "d":
        return value.removesuffix("T00:00:00").removesuffix("T00:00:00.000")
    if kind == "str":
        return _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), value)[:MAX_CELL_LENGTH]
    try:
        number = float(value)
    except ValueError:
        return value[:MAX_CELL_LENGTH]
    style = _integer(cell.get("s"))
    return show_number(number, formats[style] if style < len(formats) else "General", from_1904=from_1904)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    letters, rest = "", column + 1
    while rest:
        rest, at = divmod(rest - 1, 26)
        letters = chr(65 + at) + letters
    return letters


def _add_merged(sheet: _Sheet, reference: str) -> None:
    corners = [_REFERENCE.fullmatch(each) for each in reference.split(":")]
    if len(corners) != 2 or not (corners[0] and corners[1]):  # noqa: PLR2004 - first and last cell
        return
    first, last = corners[0], corners[1]
    sheet.merged.append((int(first[2]), _number(first[1]), int(last[2]), _number(last[1])))
    if len(sheet.merged) > MAX_MERGED_AREAS:
        raise BadFile("workbook_merged", areas=MAX_MERGED_AREAS)


def _fill_merged(sheet: _Sheet) -> list[RawRow]:
    """Return the rows with each merged area filled with its value, in rows that are not otherwise empty."""
    spread: dict[int, set[int]] = {}
    own = sorted(sheet.rows)
    widest = max((max(cells) for cells in sheet.rows.values()), default=0)
    for top, left, bottom, right in sheet.merged:
        text = sheet.rows.get(top, {}).get(left)
        if not text:
            continue
        rows = range(top, bottom + 1) if bottom - top < len(own) else [row for row in own if top <= row <= bottom]
        for row in rows:
            if row not in sheet.rows:
                continue
            for column in range(left, min(right, widest) + 1):
                if column not in sheet.rows[row]:
                    sheet.put(row, column, text)
            if right > left:
                spread.setdefault(row, set()).update(range(left + 1, min(right, widest) + 1))
    return [
        RawRow(
            row,
            tuple(sheet.rows[row].get(column, "") for column in range(max(sheet.rows[row]) + 1)),
            frozenset(spread.get(row, ())),
        )
        for row in own
    ]


def _read_other(data: bytes, sheet: str) -> list[RawRow]:
    """Return the rows of a sheet of an .xls, .xlsb or .ods file."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - large, and needed by few requests

    found = _Sheet()
    try:
        opened = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet)
        if opened.total_height > MAX_ROWS * 2 or opened.total_width > MAX_COLUMNS * 2:
            raise BadFile("table_too_large", rows=MAX_ROWS, columns=MAX_COLUMNS)
        merged = opened.merged_cell_ranges or []
        for number, row in enumerate(opened.iter_rows(), start=(opened.start or (0, 0))[0] + 1):
            for column, value in enumerate(row, start=(opened.start or (0, 0))[1]):
                if text := _text_of_value(value):
                    found.put(number, column, text)
    except (CalamineError, OSError, ValueError) as error:
        raise _as_bad_file(error) from None
    found.merged = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in merged]
    return _fill_merged(found)


def _text_of_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return show_number(float(value), "General")
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        value = value.date()
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
