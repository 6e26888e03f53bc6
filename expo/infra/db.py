"""The database: the declarative base, sessions, and the product's only `commit()`.

One code path for SQLite and PostgreSQL. On SQLite (WAL) writers queue (`writer`) and begin with BEGIN IMMEDIATE, so
there is only one at a time; on PostgreSQL rows are locked by `lock()` or taken in one conditional statement.

Only `atomic()` begins a transaction on PostgreSQL. What merely reads runs in autocommit mode: it would see the same
(READ COMMITTED), and a transaction would cost it a BEGIN, a ROLLBACK, and all statements that the driver has prepared.
"""

import functools
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, ClassVar, ParamSpec, TypeVar

import structlog
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, Engine, Executable, MetaData, event, select, text
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from expo.errors import Conflict
from expo.infra.direct import insert_many_direct, pipelined
from expo.infra.engine import SQLITE_BUSY_SECONDS
from expo.infra.writer import writer_of

log = structlog.get_logger(__name__)

RETRIES = 5
_LOCK_NUMBERS = text("SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number")
# lock_not_available, query_canceled, idle_in_transaction_session_timeout, serialization_failure, deadlock_detected
_BUSY_STATES = frozenset({"55P03", "57014", "25P03", "40001", "40P01"})
# connection exceptions, too many connections and the like, a server that is shutting down or starting
_BUSY_SQLITE = ("database is locked", "database or disk is full")
_BUSY_CLASSES = ("08", "53", "57P")
# serialization_failure, deadlock_detected
_RETRYABLE_STATES = frozenset({"40001", "40P01"})

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound="Base")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: timezone-aware in Python, stored in UTC. Naive datetimes are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime to the driver's value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert the driver's value to an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base class of all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list[str]: JSON,
        list[dict[str, str]]: JSON,
        list[dict[str, Any]]: JSON,
    }


db = SQLAlchemy(
    metadata=Base.metadata,
    # Values stay readable after the commit, so that a page can show what an act returned.
    session_options={"expire_on_commit": False, "autoflush": True},
)


@event.listens_for(Engine, "handle_error")
def _leave_out_values(context: ExceptionContext) -> None:
    """Remove PostgreSQL's details from an error, because they repeat the row, and errors are logged."""
    told = str(context.original_exception)
    plain = told.partition("\nDETAIL:")[0]
    if plain != told:
        context.original_exception.args = (plain,)
        if context.sqlalchemy_exception is not None:
            error = context.sqlalchemy_exception
            error.args = tuple(arg.replace(told, plain) if isinstance(arg, str) else arg for arg in error.args)


class UnsavedChangesError(RuntimeError):
    """`atomic()` was called with pending changes outside any transaction: a programming error."""


def atomic() -> AbstractContextManager[Session]:
    """Run the block in one transaction and commit it; join the transaction that is already open.

    Any open read transaction is ended first, so that decisions are made on fresh rows. Callbacks passed to `on_commit`
    run after the commit; if the block raises, everything is rolled back and they are discarded.
    """
    return _transaction(_waiting)


def atomic_pipelined() -> AbstractContextManager[Session]:
    """Run the block like `atomic`; PostgreSQL gets its statements and the commit without waiting for each.

    For hot paths whose statements are all those of `direct`.
    """
    return _transaction(_pipelined)


