"""Many rows in few statements, with ids that are given rather than drawn: the same rows in every empty database."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table, func, insert, select, text

from expo.infra.db import db

CHUNK = 2000

T = TypeVar("T")


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Return the rows in parts that one statement takes."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def insert_all(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows; where they bring their ids, the database counts on behind the highest."""
    table: Table = model.__table__
    for part in chunks(rows):
        db.session.execute(insert(table), list(part))
    if rows and "id" in rows[0]:
        _count_on_from(table.name, max(row["id"] for row in rows))


def first_free_id(model: Any) -> int:
    """Return the id behind the highest of a table."""
    return (db.session.scalar(select(func.max(model.__table__.c.id))) or 0) + 1


def _count_on_from(table: str, highest: int) -> None:
    """Tell PostgreSQL which ids are taken; SQLite sees it by itself."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": f'"{table}"', "highest": highest},
        )
