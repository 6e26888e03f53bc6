"""Run a statement with the driver itself, for the hottest paths on PostgreSQL.

SQLAlchemy needs four times as long to run a prepared statement as the driver. A statement is compiled here once, and
lists are sent as arrays, so that its text stays the same. A list of one value is sent as that value: PostgreSQL expects
ten values in an array, so it would rather plan such a statement every time than keep a plan. On other databases
SQLAlchemy runs it.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.rows import namedtuple_row
from sqlalchemy import JSON, Connection, Dialect, Table, Text, bindparam, cast, column, func
from sqlalchemy.exc import DBAPIError

# An expanding list as SQLAlchemy compiles it.
_LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text for the driver, the values that it contains, and how to convert those that need it."""

    text: str
    constants: dict[str, Any]
    converts: dict[str, Convert]
    # The names of its lists.
    lists: frozenset[str] = frozenset()
    # Makes the values of columns that have a default in Python and are not given.
    defaults: tuple[tuple[str, Callable[[], Any]], ...] = ()

    def values(self, given: Values) -> dict[str, Any]:
        """Return the values for the driver."""
        values = {**self.constants, **given}
        for name, make in self.defaults:
            values[name] = make()
        for name, convert in self.converts.items():
            values[name] = convert(values[name])
        return values


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
            raise _wrapped(self._connection, self._text, error) from error


class Ready:
    """The rows of a query on a database that answers at once."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def rows(self) -> Sequence[Any]:
        """Return the rows, with their columns as attributes."""
        return self._rows


def send_direct(connection: Connection, statement: Any, values: Values) -> Pending | Ready:
    """Send a query; within `pipelined`, without waiting for its rows."""
    if connection.dialect.name != "postgresql":
        return Ready(connection.execute(statement, dict(values)).all())
    compiled = _compile(statement, connection.dialect)
    alone = {name: values[name][0] for name in compiled.lists if len(values.get(name, ())) == 1}
    text = _write_alone(compiled.text, frozenset(alone)) if alone else compiled.text
    cursor = _cursor(connection)
    try:
        cursor.execute(text, compiled.values({**values, **alone}), prepare=True)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error
    return Pending(connection, text, cursor)


def fetch_direct(connection: Connection, statement: Any, values: Values) -> Sequence[Any]:
    """Return the rows of a query, with their columns as attributes."""
    return send_direct(connection, statement, values).rows()


@contextmanager
def pipelined(connection: Connection) -> Iterator[Connection]:
    """Send the statements of a transaction to PostgreSQL without waiting for each, from its BEGIN to its COMMIT.

    At the end of the block all have succeeded. The connection is in autocommit mode: otherwise the driver sends a
    BEGIN of its own, and waits for it.
    """
    driver: Any = connection.connection.driver_connection
    try:
        with driver.pipeline():
            driver.execute("BEGIN")
            yield connection
            driver.execute("COMMIT")
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, "", error) from error


def run_direct(connection: Connection, statement: Any, values: Sequence[Values]) -> None:
    """Run a statement once for each of `values`, in one round trip."""
    if connection.dialect.name != "postgresql":
        connection.execute(statement, [dict(each) for each in values])
        return
    _run(connection, _compile(statement, connection.dialect), values)


def _run(connection: Connection, compiled: Compiled, values: Sequence[Values]) -> None:
    try:
        with _cursor(connection) as cursor:
            if len(values) == 1:
                cursor.execute(compiled.text, compiled.values(values[0]), prepare=True)
            else:
                cursor.executemany(compiled.text, [compiled.values(each) for each in values])
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, compiled.text, error) from error


def rows_sent(table: Table) -> Any:
    """Return the rows that `run_together` sends, as a source of a statement: all columns of a table but its number."""
    columns = [column(each.name, each.type) for each in table.c if each is not table.autoincrement_column]
    sent = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    return sent.table_valued(*columns).render_derived(name="sent", with_types=True)


def run_together(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Run a statement on `rows_sent`: one message, whose rows PostgreSQL reads faster than a statement for each."""
    values = {"rows": json.dumps([dict(each) for each in rows], default=_write_moment, ensure_ascii=False)}
    _run(connection, _compile(statement, connection.dialect), [values])


def _write_moment(value: Any) -> str:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError("a naive datetime cannot be stored")
    text: str = value.isoformat()
    return text


def insert_direct(connection: Connection, statement: Any, values: Values) -> Any:
    """Insert a row into a table, and return its first returned column; None if it was not inserted."""
    if connection.dialect.name != "postgresql":
        return connection.execute(statement, dict(values)).scalar()
    compiled = _compile_insert(statement, connection.dialect, tuple(values))
    try:
        with _cursor(connection) as cursor:
            cursor.execute(compiled.text, compiled.values(values), prepare=True)
            row = cursor.fetchone()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, compiled.text, error) from error
    return None if row is None else row[0]


def insert_many_direct(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Insert rows that give values for the same columns."""
    if connection.dialect.name != "postgresql":
        connection.execute(statement, [dict(each) for each in rows])
        return
    compiled = _compile_insert(statement, connection.dialect, tuple(rows[0]))
    _run(connection, compiled, rows)


def _cursor(connection: Connection) -> Any:
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver.cursor(row_factory=namedtuple_row)


@functools.cache
def _compile(statement: Any, dialect: Dialect) -> Compiled:
    return _read(statement.compile(dialect=dialect), dialect)


@functools.cache
def _compile_insert(statement: Any, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    """Compile an insert of a row with these columns and those that have a default."""
    compiled = statement.compile(dialect=dialect, column_keys=names)
    defaults = tuple((column.key, _maker_of(column.default)) for column in compiled.insert_prefetch)
    return replace(_read(compiled, dialect), defaults=defaults)


def _maker_of(default: Any) -> Callable[[], Any]:
    """Return what makes a column's default; SQLAlchemy wraps functions, so that they take a context."""
    if default.is_scalar:
        return lambda: default.arg
    return lambda: default.arg(None)


@functools.cache
def _write_alone(text: str, names: frozenset[str]) -> str:
    """Return a statement that compares with one value instead of with these lists."""
    for name in names:
        text = text.replace(f"= ANY(%({name})s)", f"= %({name})s")
    return text


def _read(compiled: Any, dialect: Dialect) -> Compiled:
    converts = {}
    for name, bind in compiled.binds.items():
        convert = None if bind.expanding else bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converts[name] = convert
    constants = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
    text = str(compiled)
    return Compiled(_LIST.sub(r"= ANY(%(\1)s)", text), constants, converts, frozenset(_LIST.findall(text)))


def _wrapped(connection: Connection, text: str, error: Any) -> Exception:
    """Return the driver's error as SQLAlchemy's, which the callers know, without details that repeat the row."""
    error.args = (str(error).partition("\nDETAIL:")[0],)
    is_lost = connection.dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if is_lost:
        connection.invalidate(error)
    wrapped: Exception = DBAPIError.instance(
        text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=is_lost
    )
    return wrapped
