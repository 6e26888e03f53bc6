"""Topics chosen before they had a kind are kept: attendees seek theirs, companies offer theirs."""

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, insert, select

from expo.infra.db import db
from tests.migrations.test_migrations import bare_app
from tests.migrations.test_order_lines import insert_row

__all__ = ["bare_app"]

TABLES: dict[str, dict[str, object]] = {
    "attendee_topic": {"attendee_id": 1, "topic": "storage"},
    "exhibitor_topic": {"exhibitor_id": 1, "topic": "cloud", "weight": 0.35},
}
ADDED: dict[str, dict[str, object]] = {
    "attendee_topic": {"kind": "seeks"},
    "exhibitor_topic": {"kind": "offers", "is_chosen": False},
}


def _rows(table: str) -> list[dict[str, object]]:
    metadata = MetaData()
    metadata.reflect(db.engine, only=[table])
    with db.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(select(metadata.tables[table]))]


def test_upgrade_when_topics_were_chosen_then_they_have_a_kind_and_lose_it_again(bare_app: Flask) -> None:
    upgrade(revision="0029")
    for parent in ("edition", "person", "ticket_type", "order", "attendee", "exhibitor"):
        insert_row(parent)
    metadata = MetaData()
    metadata.reflect(db.engine, only=list(TABLES))
    with db.engine.begin() as connection:
        for table, row in TABLES.items():
            connection.execute(insert(metadata.tables[table]).values(row))

    upgrade(revision="0034")

    assert {table: _rows(table) for table in TABLES} == {table: [row | ADDED[table]] for table, row in TABLES.items()}
    downgrade(revision="0029")
    assert {table: _rows(table) for table in TABLES} == {table: [row] for table, row in TABLES.items()}
