"""What is sent to the database, and how many statements something costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from expo.infra.db import db
from expo.infra.direct.compiled import driver_of


@contextmanager
def listen_to_statements(note: Callable[[str], object]) -> Iterator[None]:
    """Call `note` with each statement that SQLAlchemy sends within the block, or SQLite's driver on its own."""

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        note(statement)

    def driver(connection: Connection) -> Any:
        return _Listening(driver_of(connection), note)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        with patch("expo.infra.direct.sqlite.driver_of", driver):
            yield
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


class _Listening:
    """SQLite's connection, which says what it is sent."""

    def __init__(self, driver: Any, note: Callable[[str], object]) -> None:
        self._driver = driver
        self._note = note

    def execute(self, text: str, values: Any) -> Any:
        self._note(text)
        return self._driver.execute(text, values)

    def executemany(self, text: str, values: Any) -> Any:
        self._note(text)
        return self._driver.executemany(text, values)


@contextmanager
def count_statements() -> Iterator[list[str]]:
    """Collect the statements that run within the block."""
    statements: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith("PRAGMA") and statement != "BEGIN":
            statements.append(statement)

    db.session.remove()
    with listen_to_statements(note):
        yield statements
