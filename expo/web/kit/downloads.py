"""Responses that browsers save as files."""

from collections.abc import Iterable, Sequence

from flask import Response

from expo.formats.tables import Cell, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a response with a table as a file; `kind` is csv or xlsx."""
    if kind == "csv":
        return file_response(write_csv(columns, rows), "text/csv; charset=utf-8", f"{name}.csv")
    return file_response(write_xlsx(columns, rows, name), XLSX, f"{name}.xlsx")


def file_response(content: bytes, content_type: str, name: str) -> Response:
    """Return a response with a file to save as `name`. No cache may store it."""
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
