"""Run a statement with the driver itself, for the hottest paths on PostgreSQL.

SQLAlchemy needs four times as long to run a prepared statement as the driver. A statement is compiled here once, and
lists are sent as arrays, so that its text stays the same and the server keeps its plan. On other databases SQLAlchemy
runs it.
"""

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from psycopg.rows import namedtuple_row
from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

# An expanding list as SQLAlchemy compiles it.
_LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


def fetch_direct(connection: Connection, statement: Executable, values: Values) -> Sequence[Any]:
    """Return the rows of a query, with their columns as attributes."""
    if connection.dialect.name != "postgresql":
        return connection.execute(statement, dict(values)).all()
    text, converts = _compile(statement, connection.dialect)
    try:
        with _cursor(connection) as cursor:
            cursor.execute(text, _convert(values, converts), prepare=True)
            rows: Sequence[Any] = cursor.fetchall()
            return rows
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error


def run_direct(connection: Connection, statement: Executable, values: Sequence[Values]) -> None:
    """Run a statement once for each of `values`, in one round trip."""
    if connection.dialect.name != "postgresql":
        connection.execute(statement, [dict(each) for each in values])
        return
    text, converts = _compile(statement, connection.dialect)
    try:
        with _cursor(connection) as cursor:
            if len(values) == 1:
                cursor.execute(text, _convert(values[0], converts), prepare=True)
            else:
                cursor.executemany(text, [_convert(each, converts) for each in values])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver.cursor(row_factory=namedtuple_row)


@functools.cache
def _compile(statement: ClauseElement, dialect: Dialect) -> tuple[str, dict[str, Convert]]:
    """Return the statement's text for the driver, and how to convert the values that need it."""
    compiled = statement.compile(dialect=dialect)
    converts = {}
    for name, bind in compiled.binds.items():  # type: ignore[attr-defined]
        convert = None if bind.expanding else bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converts[name] = convert
    constants = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}  # type: ignore[attr-defined]
    if constants:
        raise ValueError(f"a direct statement takes its values from the caller: {sorted(constants)}")
    return _LIST.sub(r"= ANY(%(\1)s)", str(compiled)), converts


def _convert(values: Values, converts: Mapping[str, Convert]) -> dict[str, Any]:
    converted = dict(values)
    for name, convert in converts.items():
        converted[name] = convert(converted[name])
    return converted


def _wrapped(connection: Connection, text: str, error: Exception) -> Exception:
    """Return the driver's error as SQLAlchemy's, which the callers know."""
    is_lost = connection.dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if is_lost:
        connection.invalidate(error)
    return DBAPIError.instance(
        text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=is_lost
    )
