"""Bulk inserts with explicit ids, so that every empty database gets the same rows."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table, func, insert, select, text

from expo.infra.db import db

CHUNK = 2000

T = TypeVar("T")


def chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split rows into parts that fit into one statement."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def insert_all(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows; if they have ids, advance the database's sequence past the highest."""
    table: Table = model.__table__
    for part in chunks(rows):
        db.session.execute(insert(table), list(part))
    if rows and "id" in rows[0]:
        _advance_sequence(table.name, max(row["id"] for row in rows))


def first_free_id(model: Any) -> int:
    """Return the id after the highest in a table."""
    return (db.session.scalar(select(func.max(model.__table__.c.id))) or 0) + 1


def _advance_sequence(table: str, highest: int) -> None:
    """Advance PostgreSQL's sequence past the used ids; SQLite does this automatically."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)"),
            {"name": f'"{table}"', "highest": highest},
        )
