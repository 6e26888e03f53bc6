"""The statements that lock what a scan may change, and store its effects.

Locks are taken in one order: the counters of zones, then badges (`queries.scans.LOCK_HOLDERS`), each by id. The
transaction that holds a badge decides alone on its attendee: on presence in every zone, and on the next scan.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from expo.badges.models import Badge
from expo.checkin.models import Presence, Scan, Zone
from expo.checkin.queries.checkpoints import DoorFacts
from expo.checkin.queries.presence import read_standings, send_standings
from expo.checkin.queries.scans import (
    FoundHolder,
    ScanAnswer,
    read_answers,
    read_holders,
    send_answers,
    send_lock_of_holders,
)
from expo.infra.direct import Pending, Ready, rows_sent, run_direct, run_together, send_direct
from expo.pure.presence import Standing

_STANDING_FIELDS = tuple(field.name for field in fields(Standing))
_presence, _scan, _zone, _badge = (cast("Table", model.__table__) for model in (Presence, Scan, Zone, Badge))
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(slots=True)
class Counter:
    """The counter of people inside a zone with a capacity, locked."""

    capacity: int
    inside: int

    def has_room_for(self, people: int) -> bool:
        """Whether this many more people may enter."""
        return self.inside + people <= self.capacity


def _replacement(insert_into: Any) -> Any:
    """Return the statement that stores a presence, whether or not there was one."""
    return _replacing(
        insert_into(_presence).values(
            {column.name: bindparam(column.name, type_=column.type) for column in _presence.c}
        )
    )


def _replacing(statement: Any) -> Any:
    changed = [column.name for column in _presence.c if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=[_presence.c.zone_id, _presence.c.attendee_id],
        set_={name: statement.excluded[name] for name in changed},
    )


_SENT_PRESENCES, _SENT_SCANS = rows_sent(_presence), rows_sent(_scan)
_REPLACE_PRESENCES = _replacing(
    postgresql.insert(_presence).from_select([each.name for each in _SENT_PRESENCES.c], select(*_SENT_PRESENCES.c))
)
_INSERT_SCANS = insert(_scan).from_select([each.name for each in _SENT_SCANS.c], select(*_SENT_SCANS.c))
REPLACE_PRESENCE = {name: _replacement(insert_into) for name, insert_into in _INSERTS.items()}
_FORGET_PRESENCE = delete(_presence).where(
    _presence.c.zone_id == bindparam("its_zone"), _presence.c.attendee_id == bindparam("its_attendee")
)
# Without ON CONFLICT: if another process stored the same scan, the transaction is repeated and finds its answer.
INSERT_SCAN = insert(_scan).values(
    {column.name: bindparam(column.name, type_=column.type) for column in _scan.c if not column.primary_key}
)
LOCK_COUNTERS = (
    select(_zone.c.id, _zone.c.capacity, _zone.c.inside)
    .where(_zone.c.id.in_(bindparam("zone_ids", expanding=True)), _zone.c.capacity.is_not(None))
    .order_by(_zone.c.id)
    .with_for_update()
)
_WRITE_COUNTER = update(_zone).where(_zone.c.id == bindparam("its_zone")).values(inside=bindparam("its_inside"))
_LOCK_BADGES = (
    select(_badge.c.id)
    .where(_badge.c.attendee_id.in_(bindparam("attendee_ids", expanding=True)))
    .order_by(_badge.c.id)
    .with_for_update(key_share=True)
)


@dataclass(frozen=True, slots=True)
class LockedState:
    """What scans depend on, locked until the transaction ends, as it is before them."""

    counters: dict[int, Counter]
    holders: dict[int, FoundHolder]
    answers: dict[str, ScanAnswer]
    standings: dict[tuple[int, int], Standing]


def lock_and_read(
    connection: Connection,
    facts: DoorFacts,
    edition_id: int,
    zone_ids: Collection[int],
    other_zone_ids: Collection[int],
    serials: Collection[int],
    scan_ids: Collection[str],
) -> LockedState:
    """Lock what scans in zones may change, and read that, the answers given before, and who is in the other zones too.

    It is one round trip. PostgreSQL runs the statements one after the other, each on what was committed before it
    began, so what is read after the locks were taken is what nobody else changes.
    """
    limited = [zone_id for zone_id in zone_ids if facts.zones[zone_id].capacity is not None]
    counters = _send_lock_of_counters(connection, limited)
    holders = send_lock_of_holders(connection, edition_id, serials)
    answers = send_answers(connection, edition_id, scan_ids)
    standings = send_standings(connection, edition_id, {*zone_ids, *other_zone_ids}, serials)
    return LockedState(
        _read_counters(counters),
        read_holders(facts, holders),
        read_answers(facts, answers),
        read_standings(standings),
    )


def lock_counters(connection: Connection, zone_ids: Collection[int]) -> dict[int, Counter]:
    """Return the counters of the zones with a capacity, locked until the transaction ends."""
    return _read_counters(_send_lock_of_counters(connection, zone_ids))


def _send_lock_of_counters(connection: Connection, zone_ids: Collection[int]) -> Pending | Ready:
    return send_direct(connection, LOCK_COUNTERS, {"zone_ids": sorted(zone_ids)}) if zone_ids else Ready([])


def _read_counters(sent: Pending | Ready) -> dict[int, Counter]:
    return {row.id: Counter(row.capacity, row.inside) for row in sent.rows()}


def lock_attendees(connection: Connection, attendee_ids: Collection[int]) -> None:
    """Lock attendees as their scans do, until the transaction ends."""
    connection.execute(_LOCK_BADGES, {"attendee_ids": sorted(attendee_ids)}).all()


def write_presences(connection: Connection, standings: Mapping[tuple[int, int], Standing]) -> None:
    """Store where attendees stand, by attendee and zone; without passages there is no row."""
    rows, gone = [], []
    for (attendee_id, zone_id), standing in standings.items():
        if standing.as_of is None:
            gone.append({"its_zone": zone_id, "its_attendee": attendee_id})
        else:
            rows.append({"zone_id": zone_id, "attendee_id": attendee_id, **_values(standing)})
    if _go_together(connection, rows):
        run_together(connection, _REPLACE_PRESENCES, rows)
    elif rows:
        run_direct(connection, REPLACE_PRESENCE[connection.dialect.name], rows)
    if gone:
        run_direct(connection, _FORGET_PRESENCE, gone)


def _values(standing: Standing) -> dict[str, Any]:
    # `dataclasses.asdict` copies deeply, which takes ten times as long.
    return {name: getattr(standing, name) for name in _STANDING_FIELDS}


def write_counters(connection: Connection, inside: Mapping[int, int]) -> None:
    """Store how many people are inside zones whose counters are locked."""
    if inside:
        rows = [{"its_zone": zone_id, "its_inside": people} for zone_id, people in sorted(inside.items())]
        run_direct(connection, _WRITE_COUNTER, rows)


def write_scans(connection: Connection, scans: Sequence[dict[str, Any]]) -> None:
    """Store new scans. Raises IntegrityError if one of them exists."""
    if _go_together(connection, scans):
        run_together(connection, _INSERT_SCANS, scans)
    elif scans:
        run_direct(connection, INSERT_SCAN, scans)


def _go_together(connection: Connection, rows: Sequence[Any]) -> bool:
    return len(rows) > 1 and connection.dialect.name == "postgresql"
