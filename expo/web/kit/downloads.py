"""Responses that browsers save as files."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response

from expo.formats.tables import Cell, write_csv, write_xlsx

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_response(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a table as a file to download; `kind` is csv or xlsx."""
    content = write_csv(columns, rows) if kind == "csv" else write_xlsx(columns, rows, name)
    return file_response(content, CONTENT_TYPES[kind], f"{name}.{kind}")


def file_response(content: bytes | Iterable[bytes], content_type: str, name: str) -> Response:
    """Return a file to download as `name`, which no cache may store; in parts, it is sent while it is being made."""
    response = Response(content, content_type=content_type)
    options = {"filename": name}
    if not name.isascii():
        # For browsers by RFC 6266, with a name of the same kind for others.
        options = {"filename": f"file.{name.rpartition('.')[2]}", "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **options)
    response.headers["Cache-Control"] = "private, no-store"
    return response
