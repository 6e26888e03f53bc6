"""Fresh databases for tests: created once per process, and emptied before each test."""

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from expo.schema import metadata
from tests.postgres import server_url

_numbers = itertools.count(1)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
# How long a leftover of an earlier test may keep the database to itself before the file is replaced.
_LOCKED_SECONDS = 0.2


class SqliteDatabase:
    """A database file that is emptied before each test, and replaced where that is not enough.

    Emptying it lets the application keep its open connection: opening one, which reads the whole schema, takes longer
    than most tests.
    """

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.sqlite3"
        self.path = folder / "test.sqlite3"
        self.url = f"sqlite:///{self.path}"
        engine = create_engine(f"sqlite:///{self.template}", poolclass=NullPool)
        with engine.connect() as connection:
            # It would wait for the disk after every table and index.
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
            metadata.create_all(connection)
            connection.commit()
        engine.dispose()
        self._tables = [table.name for table in metadata.sorted_tables]
        self._used = _query_of_used_tables(self._tables)
        self._replace(self.template)

    def reset(self, engine: Engine) -> None:
        """Make the database as empty as after the migrations."""
        try:
            is_empty = self._is_whole() and self._empty()
        except sqlite3.Error:  # it is locked or damaged
            is_empty = False
        if not is_empty:
            self.restore(self.template, engine)

    def save(self) -> Path:
        """Copy the database with its rows, and return the copy for `restore`."""
        copy = self.template.with_name(f"copy-{next(_numbers)}.sqlite3")
        self._connection.execute("VACUUM INTO ?", (str(copy),))
        return copy

    def restore(self, copy: Path, engine: Engine) -> None:
        """Replace the database by a copy of it; `engine` is the one that has it open."""
        engine.dispose()
        self._connection.close()
        self._replace(copy)

    def _replace(self, source: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(source, self.path)
        self._connection = sqlite3.connect(self.path, timeout=_LOCKED_SECONDS, isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=OFF"):
            self._connection.execute(f"PRAGMA {setting}")
        self._original = self._identity()

    def _identity(self) -> tuple[int, int]:
        """Return what changes when the file is replaced or its schema is changed."""
        (version,) = self._connection.execute("PRAGMA schema_version").fetchone()
        return self.path.stat().st_ino, version

    def _is_whole(self) -> bool:
        return self.path.exists() and self._identity() == self._original

    def _empty(self) -> bool:
        self._connection.execute("BEGIN IMMEDIATE")
        for (table,) in self._connection.execute(self._used).fetchall():
            self._connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of ours
        self._connection.execute("COMMIT")
        return True


def _query_of_used_tables(tables: Sequence[str]) -> str:
    """Return SQL that lists the tables that have rows."""
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)  # noqa: S608 - names of ours


# Ends connections of an earlier test that are still at work: they would keep the tables locked.
_END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
# What changes with every change of the schema: how many descriptions there are, and the newest transaction in them.
_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*), max({name}.xmin::text::bigint) FROM {name} {join} WHERE {place} = 'public'::regnamespace"  # noqa: S608 - names of ours
    for name, join, place in (
        ("pg_class", "", "relnamespace"),
        ("pg_attribute", "JOIN pg_class ON pg_class.oid = attrelid", "relnamespace"),
        ("pg_constraint", "", "connamespace"),
        ("pg_trigger", "JOIN pg_class ON pg_class.oid = tgrelid", "relnamespace"),
    )
)
_ADVANCED = "SELECT seqrelid::regclass::text FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL"


class PostgresDatabase:
    """A database that is emptied before each test over a connection that stays open, and recreated if need be.

    A new connection knows nothing of the tables, and to look at each of them takes it longer than most tests.
    """

    def __init__(self) -> None:
        server = server_url()
        if server is None:
            raise LookupError("no PostgreSQL on this machine")
        self._admin = make_url(server).set(database="postgres")
        self._name = f"expo_test_{WORKER}"
        self.url = self._admin.set(database=self._name).render_as_string(hide_password=False)
        self._used = _query_of_used_tables([table.name for table in metadata.sorted_tables])
        self._template = f"{self._name}_template"
        engine = create_engine(empty_database(self._admin, self._template), poolclass=NullPool)
        with engine.begin() as connection:
            metadata.create_all(connection)
        engine.dispose()
        self._replace(self._template)

    def reset(self, engine: Engine) -> None:
        """Make the database as empty as after the migrations."""
        try:
            is_whole = self._connection.execute(_SCHEMA).fetchall() == self._schema
            if is_whole:
                self._empty()
        except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege):  # the database is gone, or not ours
            is_whole = False
        if not is_whole:
            self.restore(self._template, engine)

    def save(self, engine: Engine) -> str:
        """Copy the database with its rows, and return the copy for `restore`."""
        copy = f"{self._name}_{next(_numbers)}"
        engine.dispose()
        self._connection.close()
        self._administer(f"DROP DATABASE IF EXISTS {copy}", f"CREATE DATABASE {copy} TEMPLATE {self._name}")
        self._connect()
        return copy

    def restore(self, copy: str, engine: Engine) -> None:
        """Replace the database by a copy of it; `engine` is the one that has it open."""
        engine.dispose()
        self._connection.close()
        self._replace(copy)

    def close(self) -> None:
        """Close the connection, at the end of all tests."""
        self._connection.close()

    def _empty(self) -> None:
        """Empty all tables with rows, whatever refers to them, and restart all sequences."""
        self._connection.execute(_END_OTHERS)
        acts = [f'DELETE FROM "{table}"' for (table,) in self._connection.execute(self._used, prepare=True)]  # noqa: S608 - names of ours
        acts += [f"SELECT setval('{name}', 1, false)" for (name,) in self._connection.execute(_ADVANCED)]
        if acts:
            acts.insert(0, "SET LOCAL session_replication_role = replica")
            self._connection.execute("BEGIN; " + "; ".join(acts) + "; COMMIT")

    def _replace(self, source: str) -> None:
        self._administer(
            f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)", f"CREATE DATABASE {self._name} TEMPLATE {source}"
        )
        self._connect()

    def _administer(self, *statements: str) -> None:
        with psycopg.connect(_plain(self._admin), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _connect(self) -> None:
        self._connection = psycopg.connect(_plain(make_url(self.url)), autocommit=True)
        self._schema = self._connection.execute(_SCHEMA).fetchall()


def _plain(url: URL) -> str:
    """Return a URL as PostgreSQL itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def open_transaction(engine: Engine) -> Iterator[Connection]:
    """Yield a connection to PostgreSQL whose statements are one transaction, as those of another client may be.

    The product's own connections are in autocommit mode.
    """
    with engine.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        yield connection


def empty_database(url: URL | str, name: str) -> str:
    """Create an empty PostgreSQL database on the server of `url`, and return its URL."""
    url = make_url(url)
    engine = create_engine(url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
