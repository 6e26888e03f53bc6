"""Statements for PostgreSQL's driver, prepared, and sent without waiting for each where that is possible.

Lists are sent as arrays, so that the text of a statement stays the same. A list of one value is sent as that value:
PostgreSQL expects ten values in an array, so it would rather plan such a statement every time than keep a plan.
"""

import functools
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Dialect

from expo.infra.direct.compiled import LIST, Compiled, Values, compile_statement, driver_of, wrap_error

_ARRAY = re.compile(r"= ANY\(%\((\w+)\)s\)")


class Pending:
    """A query that was sent; its rows are read later, so that the next one can be sent without waiting for them."""

    def __init__(self, connection: Connection, text: str, cursor: Any) -> None:
        self._connection = connection
        self._text = text
        self._cursor = cursor

    def rows(self) -> Sequence[Any]:
        """Return the rows, with their columns as attributes."""
        try:
            with self._cursor as cursor:
                rows: Sequence[Any] = cursor.fetchall()
                return rows
        except self._connection.dialect.loaded_dbapi.Error as error:
            raise wrap_error(self._connection, self._text, error) from error


def send(connection: Connection, statement: Any, values: Values) -> Pending:
    """Send a query; within `pipelined`, without waiting for its rows."""
    compiled = _compile(statement, connection.dialect)
    alone = {name: values[name][0] for name in _lists_of(compiled.text) if len(values.get(name, ())) == 1}
    text = _write_alone(compiled.text, frozenset(alone)) if alone else compiled.text
    cursor = _cursor(connection)
    try:
        cursor.execute(text, compiled.values({**values, **alone}), prepare=True)
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, text, error) from error
    return Pending(connection, text, cursor)


@contextmanager
def pipelined(connection: Connection) -> Iterator[Connection]:
    """Send the statements of a transaction to PostgreSQL without waiting for each, from its BEGIN to its COMMIT.

    At the end of the block all have succeeded. The connection is in autocommit mode: otherwise the driver sends a
    BEGIN of its own, and waits for it.
    """
    driver = driver_of(connection)
    try:
        with driver.pipeline():
            driver.execute("BEGIN")
            yield connection
            driver.execute("COMMIT")
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, "", error) from error


def run(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Run a statement once for each of `rows`, in one round trip."""
    _run(connection, _compile(statement, connection.dialect), rows)


def run_together(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Run a statement on `rows_sent`: one message, whose rows PostgreSQL reads faster than a statement for each."""
    values = {"rows": json.dumps([dict(each) for each in rows], default=_write_moment, ensure_ascii=False)}
    _run(connection, _compile(statement, connection.dialect), [values])


def insert(connection: Connection, statement: Any, values: Values) -> Any:
    """Insert a row into a table, and return its first returned column; None if it was not inserted."""
    compiled = _compile_insert(statement, connection.dialect, tuple(values))
    try:
        with _cursor(connection) as cursor:
            cursor.execute(compiled.text, compiled.values(values), prepare=True)
            row = cursor.fetchone()
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, compiled.text, error) from error
    return None if row is None else row[0]


def insert_many(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Insert rows that give values for the same columns."""
    _run(connection, _compile_insert(statement, connection.dialect, tuple(rows[0])), rows)


def _run(connection: Connection, compiled: Compiled, rows: Sequence[Values]) -> None:
    try:
        with _cursor(connection) as cursor:
            if len(rows) == 1:
                cursor.execute(compiled.text, compiled.values(rows[0]), prepare=True)
            else:
                cursor.executemany(compiled.text, [compiled.values(each) for each in rows])
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrap_error(connection, compiled.text, error) from error


def _write_moment(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    text: str = value.isoformat()
    return text


def _cursor(connection: Connection) -> Any:
    return driver_of(connection).cursor(row_factory=namedtuple_row)


@functools.cache
def _compile(statement: Any, dialect: Dialect) -> Compiled:
    return _with_arrays(compile_statement(statement, dialect))


@functools.cache
def _compile_insert(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    return _with_arrays(compile_statement(statement, dialect, names))


def _with_arrays(compiled: Compiled) -> Compiled:
    return replace(compiled, text=LIST.sub(r"= ANY(%(\1)s)", compiled.text))


@functools.cache
def _lists_of(text: str) -> tuple[str, ...]:
    return tuple(_ARRAY.findall(text))


@functools.cache
def _write_alone(text: str, names: frozenset[str]) -> str:
    """Return a statement that compares with one value instead of with these lists."""
    for name in names:
        text = text.replace(f"= ANY(%({name})s)", f"= %({name})s")
    return text