@contextmanager
def _transaction(begin: Callable[[Session], AbstractContextManager[Connection]]) -> Iterator[Session]:
    session = db.session()
    if session.info.get("atomic"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise UnsavedChangesError("atomic() was called over unsaved changes")
    session.rollback()
    engine = session.get_bind().engine
    writer = writer_of(engine.url, SQLITE_BUSY_SECONDS) if engine.dialect.name == "sqlite" else None
    if writer:
        writer.acquire()
        begin = _waiting  # SQLite answers at once
    session.info["atomic"] = True
    callbacks: list[Callable[[], None]] = []
    session.info["on_commit"] = callbacks
    session.info["at_commit"] = {}
    try:
        with translating_reference_errors():
            with begin(session) as connection:
                # Kept for `run_core`, so that each statement need not ask the session for it.
                session.info["connection"] = connection
                yield session
                for statement, rows in session.info["at_commit"].items():
                    insert_many_direct(core_connection(), statement, rows)
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("atomic", None)
        session.info.pop("on_commit", None)
        session.info.pop("at_commit", None)
        session.info.pop("connection", None)
        if writer:
            writer.release()
    for callback in callbacks:
        callback()


def _waiting(session: Session) -> AbstractContextManager[Connection]:
    """Begin a transaction in which each statement is waited for."""
    connection = session.connection(execution_options={"expo_writes": True})
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("BEGIN")
    return nullcontext(connection)


def _pipelined(session: Session) -> AbstractContextManager[Connection]:
    """Begin a transaction in which PostgreSQL is not waited for: `pipelined` sends BEGIN and COMMIT itself."""
    return pipelined(session.connection(execution_options={"expo_writes": True}))


@contextmanager
def translating_reference_errors() -> Iterator[None]:
    """Raise Conflict `changed_meanwhile` for a violated foreign key: a referenced row is gone, or still referenced.

    Acts check their references first, so a violation in the database means that another act was faster.
    """
    try:
        yield
    except IntegrityError as error:
        if not _is_about_a_reference(error):
            raise
        log.warning("changed_meanwhile", reason=str(error.orig).splitlines()[0])
        raise Conflict("changed_meanwhile") from error


def _is_about_a_reference(error: IntegrityError) -> bool:
    # foreign_key_violation; SQLite's errors can be distinguished only by their text across drivers
    return getattr(error.orig, "sqlstate", None) == "23503" or "FOREIGN KEY constraint failed" in str(error.orig)


def begin_consistent_read() -> None:
    """Let the session read everything as it is now, until its transaction ends; another one that was open ends first.

    On PostgreSQL, each statement would otherwise see what was committed before it, and rows could not be read a part
    at a time (`yield_per`). On SQLite every transaction is so.
    """
    session = db.session()
    if session.info.get("atomic"):
        raise RuntimeError("atomic() decides on fresh rows")
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def is_atomic() -> bool:
    """Whether a transaction of `atomic()` is open, which an act would join."""
    return bool(db.session().info.get("atomic"))


def on_commit(callback: Callable[[], None]) -> None:
    """Run `callback` after the open transaction is committed; never if it is rolled back."""
    session = db.session()
    if not session.info.get("atomic"):
        raise RuntimeError("on_commit() needs an open atomic()")
    session.info["on_commit"].append(callback)


def run_core(statement: Executable, values: Any = None) -> Any:
    """Run a statement on the connection of the open transaction, bypassing the ORM, for hot paths.

    Returns SQLAlchemy's result. Pending changes of the ORM are flushed first, as the session itself would do.
    """
    return core_connection().execute(statement, values)


def core_connection() -> Connection:
    """Return the connection of the open transaction for statements that bypass the ORM; flushes its changes first."""
    session = db.session()
    session.flush()
    connection: Connection | None = session.info.get("connection")
    if connection is None or session.in_nested_transaction():
        # The session sets a savepoint only when it is asked for the connection.
        connection = session.connection()
    return connection


def run_at_commit(statement: Executable, values: dict[str, Any]) -> None:
    """Run an insert just before the commit, once for the values of all calls in the transaction.

    For rows that nothing reads before; all calls give values for the same columns. Within a savepoint it runs
    immediately, to be undone with it.
    """
    session = db.session()
    if is_atomic() and not session.in_nested_transaction():
        session.info["at_commit"].setdefault(statement, []).append(values)
    else:
        insert_many_direct(core_connection(), statement, [values])


def lock(model: type[Row], row_id: int) -> Row | None:
    """Return the row, freshly read and locked until the commit; None if it does not exist.

    On SQLite there is only one writer at a time, so this only reads.
    """
    query = select(model).where(model.id == row_id).with_for_update()  # type: ignore[attr-defined]
    return db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def lock_numbers(numbers: Iterable[int]) -> None:
    """Lock numbers until the commit, in ascending order, for what several tables have rows of, or none.

    Only other calls of this function wait. On SQLite there is only one writer at a time, so this does nothing.
    """
    wanted = sorted(set(numbers))
    if wanted and db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(_LOCK_NUMBERS, {"numbers": wanted})


def retried(act: Callable[P, R]) -> Callable[P, R]:
    """Retry the outermost act a limited number of times if the database aborted its transaction.

    For acts that open `atomic()` themselves. Inside an open transaction the act runs once, and the outermost retries.
    """

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if db.session().info.get("atomic"):
            return act(*args, **kwargs)
        for attempt in range(1, RETRIES + 1):
            try:
                return act(*args, **kwargs)
            except DBAPIError as error:
                if attempt == RETRIES or not _is_retryable(error):
                    raise
                log.info("transaction_retried", act=act.__qualname__, attempt=attempt)
                time.sleep(0.01 * 2**attempt)
        raise AssertionError("unreachable")

    return run


def is_busy(error: Exception) -> bool:
    """Whether retrying later may succeed: a lock, too many connections, a full disk, or a restarting database."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return (
        error.connection_invalidated
        or state in _BUSY_STATES
        or state.startswith(_BUSY_CLASSES)
        or any(words in str(error.orig) for words in _BUSY_SQLITE)
        or (isinstance(error, OperationalError) and not state and db.engine.dialect.name == "postgresql")
    )


def _is_retryable(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _RETRYABLE_STATES


def constraint_name(error: DBAPIError) -> str:
    """Return the name of the violated constraint (PostgreSQL) or `table.column, …` (SQLite), or an empty string."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name or "")
    found = re.search(r"constraint failed: (.+)$", str(error.orig))
    return found.group(1) if found else ""
