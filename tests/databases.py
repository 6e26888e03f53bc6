"""Fresh databases for tests: a template is made once per process and copied for each test."""

import os
import shutil
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from expo.schema import metadata
from tests.postgres import server_url

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


class SqliteDatabase:
    """A file, copied from a template before each test."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.sqlite3"
        self.path = folder / "test.sqlite3"
        self.url = f"sqlite:///{self.path}"
        engine = create_engine(f"sqlite:///{self._template}", poolclass=NullPool)
        with engine.connect() as connection:
            metadata.create_all(connection)
            connection.commit()
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def reset(self) -> None:
        """Make the database as empty as after the migrations."""
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._template, self.path)


class PostgresDatabase:
    """A database, made from a template database before each test."""

    def __init__(self) -> None:
        server = server_url()
        if server is None:
            raise LookupError("no PostgreSQL on this machine")
        self._admin = make_url(server).set(database="postgres")
        self._template = f"expo_template_{WORKER}"
        self._name = f"expo_test_{WORKER}"
        self.url = self._url(self._name)
        self._run(f"DROP DATABASE IF EXISTS {self._template} WITH (FORCE)", f"CREATE DATABASE {self._template}")
        engine = create_engine(self._url(self._template), poolclass=NullPool)
        with engine.begin() as connection:
            metadata.create_all(connection)
        engine.dispose()

    def reset(self) -> None:
        """Make the database as empty as after the migrations."""
        self._run(
            f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)",
            f"CREATE DATABASE {self._name} TEMPLATE {self._template}",
        )

    def _url(self, name: str) -> str:
        return self._admin.set(database=name).render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        engine = create_engine(self._admin, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def empty_database(url: URL | str, name: str) -> str:
    """Make an empty PostgreSQL database beside the one of `url`, and return its URL."""
    url = make_url(url)
    engine = create_engine(url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
