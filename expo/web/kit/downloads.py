"""Files to take away."""

from collections.abc import Iterable, Sequence

from flask import Response

from expo.formats.tables import Cell, write_csv, write_xlsx

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def give_table(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a table as a file, `kind` being csv or xlsx."""
    content = write_csv(columns, rows) if kind == "csv" else write_xlsx(columns, rows, name)
    return give_file(content, CONTENT_TYPES[kind], f"{name}.{kind}")


def give_file(content: bytes, content_type: str, name: str) -> Response:
    """Return a file that is saved under `name`; what stands in it is kept by no cache."""
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
