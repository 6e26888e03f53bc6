"""Numbers of changes in the order in which they become visible, which their dates are not.

A row keeps the number of the transaction that changed it last. A reader that reads everything below a mark, and
later everything from that mark on, misses nothing, however long a transaction took and whatever the clocks said:

- PostgreSQL: the transaction's id. The mark is the lowest id that is still running (`pg_snapshot_xmin`); all below it
  have ended, so what they changed is visible now or never.
- SQLite: one transaction writes after the other, so the numbers of a table simply rise. They are at least the time in
  microseconds, so that the number of a deleted row is not reused.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, cast, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.functions import FunctionElement

from expo.infra.db import db

_NOW = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"


class change_number(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """The number of the change being made, as the default and the `onupdate` of a column."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, table: str, column: str) -> None:
        super().__init__(literal_column(table), literal_column(column))


@compiles(change_number, "postgresql")
def _compile_for_postgresql(_element: change_number, _compiler: Any, **_options: Any) -> str:
    return "pg_current_xact_id()::text::bigint"


@compiles(change_number, "sqlite")
def _compile_for_sqlite(element: change_number, compiler: Any, **options: Any) -> str:
    table, column = (compiler.process(each, **options) for each in element.clauses)
    return f"(SELECT max(coalesce(max({column}), 0) + 1, {_NOW}) FROM {table})"  # noqa: S608 - names from the code


def read_mark(column: InstrumentedAttribute[int]) -> int:
    """Return the mark of what is visible now: every change below it is, or never will be."""
    if db.engine.dialect.name == "postgresql":
        return db.session.scalar(select(_number(func.pg_snapshot_xmin(func.pg_current_snapshot())))) or 0
    return db.session.scalar(select(func.max(column))) or 0


def changed_since(column: InstrumentedAttribute[int], mark: int) -> ColumnElement[bool]:
    """Return the condition that a row was changed after a mark was read, or by a transaction that ran at that time."""
    since = column >= mark
    if db.engine.dialect.name != "postgresql":
        return since
    # A database restored from a backup counts from the beginning again: higher numbers are from before.
    return since & (column < _number(func.pg_snapshot_xmax(func.pg_current_snapshot())))


def _number(value: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(cast(value, Text), BigInteger)
