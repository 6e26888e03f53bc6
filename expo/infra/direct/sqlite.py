"""Statements for SQLite's driver.

SQLite knows no arrays, so a list becomes a parameter for each of its values. It stores no moments, booleans or JSON
either, so rows are converted as SQLAlchemy would.
"""

import functools
from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect

from expo.infra.direct.compiled import LIST, Compiled, Convert, Values, compile_statement, driver_of, wrap_error


def fetch(connection: Connection, statement: Any, values: Values) -> Sequence[Any]:
    """Return the rows of a query, with their columns as attributes."""
    compiled = _compile(statement, connection.dialect)
    text, sent = _spread(compiled, compiled.values(values))
    names, rows = _execute(connection, text, sent)
    make_row = _row_of(names)
    converts = _converts_of(statement, connection.dialect)
    if not converts:
        return [make_row(row) for row in rows]
    return [make_row(_converted(row, converts)) for row in rows]


def insert(connection: Connection, statement: Any, values: Values) -> Any:
    """Insert a row into a table, and return its first returned column; None if it was not inserted."""
    compiled = _compile_insert(statement, connection.dialect, tuple(values))
    _, rows = _execute(connection, compiled.text, compiled.values(values))
    return rows[0][0] if rows else None


def insert_many(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Insert rows that give values for the same columns."""
    _run(connection, _compile_insert(statement, connection.dialect, tuple(rows[0])), rows)


def run(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Run a statement once for each of `rows`."""
    _run(connection, _compile(statement, connection.dialect), rows)


def _run(connection: Connection, compiled: Compiled, rows: Sequence[Values]) -> None:
    try:
        driver_of(connection).executemany(compiled.text, [compiled.values(each) for each in rows])
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, compiled.text, error) from error


def _execute(connection: Connection, text: str, values: Values) -> tuple[tuple[str, ...], Sequence[Any]]:
    """Return the names of the columns and the rows."""
    try:
        cursor = driver_of(connection).execute(text, values)
        rows = cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, text, error) from error
    return tuple(each[0] for each in cursor.description or ()), rows


@functools.cache
def _compile(statement: Any, dialect: Dialect) -> Compiled:
    return compile_statement(statement, _naming(dialect))


@functools.cache
def _compile_insert(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    return compile_statement(statement, _naming(dialect), names)


@functools.cache
def _naming(dialect: Dialect) -> Any:
    """Return the dialect with parameters by name: in SQLAlchemy's own, they are in an order."""
    make: Any = type(dialect)
    return make(paramstyle="named", dbapi=dialect.loaded_dbapi)


def _spread(compiled: Compiled, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the text and the values with each list as parameters of their own."""
    names = _lists_of(compiled.text)
    if not names:
        return compiled.text, values
    written = {}
    for name in names:
        members = {_member(name, number): value for number, value in enumerate(values.pop(name))}
        written[name] = ", ".join(f":{member}" for member in members)
        values.update(members)
    return LIST.sub(lambda found: f"IN ({written[found[1]]})", compiled.text), values


@functools.cache
def _lists_of(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(LIST.findall(text))))


def _member(name: str, number: int) -> str:
    return f"{name}__{number}"


@functools.cache
def _row_of(names: tuple[str, ...]) -> Any:
    """Return what makes a row with these columns, as psycopg does for PostgreSQL."""
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # noqa: PYI024 - known only now
    return row._make


@functools.cache
def _converts_of(statement: Any, dialect: Dialect) -> dict[int, Convert]:
    """Return how to convert the columns that need it, by place."""
    found = {}
    for place, column in enumerate(statement.exported_columns):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            found[place] = convert
    return found


def _converted(row: Sequence[Any], converts: dict[int, Convert]) -> list[Any]:
    values = list(row)
    for place, convert in converts.items():
        values[place] = convert(values[place])
    return values
