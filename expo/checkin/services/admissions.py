"""The statements that admit or check out an attendee and store the scan; each decides and writes at once.

In a zone with a capacity, its row is updated first, and the place is released if another gate was faster. The zone is
always locked before the presence.
"""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.passages import standing_of
from expo.pure.presence import Standing

_presence, _scan, _zone = (cast("Table", model.__table__) for model in (Presence, Scan, Zone))
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _admission(insert_into: Any) -> Any:
    """Return the statement that admits once: only the caller that admitted gets a row.

    It admits only if no later passage is known; otherwise the scan is merged through the log.
    """
    statement = insert_into(_presence)
    return statement.on_conflict_do_update(
        index_elements=[_presence.c.zone_id, _presence.c.attendee_id],
        set_={
            "is_inside": True,
            "entries": _presence.c.entries + 1,
            "first_scan_id": func.coalesce(_presence.c.first_scan_id, statement.excluded.first_scan_id),
            "entries_today": case((_presence.c.day == statement.excluded.day, _presence.c.entries_today + 1), else_=1),
            "day": statement.excluded.day,
            "entered_at": statement.excluded.entered_at,
            "checkpoint_id": statement.excluded.checkpoint_id,
            "left_at": None,
            "as_of": statement.excluded.as_of,
        },
        where=_presence.c.is_inside.is_(False) & (_presence.c.as_of < statement.excluded.as_of),
    ).returning(_presence.c.entries)


def _scan_once(insert_into: Any) -> Any:
    """Return the statement that stores a scan once: only the caller that stored it gets a row."""
    return (
        insert_into(_scan)
        .on_conflict_do_nothing(index_elements=[_scan.c.edition_id, _scan.c.scan_id])
        .returning(_scan.c.id)
    )


ADMIT = {name: _admission(insert_into) for name, insert_into in _INSERTS.items()}
WRITE_SCAN = {name: _scan_once(insert_into) for name, insert_into in _INSERTS.items()}

_its_presence = (_presence.c.zone_id == bindparam("zone")) & (_presence.c.attendee_id == bindparam("attendee"))
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
    .on_conflict_do_nothing(index_elements=[_presence.c.zone_id, _presence.c.attendee_id])
    .returning(_presence.c.entries)
    for name, insert_into in _INSERTS.items()
}
WRITE_PRESENCE = (
    update(_presence)
    .where(_its_presence)
    .values({name: bindparam(f"new_{name}") for name in (field.name for field in fields(Standing))})
)
FORGET_PRESENCE = delete(_presence).where(_its_presence)

_its_zone = _zone.c.id == bindparam("zone")
HOLD_ZONE = select(_zone.c.id).where(_its_zone).with_for_update()
TAKE_PLACE = (
    update(_zone)
    .where(_its_zone, _zone.c.inside < _zone.c.capacity)
    .values(inside=_zone.c.inside + 1)
    .returning(_zone.c.inside)
)
GIVE_PLACE_BACK = (
    update(_zone).where(_its_zone, _zone.c.inside > 0).values(inside=_zone.c.inside - 1).returning(_zone.c.inside)
)


def _admission_with_scan(admission: Any) -> Any:
    """Return the statement that admits once and stores its scan, both or neither (PostgreSQL).

    The scan is inserted without ON CONFLICT, so a scan that already exists rolls back the admission.
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
    """Return the admission with named parameters, for use within another statement."""
    values = {column.name: bindparam(f"presence_{column.name}", type_=column.type) for column in _presence.c}
    return _admission(lambda table: postgresql.insert(table).values(values))


ADMIT_AND_WRITE = _admission_with_scan(_named_admission())


def admit(connection: Connection, presence: dict[str, Any]) -> bool:
    """Admit an attendee who is outside; return whether this scan did so."""
    return connection.execute(ADMIT[connection.dialect.name], presence).first() is not None


def write_scan(connection: Connection, scan: dict[str, Any]) -> bool:
    """Store a scan; return False if it already exists."""
    return connection.execute(WRITE_SCAN[connection.dialect.name], scan).first() is not None


def admit_and_write(connection: Connection, presence: dict[str, Any], scan: dict[str, Any]) -> bool:
    """Admit an attendee who is outside and store the scan, in one statement (PostgreSQL).

    Returns False without changing anything if another scan was first or this one already exists.
    """
    values = {f"presence_{name}": value for name, value in presence.items()}
    values |= {f"scan_{name}": value for name, value in scan.items()}
    try:
        return connection.execute(ADMIT_AND_WRITE, values).first() is not None
    except IntegrityError:
        return False


def leave(connection: Connection, zone_id: int, attendee_id: int, at: datetime, day_began_at: datetime) -> bool:
    """Check out an attendee who entered today and no later than `at`; return whether this scan did so."""
    values = {"zone": zone_id, "attendee": attendee_id, "at": at, "day_began_at": day_began_at}
    return connection.execute(LEAVE, values).first() is not None


def lock_presence(connection: Connection, zone_id: int, attendee_id: int, at: datetime) -> Standing:
    """Return a presence, locked until the transaction ends, creating it without passages if needed.

    Nobody can admit or check out the attendee in the meantime, so the log contains every passage so far.
    """
    values = {
        "zone_id": zone_id,
        "attendee_id": attendee_id,
        "is_inside": False,
        "entries": 0,
        "entries_today": 0,
        "as_of": at,
    }
    if connection.execute(HOLD_NEW_PRESENCE[connection.dialect.name], values).first() is not None:
        return Standing()
    return standing_of(connection.execute(HOLD_PRESENCE, {"zone": zone_id, "attendee": attendee_id}).one())


def write_presence(connection: Connection, zone_id: int, attendee_id: int, standing: Standing) -> None:
    """Store the computed presence, or delete the row if there are no passages."""
    parameters = {"zone": zone_id, "attendee": attendee_id}
    if standing.as_of is None:
        connection.execute(FORGET_PRESENCE, parameters)
    else:
        connection.execute(
            WRITE_PRESENCE, parameters | {f"new_{name}": value for name, value in asdict(standing).items()}
        )


def lock_counter(connection: Connection, zone_id: int) -> None:
    """Lock a zone with a capacity until the transaction ends."""
    connection.execute(HOLD_ZONE, {"zone": zone_id})


def take_place(connection: Connection, zone_id: int) -> bool:
    """Take one place in a zone with a capacity; return False if it is full."""
    return connection.execute(TAKE_PLACE, {"zone": zone_id}).first() is not None


def release_place(connection: Connection, zone_id: int) -> bool:
    """Release one place of a zone; return False if none was taken."""
    return connection.execute(GIVE_PLACE_BACK, {"zone": zone_id}).first() is not None
