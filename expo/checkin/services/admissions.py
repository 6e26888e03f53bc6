"""The statements that let somebody in or out and write the scan down: each decides and changes in one.

Where a checkpoint has a capacity its row is changed first, and given back if the presence was lost to another gate:
checkpoint before presence, always.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from expo.checkin.models import Checkpoint, Presence, Scan

_presence, _scan, _checkpoint = (cast("Table", model.__table__) for model in (Presence, Scan, Checkpoint))
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _admission(insert_into: Any) -> Any:
    """Return the statement that admits once: a row comes back only to the one that got in."""
    statement = insert_into(_presence)
    return statement.on_conflict_do_update(
        index_elements=[_presence.c.checkpoint_id, _presence.c.attendee_id],
        set_={
            "is_inside": True,
            "entries": _presence.c.entries + 1,
            "entered_at": statement.excluded.entered_at,
            "left_at": None,
        },
        where=_presence.c.is_inside.is_(False),
    ).returning(_presence.c.entries)


def _scan_once(insert_into: Any) -> Any:
    """Return the statement that writes a scan once: a row comes back only to the one that wrote it."""
    return (
        insert_into(_scan)
        .on_conflict_do_nothing(index_elements=[_scan.c.edition_id, _scan.c.scan_id])
        .returning(_scan.c.id)
    )


ADMIT = {name: _admission(insert_into) for name, insert_into in _INSERTS.items()}
WRITE_SCAN = {name: _scan_once(insert_into) for name, insert_into in _INSERTS.items()}

_its_presence = (_presence.c.checkpoint_id == bindparam("door")) & (_presence.c.attendee_id == bindparam("attendee"))
LEAVE = (
    update(_presence)
    .where(_its_presence, _presence.c.is_inside)
    .values(is_inside=False, left_at=bindparam("at"))
    .returning(_presence.c.entries)
)
COUNT_ENTRY = update(_presence).where(_its_presence).values(entries=_presence.c.entries + 1)

_its_checkpoint = _checkpoint.c.id == bindparam("door")
TAKE_PLACE = (
    update(_checkpoint)
    .where(_its_checkpoint, _checkpoint.c.inside < _checkpoint.c.capacity)
    .values(inside=_checkpoint.c.inside + 1)
    .returning(_checkpoint.c.inside)
)
GIVE_PLACE_BACK = (
    update(_checkpoint)
    .where(_its_checkpoint, _checkpoint.c.inside > 0)
    .values(inside=_checkpoint.c.inside - 1)
    .returning(_checkpoint.c.inside)
)


def _admission_with_scan(admission: Any) -> Any:
    """Return the statement that admits once and writes the scan of it, both or neither (PostgreSQL).

    The scan is written without minding a conflict: a scan that was there already undoes the admission.
    """
    admitted = admission.cte("admitted")
    row = {
        column.name: bindparam(f"scan_{column.name}", type_=column.type) for column in _scan.c if column.name != "id"
    }
    return (
        insert(_scan)
        .from_select(list(row), select(*row.values()).select_from(admitted))
        .add_cte(admitted)
        .returning(_scan.c.id)
    )


def _named_admission() -> Any:
    """Return the admission with named values, so that it can stand within another statement."""
    names = ("checkpoint_id", "attendee_id", "is_inside", "entries", "first_scan_id", "entered_at", "left_at")
    values = {name: bindparam(f"presence_{name}", type_=_presence.c[name].type) for name in names}
    return _admission(lambda table: postgresql.insert(table).values(values))


ADMIT_AND_WRITE = _admission_with_scan(_named_admission())


def admit(connection: Connection, presence: dict[str, Any]) -> bool:
    """Let an attendee in who is outside; return whether it was this scan that did."""
    return connection.execute(ADMIT[connection.dialect.name], presence).first() is not None


def write_scan(connection: Connection, scan: dict[str, Any]) -> bool:
    """Write a scan down; return False where it is there already."""
    return connection.execute(WRITE_SCAN[connection.dialect.name], scan).first() is not None


def admit_and_write(connection: Connection, presence: dict[str, Any], scan: dict[str, Any]) -> bool:
    """Let an attendee in who is outside and write the scan down, in one statement (PostgreSQL).

    False where somebody else was first, with the attendee or with the scan: then nothing was changed.
    """
    values = {f"presence_{name}": value for name, value in presence.items()}
    values |= {f"scan_{name}": value for name, value in scan.items()}
    try:
        return connection.execute(ADMIT_AND_WRITE, values).first() is not None
    except IntegrityError:
        return False


def leave(connection: Connection, checkpoint_id: int, attendee_id: int, at: datetime) -> bool:
    """Let an attendee out who is inside; return whether it was this scan that did."""
    values = {"door": checkpoint_id, "attendee": attendee_id, "at": at}
    return connection.execute(LEAVE, values).first() is not None


def count_entry(connection: Connection, checkpoint_id: int, attendee_id: int) -> None:
    """Count one more entry of an attendee who is inside."""
    connection.execute(COUNT_ENTRY, {"door": checkpoint_id, "attendee": attendee_id})


def take_place(connection: Connection, checkpoint_id: int) -> bool:
    """Take one place of a checkpoint with a capacity; return False where it is full."""
    return connection.execute(TAKE_PLACE, {"door": checkpoint_id}).first() is not None


def give_place_back(connection: Connection, checkpoint_id: int) -> bool:
    """Give one place of a checkpoint back; return False where none was taken."""
    return connection.execute(GIVE_PLACE_BACK, {"door": checkpoint_id}).first() is not None
