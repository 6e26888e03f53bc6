"""Brings a database to the tables of the product, on SQLite and on PostgreSQL alike."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from expo.infra.db import UtcDateTime
from expo.schema import metadata

# Any number of our own: two machines that start at once migrate one after the other.
MIGRATION_LOCK = 7_264_310


def render_item(kind: str, item: object, _autogenerate_context: Any) -> str | bool:
    """Write our own types as those of SQLAlchemy: a migration must not change when the product does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def guard_children(connection: sa.Connection, *, guarded: bool) -> None:
    """Switch SQLite's foreign keys: a table is rebuilt by copying it, which its children must survive.

    The driver is asked, not SQLAlchemy: that would begin a transaction, within which SQLite ignores this.
    """
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if guarded else 'OFF'}")


def set_limits(connection: sa.Connection, *, lifted: bool) -> None:
    """Lift PostgreSQL's limits on time, or put back those of requests: a large table takes as long as it needs."""
    for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(sa.text(f"SET {name} = 0" if lifted else f"RESET {name}"))


def run_migrations() -> None:
    """Run the migrations in one transaction each, on the application's own database."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
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
