"""Orders that were placed before lines existed get theirs, and totals follow who still comes."""

from datetime import UTC, date, datetime
from typing import Any

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Column, Date, DateTime, Integer, MetaData, insert, select

from expo.infra.db import db
from tests.migrations.test_migrations import bare_app

__all__ = ["bare_app"]

AT = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def _filler(column: Column[Any]) -> object:
    """Return any value that a column takes."""
    if isinstance(column.type, DateTime):
        return AT
    if isinstance(column.type, Date):
        return date(2027, 5, 26)
    python_type = column.type.python_type
    return (
        1 if isinstance(column.type, Integer) else False if python_type is bool else {} if python_type is dict else "x"
    )


def insert_row(table: str, **values: object) -> None:
    """Insert a row into a table as the database has it now."""
    metadata = MetaData()
    metadata.reflect(db.engine)
    found = metadata.tables[table]
    needed = {each.name: _filler(each) for each in found.columns if not each.nullable and each.name != "id"}
    with db.engine.begin() as connection:
        connection.execute(insert(found).values({"id": 1, **needed, **values}))


def _rows(table: str, *names: str) -> list[tuple[Any, ...]]:
    metadata = MetaData()
    metadata.reflect(db.engine)
    found = metadata.tables[table]
    with db.engine.connect() as connection:
        rows = connection.execute(select(*(found.c[name] for name in names)).order_by(found.c.id))
        return [tuple(row) for row in rows]


def test_upgrade_when_orders_are_there_then_lines_share_out_the_total_and_go_again(bare_app: Flask) -> None:
    upgrade(revision="0001")
    insert_row("edition")
    insert_row("person")
    insert_row("ticket_type", price_cents=150)
    insert_row("order", state="confirmed", total_cents=200, paid_at=AT, client_key="key")
    for number, state in ((1, "confirmed"), (2, "cancelled")):
        insert_row(
            "attendee", id=number, code=f"C{number}", name="Jan van der Berg", company="Data Valley", state=state
        )

    upgrade(revision="0004")

    lines = _rows("order_line", "attendee_id", "total_cents", "cancelled_at")
    assert [(attendee, total, cancelled is None) for attendee, total, cancelled in lines] == [
        (1, 100, True),
        (2, 100, False),
    ]
    assert _rows("order", "total_cents", "paid_cents") == [(100, 200)]
    [(found, key), _other] = _rows("attendee", "search_text", "identity_key")
    assert (" vanderberg" in found, len(key)) == (True, 32)
    downgrade(revision="0001")
    assert _rows("order", "client_key") == [("key",)]
