"""Alembic environment: runs migrations on SQLite and PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from expo.infra.db import UtcDateTime
from expo.schema import metadata

# An arbitrary lock number: machines that start simultaneously migrate one after the other.
MIGRATION_LOCK = 7_264_310


def render_item(kind: str, item: object, _autogenerate_context: Any) -> str | bool:
    """Render our own types as SQLAlchemy's, because a migration must not change with the product."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def guard_children(connection: sa.Connection, *, guarded: bool) -> None:
    """Switch SQLite's foreign keys, so that rebuilding a table by copying does not affect its children.

    This uses the driver directly, because SQLAlchemy would begin a transaction, in which SQLite ignores it.
    """
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if guarded else 'OFF'}")


def set_limits(connection: sa.Connection, *, lifted: bool) -> None:
    """Lift PostgreSQL's time limits, as a large table may take long, or restore those of requests."""
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(sa.text(f"SET {name} = 0" if lifted else f"RESET {name}"))


def run_migrations() -> None:
    """Run each migration in its own transaction on the application's database."""
    engine = current_app.extensions["migrate"].db.engine
    # A migration is one transaction; elsewhere PostgreSQL's connections are in autocommit mode.
    transactional = {} if engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
    with engine.connect().execution_options(**transactional) as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            guard_children(connection, guarded=False)
        else:
            set_limits(connection, lifted=True)
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            connection.commit()
        try:
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=on_sqlite,
                render_item=render_item,
                compare_type=True,
                transaction_per_migration=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
        finally:
            connection.rollback()
            if on_sqlite:
                guard_children(connection, guarded=True)
            else:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
                set_limits(connection, lifted=False)
                connection.commit()


run_migrations()
