"""The table of an uploaded file, with the choices made in reading it: its encoding and its sheet."""

from collections.abc import Collection
from dataclasses import dataclass

from expo.formats.encodings import Candidate, decode_as, detect_encoding, is_known_encoding, list_candidates
from expo.formats.errors import BadFile
from expo.formats.headers import Table, make_table
from expo.formats.tables import check_kind, read_text
from expo.formats.workbooks import is_workbook, list_sheets, read_cells

__all__ = ["UploadedTable", "is_known_encoding", "read_uploaded_table"]


@dataclass(frozen=True)
class UploadedTable:
    """A table as read. `encoding` is empty if there was no choice; `sheets` is empty for a text file.

    `candidates` are the possible encodings of the file, if it is not certain.
    """

    table: Table
    encoding: str
    is_certain: bool
    sheet: str
    sheets: tuple[str, ...]
    candidates: tuple[Candidate, ...] = ()


def read_uploaded_table(data: bytes, encoding: str = "", sheet: str = "", known: Collection[str] = ()) -> UploadedTable:
    """Read a table from a CSV, Excel or JSON file in the chosen encoding or from the chosen sheet. Raises BadFile.

    `known` are common column names, used to find the header row. The default sheet is the first visible one with rows.
    """
    check_kind(data)
    if is_workbook(data):
        return _read_workbook(data, sheet, known)
    found, is_certain = detect_encoding(data)
    candidates = () if is_certain else tuple(list_candidates(data))
    chosen = encoding or found
    table = read_text(decode_as(data, chosen), known)
    return UploadedTable(table, chosen, is_certain or encoding != "", "", (), candidates)


def _read_workbook(data: bytes, sheet: str, known: Collection[str]) -> UploadedTable:
    sheets = list_sheets(data)
    if sheet and sheet not in sheets.names:
        raise BadFile("sheet_missing", sheet=sheet[:60], sheets=", ".join(sheets.names))
    if sheet:
        return UploadedTable(make_table(read_cells(data, sheet), known), "", True, sheet, sheets.names)
    for name in sheets.to_read:
        rows = read_cells(data, name)
        if rows:
            return UploadedTable(make_table(rows, known), "", True, name, sheets.names)
    raise BadFile("file_empty")
