"""The database engine: its options, and what each connection needs before it is used.

Listeners are added to the one engine that needs them, not to all engines: with a listener to transactions or
statements, SQLAlchemy looks for listeners four times per statement.
"""

import select
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidatePoolError

SQLITE_BUSY_SECONDS = 30
POOL_SECONDS = 10
# Unused for so long, a connection may have been lost without a sign, for example by a firewall in between.
PING_AFTER_SECONDS = 10.0


@dataclass(frozen=True)
class Timeouts:
    """PostgreSQL's time limits for lock waits, statements and idle transactions, in seconds."""

    lock: float
    statement: float
    idle: float

    @property
    def options(self) -> str:
        """The connection options that set these limits, and the time zone."""
        values = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        limits = [f"-c {name}={round(seconds * 1000)}" for name, seconds in values.items()]
        # Times are read as UTC, even by code that runs without SQLAlchemy (`direct`).
        return " ".join([*limits, "-c TimeZone=UTC"])


def engine_options(url: str, connections: int, timeouts: Timeouts) -> dict[str, Any]:
    """Return the engine options for `url`; `connections` is how many threads may use the database at once.

    Parameter values are left out of errors, because they contain names and addresses, and errors are logged.
    """
    if url.startswith("sqlite"):
        # Driver autocommit on: `_begin_sqlite` emits the BEGIN that the transaction needs.
        return {
            "connect_args": {"timeout": SQLITE_BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
            "hide_parameters": True,
        }
    return {
        "connect_args": {"options": timeouts.options},
        # `atomic()` begins its transactions itself.
        "isolation_level": "AUTOCOMMIT",
        "hide_parameters": True,
        "pool_size": connections,
        "max_overflow": 4,
        "pool_timeout": POOL_SECONDS,
        "pool_recycle": 1800,
    }


def prepare_engine(engine: Engine) -> None:
    """Prepare every connection and transaction of the engine, before it is used for the first time."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", begin_sqlite)
    else:
        _replace_stale_connections(engine)


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction, which keeps other writers out if it is one of `atomic()`.

    Not in autocommit mode: the statements would be one transaction anyway, which is lost at its end, and which
    can no longer write (SQLITE_BUSY_SNAPSHOT, "database is locked") once it has read and another process has written.
    """
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("expo_writes", False) else "BEGIN")


def _replace_stale_connections(engine: Engine) -> None:
    """Replace connections that the server has closed before a request gets one.

    A ping at each checkout would find them too, but costs every request a round trip. A server that ends, or ends a
    connection, makes its socket readable, and it sends nothing else between two transactions. So a look at the socket
    is enough for a connection that was used a moment ago; others are pinged.
    """

    @event.listens_for(engine, "checkin")
    def on_checkin(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None:  # just opened
            return
        is_recent = time.monotonic() - used_at < PING_AFTER_SECONDS
        if not (is_recent and _is_silent(connection)) and not _responds(engine, connection):
            # Those opened before it are replaced too, without asking each.
            raise InvalidatePoolError


def _is_silent(connection: Any) -> bool:
    """Whether the connection is open and the server has sent nothing since it was last used."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return not poll.poll(0)


def _responds(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def lift_time_limits(engine: Engine) -> None:
    """Lift the time limits on statements and idle transactions for this process: commands and jobs scan whole tables.

    The limit on lock waits remains: a job that fails to get a lock runs again later.
    """
    if engine.dialect.name == "postgresql" and not event.contains(engine, "checkout", _lift_on_checkout):
        event.listen(engine, "checkout", _lift_on_checkout)


def _lift_on_checkout(connection: Any, record: Any, _proxy: Any) -> None:
    if not record.info.get("time_limits_lifted"):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
        record.info["time_limits_lifted"] = True
