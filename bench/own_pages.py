"""Measures the queries of a signed-in person's own pages, in an edition with 200,000 attendees."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, literal, or_, select, text
from sqlalchemy.sql.elements import ColumnElement

from bench.table import Row
from bench.world import World
from expo.app import create_app
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.infra.engine import lift_time_limits
from expo.registration.queries import list_attendees_of_person
from expo.schema import metadata

ATTENDEES = 200_000
ASKED = 200
# The id of a copied row is the original's plus a multiple of this.
ID_STEP = 10_000_000

_person, _order, _attendee = (metadata.tables[name] for name in ("person", "order", "attendee"))


def measure_own_pages(world: World) -> list[Row]:
    """Measure the query behind `/me` and session pages, compared with a single condition over both tables."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        lift_time_limits(db.engine)
        with atomic() as session:
            _multiply(session.connection())
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("person", '"order"', "attendee"):
                connection.execute(text(f"ANALYZE {table}"))
        people = list(db.session.execute(select(_attendee.c.person_id, _attendee.c.edition_id)))
        asked = [(row.person_id, row.edition_id) for row in random.Random(3).sample(people, ASKED)]
        db.session.rollback()
        own = _milliseconds(asked, list_attendees_of_person)
        scanned = _milliseconds(asked[: ASKED // 10], _query_single_condition)
        db.session.remove()
        db.engine.dispose()
    return [
        Row(
            f"own attendees among {len(people):,}, median",
            statistics.median(own),
            "ms",
            "< 3",
            f"one condition over both tables {statistics.median(scanned):,.1f} ms",
        ),
        Row("  p95", statistics.quantiles(own, n=20)[-1], "ms"),
    ]


def _multiply(connection: Connection) -> None:
    """Copy every person with their orders and attendees until there are enough."""
    there = connection.scalar(select(func.count()).select_from(_attendee)) or 0
    for copy in range(1, -(-ATTENDEES // there)):
        moved = copy * ID_STEP
        _copy(connection, _person, moved, ("id",), email=literal(f"{copy}.").concat(_person.c.email))
        _copy(
            connection,
            _order,
            moved,
            ("id", "person_id"),
            code=literal(f"{copy}").concat(_order.c.code),
            client_key=literal(None),
        )
        _copy(
            connection,
            _attendee,
            moved,
            ("id", "person_id", "order_id"),
            code=literal(f"{copy}").concat(_attendee.c.code),
        )


def _copy(
    connection: Connection, table: Table, moved: int, numbers: Sequence[str], **changed: ColumnElement[str]
) -> None:
    """Copy the first rows of a table, with shifted ids and these columns changed."""
    values: dict[str, ColumnElement[Any]] = {column.name: column for column in table.columns}
    values |= {name: table.c[name] + moved for name in numbers} | changed
    first = select(*values.values()).where(table.c.id < ID_STEP)
    connection.execute(insert(table).from_select(list(values), first))


def _query_single_condition(person_id: int, edition_id: int) -> object:
    either = or_(_attendee.c.person_id == person_id, _order.c.person_id == person_id)
    query = select(_attendee).join(_order, _order.c.id == _attendee.c.order_id)
    return db.session.execute(query.where(_attendee.c.edition_id == edition_id, either)).all()


def _milliseconds(asked: list[tuple[int, int]], ask: Callable[[int, int], object]) -> list[float]:
    taken = []
    for person_id, edition_id in asked:
        began = time.perf_counter()
        ask(person_id, edition_id)
        taken.append(1000 * (time.perf_counter() - began))
        db.session.rollback()
    return taken
