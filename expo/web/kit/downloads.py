"""Files to take away."""

from collections.abc import Iterable, Sequence

from flask import Response

from expo.formats.tables import Cell, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def give_table(kind: str, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a table as a file, `kind` being csv or xlsx."""
    if kind == "csv":
        return give_file(write_csv(columns, rows), "text/csv; charset=utf-8", f"{name}.csv")
    return give_file(write_xlsx(columns, rows, name), XLSX, f"{name}.xlsx")


def give_file(content: bytes, content_type: str, name: str) -> Response:
    """Return a file that is saved under `name`; what stands in it is kept by no cache."""
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
