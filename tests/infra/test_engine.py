"""Connections that PostgreSQL has ended are replaced before anything uses them."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.infra import engine
from expo.infra.db import db

pytestmark = pytest.mark.postgresql


@pytest.mark.parametrize("ping_after", [engine.PING_AFTER_SECONDS, 0.0], ids=["used a moment ago", "long unused"])
def test_connection_when_the_server_has_ended_it_then_another_is_opened(
    pg_app: Flask, monkeypatch: pytest.MonkeyPatch, ping_after: float
) -> None:
    monkeypatch.setattr(engine, "PING_AFTER_SECONDS", ping_after)
    ended = _end_an_idle_connection()

    with db.engine.connect() as one, db.engine.connect() as other:
        found = {connection.scalar(select(func.pg_backend_pid())) for connection in (one, other)}

    assert (len(found), ended in found) == (2, False)


def test_connection_when_the_server_has_not_ended_it_then_it_is_used_again(pg_app: Flask) -> None:
    found = set()
    for _ in range(3):
        with db.engine.connect() as connection:
            found.add(connection.scalar(select(func.pg_backend_pid())))

    assert len(found) == 1


def _end_an_idle_connection() -> int:
    """Return the process of a pooled connection that the server has ended."""
    db.engine.dispose()
    with db.engine.connect() as other:
        with db.engine.connect() as one:
            process: int = one.scalar(select(func.pg_backend_pid())) or 0
        # Returns when the process has ended, at the latest after a minute.
        assert other.scalar(select(func.pg_terminate_backend(process, 60_000))) is True
    return process
