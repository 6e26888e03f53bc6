"""What holds for every table: nothing is loaded by accident, one edition's rows are found fast, moments are aware."""

import pytest
from sqlalchemy import DateTime, Table
from sqlalchemy.orm import configure_mappers

from expo.infra.db import Base, UtcDateTime
from expo.schema import metadata

# Written on the hottest path of all, and never looked for: a scan is found by its attendee.
UNLED = {"scan.badge_id"}
TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


def test_relationships_when_listed_then_none_loads_by_itself_or_adds_to_another_model() -> None:
    configure_mappers()

    loose = [
        f"{relationship.parent.class_.__name__}.{relationship.key}"
        for mapper in Base.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise_on_sql" or relationship.backref is not None
    ]

    assert loose == []


@pytest.mark.parametrize("table", TABLES)
def test_table_when_read_then_every_reference_is_led_by_an_index(table: Table) -> None:
    """Without one, deleting or joining what is referred to reads the whole table."""
    led = {next(iter(each.columns)).name for each in (table.primary_key, *table.indexes)}
    led |= {next(iter(each.columns)).name for each in table.constraints if _is_unique(each)}

    references = {column.name for column in table.columns if column.foreign_keys}
    assert {f"{table.name}.{name}" for name in references - led} - UNLED == set()


def _is_unique(constraint: object) -> bool:
    return type(constraint).__name__ == "UniqueConstraint"


@pytest.mark.parametrize("table", TABLES)
def test_table_when_read_then_every_moment_is_aware(table: Table) -> None:
    naive = {
        column.name
        for column in table.columns
        if isinstance(column.type, DateTime) and not isinstance(column.type, UtcDateTime)
    }

    assert naive == set()
