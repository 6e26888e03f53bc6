"""The statements that let somebody in or out and write the scan down: each decides and changes in one.

Where a checkpoint has a capacity its row is changed first, and given back if the presence was lost to another gate:
checkpoint before presence, always.
"""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from expo.checkin.models import Checkpoint, Presence, Scan
from expo.checkin.queries.passages import standing_of
from expo.pure.presence import Standing

_presence, _scan, _checkpoint = (cast("Table", model.__table__) for model in (Presence, Scan, Checkpoint))
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _admission(insert_into: Any) -> Any:
    """Return the statement that admits once: a row comes back only to the one that got in.

    It admits only where no passage is known that was made later; others are fitted in by the log.
    """
    statement = insert_into(_presence)
    return statement.on_conflict_do_update(
        index_elements=[_presence.c.checkpoint_id, _presence.c.attendee_id],
        set_={
            "is_inside": True,
            "entries": _presence.c.entries + 1,
            "first_scan_id": func.coalesce(_presence.c.first_scan_id, statement.excluded.first_scan_id),
            "entered_at": statement.excluded.entered_at,
            "left_at": None,
            "as_of": statement.excluded.as_of,
        },
        where=_presence.c.is_inside.is_(False) & (_presence.c.as_of < statement.excluded.as_of),
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
    .where(
        _its_presence,
        _presence.c.is_inside,
        _presence.c.as_of < bindparam("at"),
        _presence.c.entered_at >= bindparam("day_began_at"),
    )
    .values(is_inside=False, left_at=bindparam("at"), as_of=bindparam("at"))
    .returning(_presence.c.entries)
)
HOLD_PRESENCE = select(_presence).where(_its_presence).with_for_update()
HOLD_NEW_PRESENCE = {
    name: insert_into(_presence)
    .on_conflict_do_nothing(index_elements=[_presence.c.checkpoint_id, _presence.c.attendee_id])
    .returning(_presence.c.entries)
    for name, insert_into in _INSERTS.items()
}
WRITE_PRESENCE = (
    update(_presence)
    .where(_its_presence)
    .values({name: bindparam(f"new_{name}") for name in (field.name for field in fields(Standing))})
)
FORGET_PRESENCE = delete(_presence).where(_its_presence)

_its_checkpoint = _checkpoint.c.id == bindparam("door")
HOLD_CHECKPOINT = select(_checkpoint.c.id).where(_its_checkpoint).with_for_update()
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
    names = ("checkpoint_id", "attendee_id", "is_inside", "entries", "first_scan_id", "entered_at", "left_at", "as_of")
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


def leave(connection: Connection, checkpoint_id: int, attendee_id: int, at: datetime, day_began_at: datetime) -> bool:
    """Let an attendee out who came in this day and no later than `at`; return whether it was this scan that did."""
    values = {"door": checkpoint_id, "attendee": attendee_id, "at": at, "day_began_at": day_began_at}
    return connection.execute(LEAVE, values).first() is not None


def hold_presence(connection: Connection, checkpoint_id: int, attendee_id: int, at: datetime) -> Standing:
    """Return a presence, locked until the transaction is over; one without passages is made where there is none.

    Nobody can let the attendee in or out meanwhile, so that the log holds every passage until now.
    """
    blank = {"checkpoint_id": checkpoint_id, "attendee_id": attendee_id, "is_inside": False, "entries": 0, "as_of": at}
    if connection.execute(HOLD_NEW_PRESENCE[connection.dialect.name], blank).first() is not None:
        return Standing()
    return standing_of(connection.execute(HOLD_PRESENCE, {"door": checkpoint_id, "attendee": attendee_id}).one())


def write_presence(connection: Connection, checkpoint_id: int, attendee_id: int, standing: Standing) -> None:
    """Write down what the passages come to; without passages there is no row."""
    its = {"door": checkpoint_id, "attendee": attendee_id}
    if standing.as_of is None:
        connection.execute(FORGET_PRESENCE, its)
    else:
        connection.execute(WRITE_PRESENCE, its | {f"new_{name}": value for name, value in asdict(standing).items()})


def hold_checkpoint(connection: Connection, checkpoint_id: int) -> None:
    """Lock a checkpoint, whose places are counted, until the transaction is over."""
    connection.execute(HOLD_CHECKPOINT, {"door": checkpoint_id})


def take_place(connection: Connection, checkpoint_id: int) -> bool:
    """Take one place of a checkpoint with a capacity; return False where it is full."""
    return connection.execute(TAKE_PLACE, {"door": checkpoint_id}).first() is not None


def give_place_back(connection: Connection, checkpoint_id: int) -> bool:
    """Give one place of a checkpoint back; return False where none was taken."""
    return connection.execute(GIVE_PLACE_BACK, {"door": checkpoint_id}).first() is not None
