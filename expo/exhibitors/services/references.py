"""Acts on everything that refers to a row, found by the foreign keys: moving it to another row, and deleting it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint, delete, select, update

from expo.exhibitors.queries import list_referring_columns
from expo.infra.db import db


def move_references(table: Table, from_id: int, to_id: int) -> None:
    """Let everything that refers to one row refer to another one of the same table, in the open transaction.

    Where both have the same (such as the same category, or a favourite of the same visitor), that of the row that
    stays is retained, and what refers to the other one moves to it.
    """
    for column in list_referring_columns(table):
        for keys, condition in _list_unique_keys(column):
            _merge_equal_rows(column, keys, condition, from_id, to_id)
        db.session.execute(update(column.table).where(column == from_id).values({column.name: to_id}))
    db.session.expire_all()


def delete_references(table: Table, row_ids: Sequence[int]) -> None:
    """Delete everything that refers to rows, and what refers to that, in the open transaction.

    What would stay without them, such as a booth without its company, loses only the reference.
    """
    for column in list_referring_columns(table):
        child = column.table
        if any(key.ondelete == "SET NULL" for key in column.foreign_keys):
            db.session.execute(update(child).where(column.in_(row_ids)).values({column.name: None}))
            continue
        if "id" in child.columns:
            ids = list(db.session.scalars(select(child.c.id).where(column.in_(row_ids))))
            if ids:
                delete_references(child, ids)
        db.session.execute(delete(child).where(column.in_(row_ids)))
    db.session.expire_all()


def _list_unique_keys(column: Column[int]) -> Iterator[tuple[list[Column[Any]], Any]]:
    """Return the sets of columns, without this one, that may occur only once with it; and under which condition."""
    table = column.table
    if column.primary_key:
        yield [each for each in table.primary_key.columns if each is not column], None
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint) and column in list(constraint.columns):
            yield [each for each in constraint.columns if each is not column], None
    for index in table.indexes:
        if index.unique and column in list(index.columns):
            condition = index.dialect_options["sqlite"]["where"]
            yield [each for each in index.columns if each is not column], condition


def _merge_equal_rows(column: Column[int], keys: list[Column[Any]], condition: Any, from_id: int, to_id: int) -> None:
    """Delete the rows of one owner that would repeat rows of the other; what refers to them moves."""
    table = column.table
    identity = list(table.primary_key.columns)

    def read(owner_id: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        query = select(*keys, *identity).where(column == owner_id)
        if condition is not None:
            query = query.where(condition)
        rows = db.session.execute(query).all()
        return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows if None not in row[: len(keys)]}

    staying = read(to_id)
    for values, leaving in read(from_id).items():
        if values not in staying:
            continue
        if [each.name for each in identity] == ["id"]:
            move_references(table, leaving[0], staying[values][0])
        db.session.execute(delete(table).where(*(each == value for each, value in zip(identity, leaving, strict=True))))
