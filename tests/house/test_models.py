"""What holds for every table: nothing is loaded by accident, one edition's rows are found fast, moments are aware."""

import pytest
from sqlalchemy import DateTime, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from expo.infra.db import Base
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
    """Without an index, deleting or joining the referenced row reads the whole table."""
    unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    columns = [table.primary_key.columns, *(each.columns for each in table.indexes), *(each.columns for each in unique)]
    led = {next(iter(each)).name for each in columns}

    references = {column.name for column in table.columns if column.foreign_keys}
    assert {f"{table.name}.{name}" for name in references - led} - UNLED == set()


@pytest.mark.parametrize("table", TABLES)
def test_table_when_read_then_every_moment_is_aware(table: Table) -> None:
    naive = {
        column.name
        for column in table.columns
        if isinstance(column.type, DateTime)  # `UtcDateTime` decorates one, and is none itself
    }

    assert naive == set()
