"""Inserts for hot paths, with statements built once per table and dialect.

Building a statement takes three times as long as running it; a registration runs about ten.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from expo.infra.db import Base, core_connection, db, run_at_commit
from expo.infra.direct import insert_direct


def insert_new(model: type[Base], *conflict: str, **values: Any) -> int | None:
    """Insert a row and return its id; None if a row with the same values in the columns `conflict` exists.

    Without `conflict` any unique constraint counts.
    """
    statement = _insert_or_skip(_table(model), db.engine.dialect.name, conflict)
    row_id: int | None = insert_direct(core_connection(), statement, values)
    return row_id


def upsert(model: type[Base]) -> Any:
    """Return an insert that may say what happens to rows that exist (`on_conflict_…`), as the database wants it."""
    return _dialect_insert(db.engine.dialect.name)(model)


def insert_missing(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of the rows that do not exist, and return how many."""
    if not rows:
        return 0
    statement = upsert(model).values(rows).on_conflict_do_nothing()
    return len(db.session.execute(statement.returning(*_table(model).primary_key)).all())


def insert_row(model: type[Base], **values: Any) -> int:
    """Insert a row and return its id."""
    row_id: int = insert_direct(core_connection(), _insert(_table(model)), values)
    return row_id


def insert_at_commit(model: type[Base], **values: Any) -> None:
    """Insert a row that nothing reads before the commit, in one statement with the others of its table."""
    run_at_commit(_insert_only(_table(model)), values)


def _table(model: type[Base]) -> Table:
    if not isinstance(model.__table__, Table):
        raise TypeError(f"{model} is not a table")
    return model.__table__


def _dialect_insert(dialect: str) -> Any:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


@functools.cache
def _insert_or_skip(table: Table, dialect: str, conflict: tuple[str, ...]) -> Insert:
    insert: Insert = _dialect_insert(dialect)(table).on_conflict_do_nothing(index_elements=conflict or None)
    return insert.returning(table.c.id)


@functools.cache
def _insert(table: Table) -> Insert:
    return table.insert().returning(table.c.id)


@functools.cache
def _insert_only(table: Table) -> Insert:
    return table.insert()
