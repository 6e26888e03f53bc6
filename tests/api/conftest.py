from collections.abc import Iterator
from typing import Any, Self

import pytest
from sqlalchemy import Connection

from expo.infra.direct import postgresql
from tests.query_counts import listen_to_statements


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """All statements sent to a database during the test."""
    seen: list[str] = []

    with listen_to_statements(seen.append):
        yield seen


@pytest.fixture
def direct_statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is sent to PostgreSQL without SQLAlchemy."""
    sent: list[str] = []

    def cursor(connection: Connection) -> Any:
        return _Listening(open_cursor(connection), sent)

    open_cursor = postgresql._cursor
    monkeypatch.setattr(postgresql, "_cursor", cursor)
    return sent


class _Listening:
    """A cursor that notes what it sends."""

    def __init__(self, cursor: Any, sent: list[str]) -> None:
        self._cursor = cursor
        self._sent = sent

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._cursor.close()

    def execute(self, text: str, values: Any, *, prepare: bool) -> None:
        self._sent.append(text)
        self._cursor.execute(text, values, prepare=prepare)

    def executemany(self, text: str, values: Any) -> None:
        self._sent.append(text)
        self._cursor.executemany(text, values)

    def fetchall(self) -> Any:
        return self._cursor.fetchall()

    def fetchone(self) -> Any:
        return self._cursor.fetchone()
