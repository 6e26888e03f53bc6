"""Statements compiled once for the driver itself, and the driver's errors as SQLAlchemy's."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]
# A list as SQLAlchemy compiles it.
LIST = re.compile(r"IN \(__\[POSTCOMPILE_(\w+)\]\)")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement's text for the driver, the values that it contains, and how to convert those that need it."""

    text: str
    constants: dict[str, Any]
    converts: dict[str, Convert]
    # Makes the values of columns that have a default in Python and are not given.
    defaults: tuple[tuple[str, Callable[[], Any]], ...]

    def values(self, given: Values) -> dict[str, Any]:
        """Return the values for the driver."""
        values = {**self.constants, **given}
        for name, make in self.defaults:
            values[name] = make()
        for name, convert in self.converts.items():
            values[name] = convert(values[name])
        return values


def compile_statement(statement: Any, dialect: Dialect, names: tuple[str, ...] | None = None) -> Compiled:
    """Compile a statement; an insert into a table is one of these columns and of those that have a default."""
    compiled = statement.compile(dialect=dialect, column_keys=names)
    converts = {}
    for name, bind in compiled.binds.items():
        convert = None if bind.expanding else bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converts[name] = convert
    constants = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
    defaults = () if names is None else compiled.insert_prefetch
    return Compiled(
        str(compiled), constants, converts, tuple((column.key, _maker_of(column.default)) for column in defaults)
    )


def _maker_of(default: Any) -> Callable[[], Any]:
    """Return what makes a column's default; SQLAlchemy wraps functions, so that they take a context."""
    if default.is_scalar:
        return lambda: default.arg
    return lambda: default.arg(None)


def driver_of(connection: Connection) -> Any:
    """Return the driver's connection. Raises RuntimeError if it is closed."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    return driver


def wrap_error(connection: Connection, text: str, error: Any) -> Exception:
    """Return the driver's error as SQLAlchemy's, which the callers know, without details that repeat the row."""
    error.args = (str(error).partition("\nDETAIL:")[0],)
    is_lost = connection.dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if is_lost:
        connection.invalidate(error)
    wrapped: Exception = DBAPIError.instance(
        text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=is_lost
    )
    return wrapped
