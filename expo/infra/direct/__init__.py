"""Run a statement with the driver itself, for the hottest paths.

SQLAlchemy needs four times as long to run a prepared statement as the driver. Here a statement is compiled once and
then sent as it is. Statements must be built once too, because they are what is looked up.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Connection, Table, Text, bindparam, cast, column, func

from expo.infra.direct import postgresql, sqlite
from expo.infra.direct.compiled import Values
from expo.infra.direct.postgresql import Pending, pipelined, run_together

__all__ = [
    "Pending",
    "Ready",
    "fetch_direct",
    "insert_direct",
    "insert_many_direct",
    "pipelined",
    "rows_sent",
    "run_direct",
    "run_together",
    "send_direct",
]


class Ready:
    """The rows of a query on a database that answers at once."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def rows(self) -> Sequence[Any]:
        """Return the rows, with their columns as attributes."""
        return self._rows


def send_direct(connection: Connection, statement: Any, values: Values) -> Pending | Ready:
    """Send a query; within `pipelined`, without waiting for its rows."""
    if connection.dialect.name == "postgresql":
        return postgresql.send(connection, statement, values)
    return Ready(sqlite.fetch(connection, statement, values))


def fetch_direct(connection: Connection, statement: Any, values: Values) -> Sequence[Any]:
    """Return the rows of a query, with their columns as attributes."""
    return send_direct(connection, statement, values).rows()


def run_direct(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Run a statement once for each of `rows`."""
    _driver(connection).run(connection, statement, rows)


def insert_direct(connection: Connection, statement: Any, values: Values) -> Any:
    """Insert a row into a table, and return its first returned column; None if it was not inserted."""
    return _driver(connection).insert(connection, statement, values)


def insert_many_direct(connection: Connection, statement: Any, rows: Sequence[Values]) -> None:
    """Insert rows that give values for the same columns."""
    _driver(connection).insert_many(connection, statement, rows)


def rows_sent(table: Table) -> Any:
    """Return the rows that `run_together` sends, as a source of a statement: all columns of a table but its number."""
    columns = [column(each.name, each.type) for each in table.c if each is not table.autoincrement_column]
    sent = func.json_to_recordset(cast(bindparam("rows", type_=Text), JSON))
    return sent.table_valued(*columns).render_derived(name="sent", with_types=True)


def _driver(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
