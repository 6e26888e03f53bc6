"""What refers to a company, in any table: found by the foreign keys, so that new tables are never forgotten."""

from collections.abc import Iterator

from sqlalchemy import Column, Table, func, select

from expo.exhibitors.models import Exhibitor
from expo.infra.db import Base, db

# Tables whose rows are records of visitors: the participation of a company with any of them is cancelled instead.
KEPT_PREFIXES = ("lead", "meeting", "stand_visit")
# Rows that say only where a company is listed; nobody would miss them.
MINOR_TABLES = frozenset(
    {
        "booth", "exhibitor_category", "exhibitor_booth", "exhibitor_topic", "exhibitor_task_tick",
        "exhibitor_task_reminder", "exhibitor_former_slug",
    }
)  # fmt: skip


def list_referring_columns(table: Table) -> Iterator[Column[int]]:
    """Return the columns of all tables that refer to the id of a table, by table and column."""
    for other in sorted(table.metadata.tables.values(), key=lambda each: each.name):
        for column in other.columns:
            if any(key.column.table is table and key.column.name == "id" for key in column.foreign_keys):
                yield column


def count_references(exhibitor_id: int) -> dict[str, int]:
    """Return how many rows of each table refer to a company, without those that only list it."""
    counts: dict[str, int] = {}
    for column in list_referring_columns(exhibitor_table()):
        if column.table.name not in MINOR_TABLES:
            count = db.session.scalar(select(func.count()).where(column == exhibitor_id)) or 0
            if count:
                counts[column.table.name] = counts.get(column.table.name, 0) + count
    return counts


def has_visitor_records(counts: dict[str, int]) -> bool:
    """Return whether visitors would lose something if the company were deleted."""
    return any(name.startswith(KEPT_PREFIXES) for name in counts)


def exhibitor_table() -> Table:
    """Return the table of companies."""
    return Base.metadata.tables[Exhibitor.__tablename__]
