"""The table of an uploaded file, with what is not certain about how it was read: its encoding and its sheet."""

import io
from dataclasses import dataclass

from expo.formats.errors import BadFile
from expo.formats.tables import Table, read_records, read_sheet

# What a person may choose where the encoding of a text is not certain, most used first.
ENCODINGS = ("utf-8", "gb18030", "cp1252", "shift_jis", "euc_kr", "big5", "cp1251", "cp1256", "cp1250", "utf-16")
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class UploadedTable:
    """A table as read. An empty encoding means that there was none to choose; `sheets` is empty for a text."""

    table: Table
    encoding: str
    is_certain: bool
    sheet: str
    sheets: tuple[str, ...]


def read_uploaded_table(data: bytes, encoding: str = "", sheet: str = "") -> UploadedTable:
    """Return the table of a CSV, Excel or JSON file, read in the encoding or from the sheet chosen. Raises BadFile."""
    if data.startswith((_ZIP, _OLD_OFFICE)):
        names = _sheet_names(data)
        chosen = sheet or names[0]
        if chosen not in names:
            raise BadFile("sheet_missing", sheet=sheet[:60], sheets=", ".join(names))
        return UploadedTable(read_sheet(data, names.index(chosen)), "", True, chosen, names)
    found, is_certain = (encoding, True) if encoding else _detect(data)
    if found in {"", "utf-8"}:
        return UploadedTable(read_records(data), found, is_certain, "", ())
    try:
        text = data.decode(found)
    except (UnicodeDecodeError, LookupError):
        raise BadFile("file_not_in_encoding", encoding=found[:40]) from None
    return UploadedTable(read_records(text.encode()), found, is_certain, "", ())


def _detect(data: bytes) -> tuple[str, bool]:
    """Return the encoding of a text and whether it is certain, as a mark or well-formed UTF-8 make it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8", True
    if b"\x00" in data[:4096]:
        raise BadFile("file_not_text")
    from charset_normalizer import from_bytes  # noqa: PLC0415 - large, and needed by few files

    best = from_bytes(data, cp_isolation=[each for each in ENCODINGS if each != "utf-16"]).best()
    if best is None:
        raise BadFile("file_encoding")
    return best.encoding, False


def _sheet_names(data: bytes) -> tuple[str, ...]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - large, and needed by few requests

    try:
        names = tuple(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names)
    except (CalamineError, OSError, ValueError) as error:
        raise BadFile("file_broken", reason=str(error)[:200]) from None
    if not names:
        raise BadFile("file_empty")
    return names
